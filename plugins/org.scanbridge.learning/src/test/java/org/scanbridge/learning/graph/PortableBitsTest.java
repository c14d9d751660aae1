package org.scanbridge.learning.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.NetworkSpec.Kind;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.graph.SegmentationLossSpec.DiceForm;
import org.scanbridge.learning.network.Network;
import org.scanbridge.tensorflow.Reproducibility;
import org.scanbridge.tensorflow.TensorFlowRuntime;

/**
 * The same bits on every x86-64 processor with AVX2: hashes of weights after a few steps, made on an Intel processor with
 * AVX-512 and two cores. A processor of another maker, other caches or more cores must give them, too;
 * docs/reproducibility.md says how to ask one that is only emulated.
 */
class PortableBitsTest {

    private static final int BATCH = 4;

    private static final int PATCH = 16;

    private static final int STEPS = 3;

    @ParameterizedTest
    @CsvSource({"GROUP,false,a69df9f2f15d992794b4126b966efc204a9332833fcd75ee25a531e33dab0b84", "BATCH,false,391da9ba6ab848cf66ffb003f4981fe259165b51f60b2d381827f60523e3047a", "GROUP,true,064fcf30268612732ed8417bc9268405d95ee0d6a1352198b0b31580a61d028e"})
    void weightsAfterAFewSteps(final Norm norm, final boolean head, final String expected) throws Exception {
        assumeTrue(TensorFlowRuntime.info().computation().reproducibility() == Reproducibility.PORTABLE,
            "only the portable setting of the engine promises these bits");
        assertEquals(expected, hash(norm, head));
    }

    /** Prints the hashes, for processors on which no tests run. */
    public static void main(final String[] arguments) throws Exception {
        System.out.println(TensorFlowRuntime.info().computation().describe());
        System.out.println("GROUP " + hash(Norm.GROUP, false));
        System.out.println("BATCH " + hash(Norm.BATCH, false));
        System.out.println("GROUP with domain head " + hash(Norm.GROUP, true));
    }

    private static String hash(final Norm norm, final boolean head) throws Exception {
        final NetworkSpec network = new NetworkSpec(Kind.UNET_3D, 1, 4, 8, 3, norm, PatchSize.cube(PATCH));
        final List<Double> ones = Collections.nCopies(4, 1.0);
        final int labeled = head ? BATCH / 2 : BATCH;
        final TrainingGraphSpec spec = new TrainingGraphSpec(network, BATCH, labeled,
            new SegmentationLossSpec(DiceForm.MEAN, 1, ones, 1, ones), Set.of(),
            head ? Optional.of(new DomainHeadSpec(2, DomainHeadSpec.Attachment.LAST_DECODER, DomainHeadSpec.Shape.PATCH, 16))
                : Optional.empty(),
            1, OptimizerSpec.adam());
        final Random random = new Random(1);
        final float[] images = new float[BATCH * network.patchSize().voxels()];
        for (int v = 0; v < images.length; v++) {
            images[v] = (float)random.nextGaussian();
        }
        final byte[] labels = new byte[labeled * network.patchSize().voxels()];
        random.nextBytes(labels);
        for (int v = 0; v < labels.length; v++) {
            labels[v] &= 3;
        }
        return TensorFlowRuntime.call(() -> {
            try (TrainingGraph graph = new TrainingGraph(spec, Network.untrained(network, 1).weights())) {
                for (int step = 1; step <= STEPS; step++) {
                    graph.step(new TrainingGraph.Batch(images, labels, new int[]{0, 0, 1, 1}),
                        new TrainingGraph.Rates(step, 1e-3, 1e-3, 0.5));
                }
                return graph.weights().hash();
            }
        });
    }
}
