package org.scanbridge.imaging.register;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.filter.GaussianBlur;
import org.scanbridge.imaging.phantom.Anatomy;
import org.scanbridge.imaging.phantom.BrainPhantom;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

import net.imglib2.parallel.TaskExecutor;
import net.imglib2.parallel.TaskExecutors;

/**
 * Two scans of a synthetic head and how the head moved between them. {@link #main} writes them for other programs to
 * register and prints how well {@link Registration} does; what SimpleITK gave is in {@link RegistrationPairsTest}.
 */
enum RegistrationPair {

    SAME_3(Freedom.RIGID, new double[]{3, -2, 1}, new double[]{4, -3, 2}, 1, Contrast.SAME, 0, Grid.WHOLE),

    SAME_15_CROPPED(Freedom.RIGID, new double[]{15, 0, -5}, new double[]{5, -8, 6}, 1, Contrast.SAME, 0, Grid.CROPPED),

    SAME_FIELD(Freedom.RIGID, new double[]{8, -6, 4}, new double[]{-6, 4, 8}, 1, Contrast.SAME, 0.7, Grid.WHOLE),

    SAME_THICK(Freedom.RIGID, new double[]{5, 5, -5}, new double[]{3, 7, -4}, 1, Contrast.SAME, 0, Grid.THICK),

    INVERTED_5(Freedom.RIGID, new double[]{-5, 3, 2}, new double[]{6, 2, -7}, 1, Contrast.INVERTED, 0, Grid.WHOLE),

    INVERTED_15_CROPPED(Freedom.RIGID, new double[]{4, 6, 15}, new double[]{12, 9, -9}, 1, Contrast.INVERTED, 0, Grid.CROPPED),

    INVERTED_FIELD(Freedom.RIGID, new double[]{-10, 4, 6}, new double[]{-3, 8, 5}, 1, Contrast.INVERTED, 0.7, Grid.WHOLE),

    INVERTED_THICK(Freedom.RIGID, new double[]{7, -7, 3}, new double[]{2, -6, 9}, 1, Contrast.INVERTED, 0, Grid.THICK),

    HALF_10(Freedom.RIGID, new double[]{10, -3, 2}, new double[]{5, 5, -5}, 1, Contrast.HALF, 0, Grid.WHOLE),

    HALF_FIELD(Freedom.RIGID, new double[]{-6, 9, -4}, new double[]{8, -2, 3}, 1, Contrast.HALF, 0.7, Grid.WHOLE),

    AFFINE_SAME(Freedom.AFFINE, new double[]{6, -4, 10}, new double[]{-4, 9, 7}, 1.06, Contrast.SAME, 0, Grid.WHOLE),

    AFFINE_INVERTED_FIELD(Freedom.AFFINE, new double[]{-5, 8, 3}, new double[]{7, -3, 4}, 0.94, Contrast.INVERTED, 0.7,
        Grid.WHOLE),

    AFFINE_INVERTED_THICK(Freedom.AFFINE, new double[]{4, 4, -6}, new double[]{-5, 6, 2}, 1.05, Contrast.INVERTED, 0,
        Grid.THICK),

    AFFINE_HALF_FIELD(Freedom.AFFINE, new double[]{5, -7, 4}, new double[]{3, 6, -8}, 1.06, Contrast.HALF, 0.7, Grid.WHOLE);

    /** Means of background, CSF, gray and white matter. */
    private enum Contrast {

        SAME(3, 28, 60, 100),

        INVERTED(3, 100, 49, 31),

        /** Half as far apart as in the fixed image. */
        HALF(3, 46, 62, 82);

        private final double[] m_means;

        Contrast(final double... means) {
            m_means = means;
        }
    }

    /** Oblique grids, turned by 5° about x. */
    private enum Grid {

        WHOLE(new int[]{112, 112, 112}, 1.2, 1.2, new double[]{-66, -66, -66}),

        /** Cuts off a part of the head and shows air elsewhere. */
        CROPPED(new int[]{90, 100, 46}, 1.2, 2.4, new double[]{-60, -50, -58}),

        THICK(new int[]{120, 120, 28}, 1.1, 4.8, new double[]{-66, -66, -66});

        private final Geometry m_geometry;

        Grid(final int[] size, final double inPlane, final double thickness, final double[] origin) {
            m_geometry = new Geometry(size, new double[]{inPlane, inPlane, thickness}, origin,
                new double[]{1, 0, 0, 0, 0.9961946980917455, 0.08715574274765817, 0, -0.08715574274765817, 0.9961946980917455});
        }
    }

    private static final int SIZE = 112;

    private final Freedom m_freedom;

    private final double[] m_degrees;

    private final double[] m_shift;

    private final double m_scale;

    private final Contrast m_contrast;

    private final double m_field;

    private final Grid m_grid;

    RegistrationPair(final Freedom freedom, final double[] degrees, final double[] shift, final double scale,
        final Contrast contrast, final double field, final Grid grid) {
        m_freedom = freedom;
        m_degrees = degrees;
        m_shift = shift;
        m_scale = scale;
        m_contrast = contrast;
        m_field = field;
        m_grid = grid;
    }

    /** A phantom with landmarks: an ellipsoid alone can be sheared and turned into itself. */
    static LabelVolume head() {
        final LabelVolume brain = new BrainPhantom(SIZE, Anatomy.ADULT).generate(7);
        final byte[] x = brain.voxels().clone();
        final double[][] nuclei = {{30, 40, 50}, {80, 45, 60}, {50, 80, 40}, {60, 30, 80}, {75, 75, 75}, {35, 70, 30}};
        for (int v = 0; v < x.length; v++) {
            for (int n = 0; n < nuclei.length; n++) {
                final double inSlice = Math.hypot(v % SIZE - nuclei[n][0], v / SIZE % SIZE - nuclei[n][1]);
                if (Math.hypot(inSlice, v / SIZE / SIZE - nuclei[n][2]) < 8) {
                    x[v] = (byte)(1 + n % 2);
                }
            }
        }
        return new LabelVolume(x, brain.geometry(), brain.info(), brain.labels());
    }

    /** Class means, partial volume, a field of a coil to the upper left, noise. */
    private static Volume scan(final LabelVolume labels, final Contrast contrast, final double field, final long seed,
        final TaskExecutor workers) {
        final float[] x = new float[labels.voxels().length];
        for (int v = 0; v < x.length; v++) {
            x[v] = (float)contrast.m_means[labels.voxels()[v]];
        }
        final Volume sharp = new Volume(x, labels.geometry(), VolumeInfo.UNKNOWN);
        final float[] y = new GaussianBlur(0.7, 0.7, 0.7).apply(sharp, workers).voxels();
        final SeededRandom random = new SeededRandom(seed);
        final Geometry g = labels.geometry();
        for (int v = 0; v < y.length; v++) {
            final double i = 2.0 * (v % g.size(0)) / (g.size(0) - 1) - 1;
            final double j = 2.0 * (v / g.size(0) % g.size(1)) / (g.size(1) - 1) - 1;
            final double k = 2.0 * (v / g.size(0) / g.size(1)) / (g.size(2) - 1) - 1;
            final double gain = Math.exp(field * (0.6 * i - 0.4 * j + 0.3 * k * k - 0.3 * i * j));
            y[v] = (float)Math.hypot(y[v] * gain + 3 * random.nextGaussian(), 3 * random.nextGaussian());
        }
        return sharp.withVoxels(y);
    }

    Freedom freedom() {
        return m_freedom;
    }

    Volume fixed(final LabelVolume head, final TaskExecutor workers) {
        return scan(head, Contrast.SAME, 0, 1, workers);
    }

    Volume moving(final LabelVolume head, final TaskExecutor workers) {
        return scan(MovedImage.of(head, shown(), m_grid.m_geometry, workers), m_contrast, m_field, 2, workers);
    }

    /** From places in the moving image to those of the head. */
    private AffineTransform shown() {
        final Motion motion = new Motion(new double[3], 1);
        final AffineTransform rx = motion.transform(new double[]{0, 0, 0, Math.toRadians(m_degrees[0]), 0, 0});
        final AffineTransform ry = motion.transform(new double[]{0, 0, 0, 0, Math.toRadians(m_degrees[1]), 0});
        final AffineTransform rz = motion.transform(new double[]{0, 0, 0, 0, 0, Math.toRadians(m_degrees[2])});
        final double[] m = rz.after(ry).after(rx).matrix();
        for (int c = 0; c < 9; c += 3) {
            m[c] *= m_scale;
        }
        return new AffineTransform(m, m_shift);
    }

    /** What a registration is to find: from places of the fixed image to those of the moving one. */
    AffineTransform truth() {
        return shown().inverse();
    }

    /** Mean distance over the head between where a transform and the true one lead, in mm. */
    double error(final LabelVolume head, final AffineTransform found) {
        final Geometry g = head.geometry();
        final AffineTransform truth = truth();
        double sum = 0;
        int n = 0;
        for (int v = 0; v < head.voxels().length; v += 7) {
            if (head.voxels()[v] != 0) {
                final double[] p = g.position(v % g.size(0), v / g.size(0) % g.size(1), v / g.size(0) / g.size(1));
                final double[] q = found.apply(p);
                final double[] r = truth.apply(p);
                sum += Math.sqrt(Math.pow(q[0] - r[0], 2) + Math.pow(q[1] - r[1], 2) + Math.pow(q[2] - r[2], 2));
                n++;
            }
        }
        return sum / n;
    }

    /**
     * Prints the error of each pair.
     *
     * @param args a folder for the images of all pairs; none to write nothing. Then perhaps parts of names
     */
    public static void main(final String[] args) throws IOException {
        final TaskExecutor workers = TaskExecutors.fixedThreadPool(2);
        final LabelVolume head = head();
        final Path folder = args.length == 0 || args[0].isEmpty() ? null : Files.createDirectories(Path.of(args[0]));
        for (final RegistrationPair pair : values()) {
            boolean wanted = args.length < 2;
            for (int a = 1; a < args.length; a++) {
                wanted |= pair.name().contains(args[a]);
            }
            if (!wanted) {
                continue;
            }
            final Volume fixed = pair.fixed(head, workers);
            final Volume moving = pair.moving(head, workers);
            if (folder != null) {
                write(fixed, folder.resolve("fixed.mha"));
                write(moving, folder.resolve(pair.name() + ".mha"));
                final float[] mask = new float[head.voxels().length];
                for (int v = 0; v < mask.length; v++) {
                    mask[v] = head.voxels()[v];
                }
                write(fixed.withVoxels(mask), folder.resolve("head.mha"));
                final double[] m = pair.truth().matrix();
                final double[] t = pair.truth().translation();
                final StringBuilder text = new StringBuilder(pair.m_freedom.name());
                for (int n = 0; n < 12; n++) {
                    text.append(' ').append(n < 9 ? m[n] : t[n - 9]);
                }
                Files.writeString(folder.resolve(pair.name() + ".txt"), text);
            }
            final long start = System.nanoTime();
            final RegistrationResult found = new Registration(pair.m_freedom, 1)
                .register(new FixedImage(fixed, Optional.empty()), moving, workers, Progress.NONE);
            System.out.printf(Locale.ROOT, "%-25s %.3f mm, similarity %.5f, %.1f s%n", pair,
                pair.error(head, found.transform()), found.similarity(), (System.nanoTime() - start) / 1e9);
        }
    }

    /** As MetaImage. */
    private static void write(final Volume image, final Path file) throws IOException {
        final Geometry g = image.geometry();
        final double[] d = g.direction();
        final StringBuilder matrix = new StringBuilder();
        for (final double x : d) {
            matrix.append(' ').append(x);
        }
        final String header = String.format(Locale.ROOT, "ObjectType = Image%nNDims = 3%nBinaryData = True%n"
            + "BinaryDataByteOrderMSB = False%nTransformMatrix =%s%nOffset = %s %s %s%nElementSpacing = %s %s %s%n"
            + "DimSize = %d %d %d%nElementType = MET_FLOAT%nElementDataFile = LOCAL%n", matrix, g.origin()[0], g.origin()[1],
            g.origin()[2], g.spacing(0), g.spacing(1), g.spacing(2), g.size(0), g.size(1), g.size(2));
        final ByteBuffer bytes = ByteBuffer.allocate(4 * image.voxels().length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(image.voxels());
        try (OutputStream out = Files.newOutputStream(file)) {
            out.write(header.getBytes(StandardCharsets.US_ASCII));
            out.write(bytes.array());
        }
    }
}
