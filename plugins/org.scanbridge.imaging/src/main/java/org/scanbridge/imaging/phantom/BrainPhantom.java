package org.scanbridge.imaging.phantom;

import java.util.Objects;

import org.scanbridge.imaging.filter.GaussianBlur;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.VolumeInfo;

import net.imglib2.parallel.TaskExecutors;

/**
 * A brain made of formulas, another one for each seed: a randomly warped ellipsoid with a shell of cerebrospinal fluid
 * (CSF), a folded ribbon of gray matter (GM), a core of white matter (WM), two ventricles (CSF) and two deep nuclei
 * (GM). It is a toy with the topology and the partial-volume traps of a brain, not a model of anatomy.
 * <p>
 * With X, Y, Z in [-1, 1] over the field of view after the warp, s the head's scale and
 * R = |(X/0.8, Y, Z/0.85)|/s: CSF where R &lt; 1, GM where R &lt; 0.9 + 0.6 f, WM where R &lt; 0.9 - g + f; g is the
 * ribbon's thickness and f = 0.05 sin(9θ+a) sin(7φ+b) folds it. The grid is cubic with 1 mm voxels, axial, centered on
 * the origin of the LPS frame. The same seed gives the same bits on every platform.
 */
public final class BrainPhantom {

    /** Label value of cerebrospinal fluid. */
    public static final int CSF = 1;

    /** Label value of gray matter. */
    public static final int GM = 2;

    /** Label value of white matter. */
    public static final int WM = 3;

    /** The classes: 1 CSF, 2 GM, 3 WM. */
    public static final LabelSet LABELS = LabelSet.of("CSF", "GM", "WM");

    /** Below this the ribbon is thinner than a voxel. */
    public static final int MIN_SIZE = 16;

    /** Above this a volume no longer fits into one array comfortably. */
    public static final int MAX_SIZE = 512;

    private static final double FOLD_DEPTH = 0.05;

    /**
     * The warp's standard deviation in units of half the field of view: that of white noise smoothed with sigma = 6
     * voxels, times 1.6.
     */
    private static final double WARP = 1.6 / StrictMath.pow(4 * Math.PI * 36, 0.75);

    private final int m_size;

    private final Anatomy m_anatomy;

    /**
     * @param size voxels per axis, each of 1 mm, within [{@value #MIN_SIZE}, {@value #MAX_SIZE}]
     * @param anatomy adult or infant
     * @throws IllegalArgumentException if the size is out of range
     */
    public BrainPhantom(final int size, final Anatomy anatomy) {
        if (size < MIN_SIZE || size > MAX_SIZE) {
            throw new IllegalArgumentException(
                "phantom size " + size + " is outside " + MIN_SIZE + ".." + MAX_SIZE + " voxels per axis");
        }
        m_size = size;
        m_anatomy = Objects.requireNonNull(anatomy, "anatomy");
    }

    /** The grid of all brains of this phantom: cubic, 1 mm, axial, centered on the LPS origin. */
    public Geometry geometry() {
        final double corner = -(m_size - 1) / 2.0;
        return new Geometry(new int[]{m_size, m_size, m_size}, new double[]{1, 1, 1},
            new double[]{corner, corner, corner}, new double[]{1, 0, 0, 0, 1, 0, 0, 0, 1});
    }

    /**
     * @param seed which brain
     * @return its tissue labels with an unknown {@link VolumeInfo}
     */
    public LabelVolume generate(final long seed) {
        return generate(seed, VolumeInfo.UNKNOWN);
    }

    /**
     * @param seed which brain
     * @param info what the label volume will say it is
     * @return the tissue labels of that brain
     */
    public LabelVolume generate(final long seed, final VolumeInfo info) {
        final int n = m_size;
        final float[][] warp = new float[3][];
        for (int a = 0; a < 3; a++) {
            warp[a] = warp(SeededRandom.of(seed, a));
        }
        final SeededRandom random = SeededRandom.of(seed, 3);
        final double scale = m_anatomy.headScale() * (1 + 0.04 * random.nextGaussian());
        final double phaseTheta = random.uniform(0, 2 * Math.PI);
        final double phasePhi = random.uniform(0, 2 * Math.PI);
        final byte[] labels = new byte[n * n * n];
        int v = 0;
        for (int k = 0; k < n; k++) {
            for (int j = 0; j < n; j++) {
                for (int i = 0; i < n; i++, v++) {
                    labels[v] = (byte)tissue(coordinate(i) + warp[0][v], coordinate(j) + warp[1][v],
                        coordinate(k) + warp[2][v], scale, phaseTheta, phasePhi);
                }
            }
        }
        return new LabelVolume(labels, geometry(), info, LABELS);
    }

    private double coordinate(final int index) {
        return 2.0 * index / (m_size - 1) - 1;
    }

    /** A smooth random displacement along one axis; its look does not depend on the number of voxels. */
    private float[] warp(final SeededRandom random) {
        final float[] noise = new float[m_size * m_size * m_size];
        for (int v = 0; v < noise.length; v++) {
            noise[v] = (float)random.nextGaussian();
        }
        final double sigma = m_size / 8.0;
        final float[] smooth = new GaussianBlur(sigma, sigma, sigma).apply(noise, geometry().size(),
            TaskExecutors.singleThreaded());
        // Smoothing leaves white noise with sd (4 pi sigma^2)^(-3/4).
        final double amplitude = WARP * StrictMath.pow(4 * Math.PI * sigma * sigma, 0.75);
        for (int v = 0; v < smooth.length; v++) {
            smooth[v] *= (float)amplitude;
        }
        return smooth;
    }

    private int tissue(final double x, final double y, final double z, final double scale, final double phaseTheta,
        final double phasePhi) {
        final double radius = StrictMath.sqrt(square(z / (0.85 * scale)) + square(y / scale)
            + square(x / (0.8 * scale)));
        if (radius >= 1) {
            return 0;
        }
        final double theta = StrictMath.atan2(y, x);
        final double phi = StrictMath.atan2(StrictMath.sqrt(x * x + y * y), z);
        final double fold = FOLD_DEPTH * StrictMath.sin(9 * theta + phaseTheta) * StrictMath.sin(7 * phi + phasePhi);
        int tissue = CSF;
        if (radius < 0.9 - m_anatomy.ribbonThickness() + fold) {
            tissue = WM;
        } else if (radius < 0.9 + 0.6 * fold) {
            tissue = GM;
        }
        for (int side = -1; side <= 1; side += 2) {
            if (radius < 0.85 && isVentricle(x, y, z, side)) {
                tissue = CSF;
            }
            if (radius < 0.7 && tissue == WM && isDeepNucleus(x, y, z, side)) {
                tissue = GM;
            }
        }
        return tissue;
    }

    private boolean isVentricle(final double x, final double y, final double z, final int side) {
        final double v = m_anatomy.ventricleScale();
        return square((z - 0.02) / (0.28 * v)) + square(y / (0.34 * v)) + square((x - side * 0.14) / (0.09 * v)) < 1;
    }

    private static boolean isDeepNucleus(final double x, final double y, final double z, final int side) {
        return square((z + 0.05) / 0.16) + square(y / 0.2) + square((x - side * 0.36) / 0.12) < 1;
    }

    private static double square(final double x) {
        return x * x;
    }
}
