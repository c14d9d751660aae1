package org.scanbridge.imaging.augment;

import java.util.List;
import java.util.Map;

import org.scanbridge.imaging.parallel.Chunks;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.volume.Volume;

/**
 * Mixes the image with what a shallow network of random convolutions makes of it: global intensity non-linear augmentation,
 * GIN (Ouyang et al.: Causality-inspired single-source domain generalization for medical image segmentation, IEEE TMI 42,
 * 2023, early access 2022). With z the image standardized by mean and standard deviation of its foreground and g the network,
 * z' = α g(z) + (1 - α) z, α uniform; the result is z' ‖z‖/‖z'‖ (Frobenius norms over the foreground) in the units of the
 * image. Kernels of each layer are 1³ or 3³ with equal chances (of which one plane counts for an image of one slice), weights and shifts
 * standard normal, with a leaky ReLU of slope 0.01 after all layers but the last, and zeros around the image. Shapes stay,
 * contrasts and textures become others. The background stays 0; a constant foreground stays.
 * <p>
 * Needs the memory of 2·channels + 1 further images.
 *
 * @param layers number of layers, within [1, 10]
 * @param channels between the layers, within [1, 16]
 * @param alpha what α is drawn from, in [0, 1]; 0 changes nothing
 */
public record RandomConvolutions(int layers, int channels, Range alpha) implements Augmentation {

    /** Four layers of two channels, α from 0 to 1, as the paper. */
    public static final RandomConvolutions DEFAULT = new RandomConvolutions(4, 2, new Range(0, 1));

    private static final String ALPHA = "random convolutions (alpha)";

    private static final int MAX_LAYERS = 10;

    private static final int MAX_CHANNELS = 16;

    /** @throws IllegalArgumentException if a number is out of range */
    public RandomConvolutions {
        alpha.within(0, 1, "alpha of random convolutions");
        if (layers < 1 || layers > MAX_LAYERS || channels < 1 || channels > MAX_CHANNELS) {
            throw new IllegalArgumentException(layers + " layers of " + channels + " channels of random convolutions; there"
                + " must be 1 to " + MAX_LAYERS + " layers and 1 to " + MAX_CHANNELS + " channels");
        }
    }

    @Override
    public List<String> parameterNames() {
        return List.of(ALPHA);
    }

    @Override
    public Transformation draw(final SeededRandom random) {
        final double a = alpha.draw(random);
        final Convolution[] network = new Convolution[layers];
        for (int l = 0; l < layers; l++) {
            final int from = l == 0 ? 1 : channels;
            final int to = l == layers - 1 ? 1 : channels;
            final int size = random.happens(0.5) ? 3 : 1;
            // Of a kernel of 3³ voxels, only the middle plane counts for an image of one slice.
            final float[] weights = new float[to * from * size * size * size];
            for (int w = 0; w < weights.length; w++) {
                weights[w] = (float)random.nextGaussian();
            }
            final float[] shifts = new float[to];
            for (int c = 0; c < to; c++) {
                shifts[c] = (float)random.nextGaussian();
            }
            network[l] = new Convolution(from, to, size, weights, shifts);
        }
        return IntensityChange.of(Map.of(ALPHA, a), (image, target) -> mix(image, network, a, target));
    }

    /** Writes the mixed image. */
    static void mix(final Volume image, final Convolution[] network, final double alpha, final float[] target) {
        final float[] x = image.voxels();
        final ForegroundIntensities fg = new ForegroundIntensities(image);
        if (alpha == 0 || fg.sd() == 0) {
            System.arraycopy(x, 0, target, 0, x.length);
            return;
        }
        final float[] z = new float[x.length];
        final double mean = fg.mean();
        final double sd = fg.sd();
        for (int v = 0; v < z.length; v++) {
            z[v] = (float)((x[v] - mean) / sd);
        }
        float[][] now = {z};
        for (int l = 0; l < network.length; l++) {
            final float[][] in = now;
            final float[][] out = new float[network[l].to()][x.length];
            final Convolution layer = network[l];
            final boolean leaky = l < network.length - 1;
            Chunks.withWorkers(x.length, w -> layer.apply(in, image.geometry().size(), leaky, out, w));
            now = out;
        }
        final float[] g = now[0];
        double before = 0;
        double after = 0;
        for (int v = 0; v < z.length; v++) {
            g[v] = (float)(alpha * g[v] + (1 - alpha) * z[v]);
            if (x[v] != 0) {
                before += (double)z[v] * z[v];
                after += (double)g[v] * g[v];
            }
        }
        final double scale = after > 0 ? sd * Math.sqrt(before / after) : 0;
        fg.map(target, v -> mean + scale * g[v]);
    }
}
