package org.scanbridge.imaging.experiment;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import org.scanbridge.imaging.filter.GaussianBlur;
import org.scanbridge.imaging.phantom.SiteProtocol;
import org.scanbridge.imaging.phantom.SiteProtocols;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.register.AffineTransform;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

import net.imglib2.parallel.TaskExecutor;

/**
 * A scanner and protocol for real label maps: a mean for each label, texture within tissues, partial volume, a smooth field,
 * thick slices, Rician noise, another place and crop of the head.
 *
 * @param name of the site
 * @param contrast {@code T1}, {@code LOW} (half the contrast of gray and white), {@code T2}, {@code FLAIR} (dark fluid, lesions
 *            little brighter than gray matter), {@code FLAIR+} (lesions that stand out more), {@code RANDOM}, or the signals of a
 *            sequence at the sites P and Q of {@link SiteProtocols}: {@code P FLAIR}, {@code P T1}, {@code Q FLAIR}, {@code Q T1}
 * @param spacing of the image in mm, 1 or 2
 * @param slices thickness of slices in voxels along S; 1 for none
 * @param bias standard deviation of the field's logarithm
 * @param texture standard deviation within tissues, white matter of T1 being 100
 * @param noise standard deviation of the noise
 * @param rotation in degrees about L, P and S
 * @param left share of the field of view cut off at the left side
 * @param inferior share of the field of view cut off at the inferior side
 */
public record BrainSite(String name, String contrast, int spacing, int slices, double bias, double texture, double noise,
    double[] rotation, double left, double inferior) {

    /** Means of tissues that follow from relaxation times, the largest possible being 1. */
    private static final Map<String, SiteProtocol> SEQUENCES = Map.of("P FLAIR", SiteProtocols.FLAIR_SOURCE, "P T1",
        SiteProtocols.FLAIR_SOURCE_T1, "Q FLAIR", SiteProtocols.FLAIR_TARGET, "Q T1", SiteProtocols.FLAIR_TARGET_T1);

    /** What is segmented. */
    public static final LabelSet TISSUES = LabelSet.of("CSF", "GM", "WM");

    /**
     * An image and its true tissues.
     *
     * @param toHead from LPS positions of the image to those of the label map
     */
    public record Scan(Volume image, LabelVolume truth, AffineTransform toHead) {
    }

    /** Cuts the same share off at the left and at the inferior side. */
    public BrainSite(final String name, final String contrast, final int spacing, final int slices, final double bias,
        final double texture, final double noise, final double[] rotation, final double crop) {
        this(name, contrast, spacing, slices, bias, texture, noise, rotation, crop, crop);
    }

    /**
     * The same scanner with heads that lie otherwise; tissues have the same means.
     *
     * @param degrees about L, P and S
     * @param cutLeft share of the field of view cut off at the left side
     * @param cutInferior share of the field of view cut off at the inferior side
     */
    public BrainSite lying(final double[] degrees, final double cutLeft, final double cutInferior) {
        return new BrainSite(name, contrast, spacing, slices, bias, texture, noise, degrees, cutLeft, cutInferior);
    }

    /** The rotations about L, P and S that make one about the axis (1, 1, 1); all in degrees. */
    public static double[] oblique(final double degrees) {
        // Rodrigues: the matrix is circulant, and rz·ry·rx of turn() is read off its first column and last row
        final double cos = Math.cos(Math.toRadians(degrees));
        final double sin = Math.sin(Math.toRadians(degrees)) / Math.sqrt(3);
        final double outer = Math.toDegrees(Math.atan2((1 - cos) / 3 + sin, (1 + 2 * cos) / 3));
        return new double[]{outer, -Math.toDegrees(Math.asin((1 - cos) / 3 - sin)), outer};
    }

    /** Means by label; what is outside the brain is drawn for each site. */
    private Map<Integer, Double> means(final long seed) {
        final double[][] t1 = {{2, 100}, {41, 100}, {3, 60}, {42, 60}, {4, 28}, {43, 28}, {5, 28}, {44, 28}, {14, 28}, {15, 28},
            {24, 28}, {72, 28}, {1, 28}, {136, 28}, {137, 28}, {163, 28}, {164, 28}, {7, 85}, {46, 85}, {8, 55}, {47, 55},
            {10, 81}, {49, 81}, {11, 62}, {50, 62}, {12, 77}, {51, 77}, {13, 95}, {52, 95}, {16, 81}, {17, 60}, {53, 60},
            {18, 60}, {54, 60}, {25, 55}, {57, 55}, {26, 62}, {58, 62}, {28, 85}, {60, 85}, {30, 50}, {62, 50}, {85, 95}};
        final Map<Integer, Double> means = new TreeMap<>();
        final SeededRandom random = SeededRandom.of(seed, name.hashCode(), 1);
        final double a = random.uniform(10, 100);
        double b = random.uniform(10, 100);
        double c = random.uniform(10, 100);
        // a contrast in which two tissues are the same cannot be segmented by anybody
        while (Math.abs(b - a) < 20 || Math.abs(c - a) < 20 || Math.abs(c - b) < 20) {
            b = random.uniform(10, 100);
            c = random.uniform(10, 100);
        }
        for (final double[] m : t1) {
            final double w = m[1] == 28 ? 0 : (m[1] - 60) / 40;
            means.put((int)m[0], switch (contrast) {
                case "T1" -> m[1];
                case "LOW" -> m[1] == 28 ? 28 : 100 + (m[1] - 100) / 2;
                case "T2" -> m[1] == 28 ? 100 : 49 - 18 * w;
                case "FLAIR" -> m[1] == 28 ? 15 : 58 - 10 * w;
                case "FLAIR+" -> m[1] == 28 ? 30 : 66 - 20 * w;
                case "RANDOM" -> m[1] == 28 ? a : b + (c - b) * w;
                default -> {
                    final SiteProtocol p = sequence();
                    yield 100 * (m[1] == 28 ? p.csf() : p.gm() + (p.wm() - p.gm()) * w);
                }
            });
        }
        for (int label = 501; label < 600; label++) {
            means.put(label, random.uniform(5, 90));
        }
        means.put((int)LabelMaps.LESION, SEQUENCES.containsKey(contrast) ? 100 * sequence().lesion().getAsDouble()
            : contrast.equals("FLAIR+") ? 92.0 : 70.0);
        means.put(0, 2.0);
        return means;
    }

    private SiteProtocol sequence() {
        return Optional.ofNullable(SEQUENCES.get(contrast))
            .orElseThrow(() -> new IllegalArgumentException("contrast " + contrast));
    }

    /** The scan of a head; the same seed gives the same bits. */
    public Scan scan(final LabelMaps head, final long seed, final TaskExecutor workers) {
        return scan(head, seed, 0, workers);
    }

    /**
     * A scan of a session: sites of one name scan a head at the same place, each scan with a texture, field and noise of its own.
     *
     * @param head is scanned
     * @param seed of the session
     * @param number of the scan in its session, from 0
     * @param workers blur
     */
    public Scan scan(final LabelMaps head, final long seed, final int number, final TaskExecutor workers) {
        final SeededRandom placing = placing(seed);
        final Geometry fine = fineGrid(head);
        final AffineTransform toHead = turn(fine, placing);
        final SeededRandom random = number == 0 ? placing : SeededRandom.of(seed, name.hashCode(), 2, number);
        final short[] labels = placed(head, fine, toHead);
        final Map<Integer, Double> means = means(seed / 1000);
        final float[] x = new float[labels.length];
        final int[] size = fine.size();
        // texture: white and smooth by halves
        final float[] smooth = new float[labels.length];
        for (int v = 0; v < smooth.length; v++) {
            smooth[v] = (float)random.nextGaussian();
        }
        new GaussianBlur(1.5, 1.5, 1.5).smooth(smooth, smooth, size, workers);
        final double unit = Math.pow(4 * Math.PI * 1.5 * 1.5, 0.75);
        for (int v = 0; v < x.length; v++) {
            final double m = means.getOrDefault((int)labels[v], 40.0);
            x[v] = (float)Math.max(0, m + (labels[v] == 0 ? 0
                : texture * (0.7 * random.nextGaussian() + 0.7 * unit * smooth[v])));
        }
        new GaussianBlur(0.6, 0.6, 0.6).smooth(x, x, size, workers);
        return acquired(x, labels, fine, toHead, random);
    }

    /** 1 mm, axial, around the head's center: 184 × 220 × 192 mm before the crop. */
    private Geometry fineGrid(final LabelMaps head) {
        final Geometry g = head.geometry();
        final double[] sum = new double[3];
        long n = 0;
        double top = Double.NEGATIVE_INFINITY;
        for (int v = 0; v < head.values().length; v++) {
            if (LabelMaps.tissue(head.values()[v]) != 0) {
                final double[] p = g.position(v % g.size(0), v / g.size(0) % g.size(1), v / g.size(0) / g.size(1));
                for (int a = 0; a < 3; a++) {
                    sum[a] += p[a];
                }
                top = Math.max(top, p[2]);
                n++;
            }
        }
        final int cut = 2 * (int)Math.round(left * 184 / 2);
        final int lower = 2 * (int)Math.round(inferior * 192 / 2);
        return new Geometry(new int[]{184 - cut, 220, 192 - lower}, new double[]{1, 1, 1},
            new double[]{sum[0] / n - 92 + cut / 2.0, sum[1] / n - 110, sum[2] / n - 104 + lower},
            new double[]{1, 0, 0, 0, 1, 0, 0, 0, 1});
    }

    private AffineTransform turn(final Geometry grid, final SeededRandom random) {
        final double[] center = grid.center();
        final double[] r = {Math.toRadians(rotation[0]), Math.toRadians(rotation[1]), Math.toRadians(rotation[2])};
        final double[] rx = {1, 0, 0, 0, Math.cos(r[0]), -Math.sin(r[0]), 0, Math.sin(r[0]), Math.cos(r[0])};
        final double[] ry = {Math.cos(r[1]), 0, Math.sin(r[1]), 0, 1, 0, -Math.sin(r[1]), 0, Math.cos(r[1])};
        final double[] rz = {Math.cos(r[2]), -Math.sin(r[2]), 0, Math.sin(r[2]), Math.cos(r[2]), 0, 0, 0, 1};
        return AffineTransform.about(center, rz, 0, 0, 0)
            .after(AffineTransform.about(center, ry, 0, 0, 0)).after(AffineTransform.about(center, rx, random.uniform(-4, 4),
                random.uniform(-4, 4), random.uniform(-4, 4)));
    }

    private static short[] placed(final LabelMaps head, final Geometry grid, final AffineTransform turn) {
        final int[] size = head.geometry().size();
        final short[] labels = new short[grid.voxelCount()];
        int v = 0;
        for (int k = 0; k < grid.size(2); k++) {
            for (int j = 0; j < grid.size(1); j++) {
                for (int i = 0; i < grid.size(0); i++, v++) {
                    final double[] index = head.geometry().index(turn.apply(grid.position(i, j, k)));
                    final int p = (int)Math.round(index[0]);
                    final int q = (int)Math.round(index[1]);
                    final int s = (int)Math.round(index[2]);
                    if (p >= 0 && q >= 0 && s >= 0 && p < size[0] && q < size[1] && s < size[2]) {
                        labels[v] = head.values()[(s * size[1] + q) * size[0] + p];
                    }
                }
            }
        }
        return labels;
    }

    /**
     * The true tissues of a head that is turned to where it lies at this site and back to where it lies at another one of the same name
     * and field of view, each time by the nearest label at 1 mm: what resampling alone changes.
     *
     * @param head is turned
     * @param seed of the scans
     * @param back how the head lies in the end
     */
    public LabelVolume thereAndBack(final LabelMaps head, final long seed, final BrainSite back) {
        final Geometry fine = fineGrid(head);
        final AffineTransform toHead = turn(fine, placing(seed));
        final LabelMaps there = new LabelMaps(placed(head, fine, toHead), fine);
        return truth(placed(there, fine, toHead.inverse().after(back.turn(fine, back.placing(seed)))), fine);
    }

    private SeededRandom placing(final long seed) {
        return SeededRandom.of(seed, name.hashCode(), 2);
    }

    private Geometry grid(final Geometry fine) {
        final int[] size = {fine.size(0) / spacing, fine.size(1) / spacing, fine.size(2) / spacing};
        final double[] origin = fine.position((spacing - 1) / 2.0, (spacing - 1) / 2.0, (spacing - 1) / 2.0);
        return new Geometry(size, new double[]{spacing, spacing, spacing}, origin, fine.direction());
    }

    private VolumeInfo info() {
        return new VolumeInfo("MR", name, "", "", "");
    }

    /** The tissue that most of a voxel's parts have. */
    private LabelVolume truth(final short[] labels, final Geometry fine) {
        final Geometry grid = grid(fine);
        final byte[] truth = new byte[grid.voxelCount()];
        for (int v = 0; v < truth.length; v++) {
            final int[] votes = new int[4];
            for (int d = 0; d < spacing * spacing * spacing; d++) {
                votes[LabelMaps.tissue(labels[part(grid, fine, v, d)])]++;
            }
            for (int t = 1; t < 4; t++) {
                truth[v] = (byte)(votes[t] > votes[truth[v]] ? t : truth[v]);
            }
        }
        return new LabelVolume(truth, grid, info(), TISSUES);
    }

    /** Which fine voxel is a part of a voxel. */
    private int part(final Geometry grid, final Geometry fine, final int v, final int d) {
        final int i = v % grid.size(0);
        final int j = v / grid.size(0) % grid.size(1);
        final int k = v / grid.size(0) / grid.size(1);
        return ((k * spacing + d / spacing / spacing) * fine.size(1) + j * spacing + d / spacing % spacing) * fine.size(0)
            + i * spacing + d % spacing;
    }

    private Scan acquired(final float[] x, final short[] labels, final Geometry fine, final AffineTransform toHead,
        final SeededRandom random) {
        final Geometry grid = grid(fine);
        final int[] size = grid.size();
        final float[] y = new float[grid.voxelCount()];
        final double[] field = new double[20];
        for (int c = 1; c < field.length; c++) {
            field[c] = random.nextGaussian();
        }
        for (int v = 0; v < y.length; v++) {
            for (int d = 0; d < spacing * spacing * spacing; d++) {
                y[v] += x[part(grid, fine, v, d)] / (spacing * spacing * spacing);
            }
        }
        thicken(y, size);
        for (int v = 0; v < y.length; v++) {
            final double b = Math.exp(bias * field(field, 2.0 * (v % size[0]) / size[0] - 1,
                2.0 * (v / size[0] % size[1]) / size[1] - 1, 2.0 * (v / size[0] / size[1]) / size[2] - 1));
            y[v] = (float)Math.hypot(y[v] * b + noise * random.nextGaussian(), noise * random.nextGaussian());
        }
        return new Scan(new Volume(y, grid, info()), truth(labels, fine), toHead);
    }

    /** Slices of several voxels, interpolated back. */
    private void thicken(final float[] y, final int[] size) {
        final int slice = size[0] * size[1];
        for (int p = 0; slices > 1 && p < slice; p++) {
            final int n = (size[2] + slices - 1) / slices;
            final double[] thick = new double[n];
            for (int t = 0; t < n; t++) {
                int count = 0;
                for (int k = t * slices; k < Math.min(size[2], (t + 1) * slices); k++, count++) {
                    thick[t] += y[k * slice + p];
                }
                thick[t] /= count;
            }
            for (int k = 0; k < size[2]; k++) {
                final double t = Math.max(0, Math.min(n - 1, (k + 0.5) / slices - 0.5));
                final int low = Math.min((int)t, Math.max(0, n - 2));
                y[k * slice + p] = (float)(thick[low] + (n > 1 ? (t - low) * (thick[low + 1] - thick[low]) : 0));
            }
        }
    }

    /** A cubic of about unit variance over [-1, 1]³. */
    private static double field(final double[] c, final double x, final double y, final double z) {
        double sum = 0;
        int t = 1;
        for (int d = 1; d <= 3; d++) {
            for (int a = d; a >= 0; a--) {
                for (int b = d - a; b >= 0; b--) {
                    sum += c[t++] * Math.pow(x, a) * Math.pow(y, b) * Math.pow(z, d - a - b) / d;
                }
            }
        }
        return sum;
    }
}
