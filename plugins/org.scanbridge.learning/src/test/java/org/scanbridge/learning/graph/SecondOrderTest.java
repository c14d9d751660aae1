package org.scanbridge.learning.graph;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.scanbridge.learning.architecture.NetworkRegion;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gradients;
import org.tensorflow.types.TFloat32;

/**
 * The gradients of gradients that {@link GradientRegistry} adds: what is checked by differences is the gradient of the sum
 * of squares of a layer.
 */
class SecondOrderTest {

    private static void check(final GradientCheck inputs, final GradientCheck.Builder layer) throws Exception {
        inputs.check((tf, in) -> {
            final Operand<TFloat32> y = tf.reshape(layer.build(tf, in), tf.constant(new int[]{-1}));
            final Gradients gradients = Gradients.create(tf.scope(), tf.sum(tf.math.square(y), tf.constant(0)), in,
                Gradients.dx(List.of(tf.constant(1f))));
            Operand<TFloat32> all = flat(tf, gradients.dy(0));
            for (int n = 1; n < in.size(); n++) {
                all = tf.concat(List.of(all, flat(tf, gradients.dy(n))), tf.constant(0));
            }
            return all;
        });
    }

    private static Operand<TFloat32> flat(final Ops tf, final Operand<TFloat32> x) {
        return tf.reshape(x, tf.constant(new int[]{-1}));
    }

    @Test
    void convolution() throws Exception {
        for (final int stride : new int[]{1, 2}) {
            check(new GradientCheck(1e-2).normal(2, 4, 4, 4, 2).normal(3, 3, 3, 2, 3),
                (tf, in) -> new Layers(tf).convolution(in.get(0), in.get(1), stride));
        }
    }

    @Test
    void convolutionOfSlices() throws Exception {
        check(new GradientCheck(1e-2).normal(2, 1, 5, 4, 2).normal(1, 3, 3, 2, 3),
            (tf, in) -> new Layers(tf).convolution(in.get(0), in.get(1), 1));
    }

    @Test
    void upsampledConvolution() throws Exception {
        check(new GradientCheck(1e-2).normal(1, 2, 2, 2, 2).normal(1, 4, 4, 4, 1).normal(3, 3, 3, 3, 2),
            (tf, in) -> new Layers(tf).upsampledConvolution(in.get(0), in.get(1), in.get(2)));
    }

    @Test
    void bias() throws Exception {
        check(new GradientCheck(1e-2).normal(2, 2, 2, 2, 3).normal(3),
            (tf, in) -> tf.math.square(new Layers(tf).bias(in.get(0), in.get(1))));
    }

    @Test
    void relu() throws Exception {
        check(new GradientCheck(1e-3).distinct(2, 2, 2, 2, 3), (tf, in) -> new Layers(tf).relu(in.get(0)));
    }

    @Test
    void pool() throws Exception {
        check(new GradientCheck(1e-2).distinct(1, 4, 4, 4, 2), (tf, in) -> new Layers(tf).pool(in.get(0)));
    }

    @Test
    void groupNorm() throws Exception {
        check(new GradientCheck(1e-2).normal(2, 2, 2, 2, 4).normal(4).normal(4),
            (tf, in) -> new Layers(tf).groupNorm(in.get(0), in.get(1), in.get(2), 2));
    }

    @Test
    void upsampling() throws Exception {
        check(new GradientCheck(1e-2).normal(1, 2, 2, 2, 2),
            (tf, in) -> new Layers(tf).upsample(tf.math.square(in.get(0)), false));
    }

    /** Losses of classes and regions, with voxels that are not annotated: the inner step of MASF goes through them. */
    @Test
    void segmentationLosses() throws Exception {
        final List<Double> weights = List.of(1.0, 3.0, 0.5);
        final NetworkSpec classes = NetworkSpec.unet3d(3, 1, 1, 2);
        final NetworkSpec regions = classes.withRegions(List.of(new NetworkRegion("a", List.of(1, 2)),
            new NetworkRegion("b", List.of(2)), new NetworkRegion("c", List.of(1))));
        final int[] labels = {0, 1, NetworkSpec.UNANNOTATED, 2, 1, 0};
        for (final NetworkSpec network : List.of(classes, regions)) {
            for (final double gamma : new double[]{0, 2}) {
                final SegmentationLossSpec loss = new SegmentationLossSpec(SegmentationLossSpec.DiceForm.MEAN, 1, weights, 1,
                    weights, gamma, 0.5, true);
                check(new GradientCheck(1e-2).normal(1, 1, 1, 6, 3), (tf, in) -> new Losses(tf)
                    .segmentation(in.get(0), new Targets(tf, network, true).of(tf.constant(labels)), loss).total());
            }
        }
    }
}
