package org.scanbridge.imaging.phantom;

import org.scanbridge.imaging.filter.GaussianBlur;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.stats.Percentiles;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

import net.imglib2.parallel.TaskExecutors;

/**
 * Takes a radiograph of a {@link LimbPhantom} with a {@link RadiographProtocol}:
 * <ol>
 * <li>transmission by the law of Beer and Lambert, I = exp(−μ_bone·bone − μ_other·other), with the coefficients of compact
 * bone and soft tissue at 60 keV (NIST XCOM tables of ICRU-44 materials: 0.3148 cm²/g · 1.92 g/cm³ and 0.2048 cm²/g ·
 * 1.06 g/cm³);
 * <li>scatter: I → I + s/(1−s)·(I smoothed over {@value #SCATTER_MM} mm);
 * <li>Gaussian blur; what the lead frame covers is multiplied by {@value #LEAK}, its edge smoothed over 0.5 mm;
 * <li>quantum noise: N = N₀·(area of a pixel)·I quanta, Gaussian with variance N;
 * <li>signal −ln I, or −I where values are proportional to the exposure;
 * <li>edges: p → p + a·(p − p smoothed), within the open field;
 * <li>a window from the 2nd to the 99.5th percentile of what the frame leaves open, as automatic exposure and the vendor's
 * software choose it, both ends varied by 3 %; S-curve tanh(k·(2u−1))/tanh(k) mapped onto 0..1;
 * <li>rounding to stored values.
 * </ol>
 * Bones are bright in the result, as they are displayed, whatever way a center stores them. The same seed gives the same
 * bits on every platform.
 */
public final class RadiographSimulator {

    private static final double BONE_PER_MM = 0.3148 * 1.92 / 10;

    private static final double OTHER_PER_MM = 0.2048 * 1.06 / 10;

    private static final double SCATTER_MM = 8;

    private static final double LEAK = 0.02;

    private static final double FRAME_BLUR = 0.5;

    /** Least number of quanta of a pixel, so that there is a logarithm. */
    private static final double FEWEST = 0.5;

    private static final int STREAM_FRAME = 0;

    private static final int STREAM_NOISE = 1;

    private static final int STREAM_WINDOW = 2;

    /** Stretches from 2nd to 99.5th percentile. */
    private static final double LOW = 2;

    private static final double HIGH = 99.5;

    private static final double JITTER = 0.03;

    /**
     * The open field of a radiograph in pixels.
     *
     * @param left first open column; likewise {@code top}
     * @param top first open row
     * @param right last open column; likewise {@code bottom}
     * @param bottom last open row
     */
    public record Field(int left, int top, int right, int bottom) {

        boolean contains(final int i, final int j) {
            return i >= left && i <= right && j >= top && j <= bottom;
        }
    }

    /** The field that a lead frame leaves open; all of the image where there is none. */
    public Field field(final int size, final RadiographProtocol protocol, final long seed) {
        final SeededRandom random = SeededRandom.of(seed, STREAM_FRAME);
        final int[] covered = new int[4];
        for (int side = 0; side < 4; side++) {
            covered[side] = (int)StrictMath.round(size * protocol.collimation() * random.uniform(0.5, 1));
        }
        return new Field(covered[0], covered[1], size - 1 - covered[2], size - 1 - covered[3]);
    }

    /**
     * @param limb what is examined
     * @param protocol how
     * @param seed which exposure
     * @return whole numbers 0 to {@link RadiographProtocol#maximum()}, bones bright, on the grid of the limb's labels; with
     *         modality and site of the protocol
     */
    public Volume take(final LimbPhantom.Limb limb, final RadiographProtocol protocol, final long seed) {
        final Geometry g = limb.fractures().geometry();
        final int[] size = g.size();
        final double mm = g.spacing(0);
        final Field field = field(size[0], protocol, seed);
        final float[] x = new float[g.voxelCount()];
        for (int v = 0; v < x.length; v++) {
            x[v] = (float)StrictMath.exp(-BONE_PER_MM * limb.bone()[v] - OTHER_PER_MM * limb.other()[v]);
        }
        final float[] scattered = smooth(x, size, SCATTER_MM / mm);
        final double share = protocol.scatter() / (1 - protocol.scatter());
        for (int v = 0; v < x.length; v++) {
            x[v] += (float)(share * scattered[v]);
        }
        final float[] signal = signal(frame(smooth(x, size, protocol.blur() / mm), field, size, mm), protocol,
            mm * mm, seed);
        enhance(signal, protocol, field, size, mm);
        final VolumeInfo info = limb.fractures().info();
        return new Volume(stored(signal, protocol, field, size[0], seed), g,
            new VolumeInfo(protocol.modality(), protocol.site(), info.subject(), info.series(), ""));
    }

    private static float[] smooth(final float[] x, final int[] size, final double sigma) {
        return sigma == 0 ? x : new GaussianBlur(sigma, sigma, 0).apply(x, size, TaskExecutors.singleThreaded());
    }

    private static float[] frame(final float[] x, final Field field, final int[] size, final double mm) {
        final float[] edge = smooth(open(field, size), size, FRAME_BLUR / mm);
        for (int v = 0; v < x.length; v++) {
            x[v] *= (float)(LEAK + (1 - LEAK) * edge[v]);
        }
        return x;
    }

    private static float[] signal(final float[] x, final RadiographProtocol protocol, final double area,
        final long seed) {
        final double all = protocol.quanta() * area;
        final SeededRandom random = SeededRandom.of(seed, STREAM_NOISE);
        final float[] signal = new float[x.length];
        for (int v = 0; v < x.length; v++) {
            final double noise = random.nextGaussian();
            final double exposure = Double.isInfinite(all) ? x[v]
                : Math.max(FEWEST, all * x[v] + StrictMath.sqrt(all * x[v]) * noise) / all;
            signal[v] = (float)(protocol.logarithmic() ? -StrictMath.log(exposure) : -exposure);
        }
        return signal;
    }

    /** Within the open field, as software does that has found it: else the frame's edge would be all that is seen. */
    private static void enhance(final float[] signal, final RadiographProtocol protocol, final Field field,
        final int[] size, final double mm) {
        if (protocol.enhancement() > 0) {
            final float[] open = open(field, size);
            final float[] inside = new float[signal.length];
            for (int v = 0; v < signal.length; v++) {
                inside[v] = signal[v] * open[v];
            }
            final double sigma = protocol.enhancementScale() / mm;
            final float[] mask = smooth(inside, size, sigma);
            final float[] weight = smooth(open, size, sigma);
            for (int v = 0; v < signal.length; v++) {
                if (open[v] > 0) {
                    signal[v] += (float)(protocol.enhancement() * (signal[v] - mask[v] / weight[v]));
                }
            }
        }
    }

    private static float[] open(final Field field, final int[] size) {
        final float[] open = new float[size[0] * size[1]];
        for (int v = 0; v < open.length; v++) {
            open[v] = field.contains(v % size[0], v / size[0]) ? 1 : 0;
        }
        return open;
    }

    private static float[] stored(final float[] signal, final RadiographProtocol protocol, final Field field,
        final int columns, final long seed) {
        final float[] open = new float[(field.right - field.left + 1) * (field.bottom - field.top + 1)];
        int n = 0;
        for (int v = 0; v < signal.length; v++) {
            if (field.contains(v % columns, v / columns)) {
                open[n++] = signal[v];
            }
        }
        final double[] window = Percentiles.of(open, LOW, HIGH);
        final SeededRandom random = SeededRandom.of(seed, STREAM_WINDOW);
        final double width = window[1] - window[0];
        final double low = window[0] + width * random.uniform(-JITTER, JITTER);
        final double high = window[1] + width * random.uniform(-JITTER, JITTER);
        final double k = protocol.steepness() / 2;
        final float[] values = new float[signal.length];
        for (int v = 0; v < values.length; v++) {
            final double u = Math.max(0, Math.min(1, (signal[v] - low) / (high - low)));
            final double curve = k == 0 ? u : 0.5 + 0.5 * StrictMath.tanh(k * (2 * u - 1)) / StrictMath.tanh(k);
            values[v] = StrictMath.round(curve * protocol.used() * protocol.maximum());
        }
        return values;
    }
}
