package org.scanbridge.imaging.phantom;

import org.scanbridge.imaging.filter.GaussianBlur;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

import net.imglib2.parallel.TaskExecutor;
import net.imglib2.parallel.TaskExecutors;

/**
 * Scans a {@link BrainPhantom} with a {@link SiteProtocol}:
 * <ol>
 * <li>x = mean of the tissue or lesion (each mean jittered once per scan) + texture: Gaussian noise smoothed over one voxel,
 * inside the brain;
 * <li>contrast curve x → m·(max(x, 0)/m)^γ, m the largest tissue mean;
 * <li>Gaussian blur; average over blocks of slices along k and linear interpolation back;
 * <li>x → x·exp(b), b a random quadratic polynomial of the coordinates scaled to max|b| = amplitude;
 * <li>ghost: x → x + a·(x shifted by half the field of view along j);
 * <li>Rician noise: x → √((x + n₁)² + n₂²) with standard deviation m/SNR;
 * <li>x → gain·(1 + jitter)·x; the background is set to 0, as after skull stripping.
 * </ol>
 * The same seed gives the same bits on every platform; each effect draws from a stream of its own, so that switching
 * one off leaves the others' numbers alone.
 */
public final class ScannerSimulator {

    private static final int STREAM_MEANS = 0;

    private static final int STREAM_TEXTURE = 1;

    private static final int STREAM_BIAS = 2;

    private static final int STREAM_NOISE = 3;

    private static final int STREAM_GAIN = 4;

    /** Standard deviation of white noise after smoothing with sigma = 1 voxel: (4π)^(-3/4). */
    private static final double SMOOTHED_SD = StrictMath.pow(4 * Math.PI, -0.75);

    private final TaskExecutor m_workers;

    /** Works on the calling thread. */
    public ScannerSimulator() {
        this(TaskExecutors.singleThreaded());
    }

    /** @param workers what the smoothing is shared out to; the result does not depend on them */
    public ScannerSimulator(final TaskExecutor workers) {
        m_workers = workers;
    }

    /**
     * @param labels tissue labels 0 to 3 of {@link BrainPhantom}, and 4 of {@link WhiteMatterLesions} if the protocol has
     *            a mean for lesions
     * @param protocol the scanner
     * @param seed which scan
     * @return the image on the labels' grid, modality MR, site of the protocol, subject and series of the labels;
     *         exactly 0 in the background, positive elsewhere
     * @throws IllegalArgumentException if a label has no mean
     */
    public Volume scan(final LabelVolume labels, final SiteProtocol protocol, final long seed) {
        if (labels.maxValue() > highestLabel(protocol)) {
            throw new IllegalArgumentException("label " + labels.maxValue() + " has no mean signal at site "
                + protocol.site() + " (1 CSF, 2 GM, 3 WM" + (protocol.lesion().isPresent() ? ", 4 lesion)" : ")"));
        }
        final int[] size = labels.geometry().size();
        float[] x = tissue(labels, protocol, seed);
        contrast(x, protocol);
        final double blur = protocol.blurSigma();
        x = new GaussianBlur(blur, blur, blur).apply(x, size, m_workers);
        x = ThickSlices.simulate(x, size, protocol.sliceThickness());
        QuadraticBias.draw(SeededRandom.of(seed, STREAM_BIAS), protocol.biasAmplitude()).multiply(x, size);
        x = ghost(x, size, protocol.ghostAmplitude());
        noiseAndGain(x, labels.voxels(), protocol, seed);
        final VolumeInfo info = labels.info();
        return new Volume(x, labels.geometry(),
            new VolumeInfo("MR", protocol.site(), info.subject(), info.series(), ""));
    }

    private static int highestLabel(final SiteProtocol protocol) {
        return protocol.lesion().isPresent() ? WhiteMatterLesions.LESION : BrainPhantom.WM;
    }

    private float[] tissue(final LabelVolume labels, final SiteProtocol protocol, final long seed) {
        final SeededRandom means = SeededRandom.of(seed, STREAM_MEANS);
        final double[] mean = new double[highestLabel(protocol) + 1];
        for (int c = 1; c < mean.length; c++) {
            mean[c] = Math.max(0, protocol.mean(c) + protocol.meanJitter() * means.nextGaussian());
        }
        final byte[] label = labels.voxels();
        final float[] x = new float[label.length];
        if (protocol.textureSd() > 0) {
            final SeededRandom random = SeededRandom.of(seed, STREAM_TEXTURE);
            for (int v = 0; v < x.length; v++) {
                x[v] = (float)random.nextGaussian();
            }
        }
        final float[] texture = protocol.textureSd() > 0
            ? new GaussianBlur(1, 1, 1).apply(x, labels.geometry().size(), m_workers) : x;
        final double scale = protocol.textureSd() / SMOOTHED_SD;
        for (int v = 0; v < x.length; v++) {
            x[v] = label[v] == 0 ? 0 : (float)(mean[label[v]] + scale * texture[v]);
        }
        return x;
    }

    private static void contrast(final float[] x, final SiteProtocol protocol) {
        if (protocol.contrastGamma() != 1) {
            final double max = protocol.maxMean();
            for (int v = 0; v < x.length; v++) {
                x[v] = (float)(max * StrictMath.pow(Math.max(x[v], 0) / max, protocol.contrastGamma()));
            }
        }
    }

    private static float[] ghost(final float[] x, final int[] size, final double amplitude) {
        if (amplitude == 0) {
            return x;
        }
        final float[] y = new float[x.length];
        int v = 0;
        for (int k = 0; k < size[2]; k++) {
            for (int j = 0; j < size[1]; j++) {
                final int shifted = (j + size[1] / 2) % size[1];
                for (int i = 0; i < size[0]; i++, v++) {
                    y[v] = (float)(x[v] + amplitude * x[(k * size[1] + shifted) * size[0] + i]);
                }
            }
        }
        return y;
    }

    private static void noiseAndGain(final float[] x, final byte[] label, final SiteProtocol protocol,
        final long seed) {
        final double sigma = protocol.maxMean() / protocol.snr();
        final double gain =
            protocol.gain() * (1 + protocol.gainJitter() * truncated(SeededRandom.of(seed, STREAM_GAIN)));
        final SeededRandom noise = SeededRandom.of(seed, STREAM_NOISE);
        for (int v = 0; v < x.length; v++) {
            if (label[v] == 0) {
                x[v] = 0;
            } else {
                final double real = x[v] + sigma * noise.nextGaussian();
                final double imaginary = sigma * noise.nextGaussian();
                // A tissue voxel stays above 0, so that "> 0" finds the brain whatever the noise.
                x[v] = Math.max((float)(gain * StrictMath.sqrt(real * real + imaginary * imaginary)), Float.MIN_NORMAL);
            }
        }
    }

    /** A normal number within ±3, so that a gain never turns negative. */
    private static double truncated(final SeededRandom random) {
        return Math.max(-3, Math.min(3, random.nextGaussian()));
    }
}
