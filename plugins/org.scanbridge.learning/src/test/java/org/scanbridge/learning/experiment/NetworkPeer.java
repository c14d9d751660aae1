package org.scanbridge.learning.experiment;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.NetworkSpec.Kind;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.graph.OptimizerSpec;
import org.scanbridge.learning.graph.SegmentationLossSpec;
import org.scanbridge.learning.graph.SegmentationLossSpec.DiceForm;
import org.scanbridge.learning.graph.TrainingGraph;
import org.scanbridge.learning.graph.TrainingGraphSpec;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.predict.SlidingWindowPredictor;
import org.scanbridge.tensorflow.TensorFlowRuntime;

/**
 * This side of {@code benchmarks/peers/step.py} and {@code segment.py}: a 3-D U-Net of 3 levels, 4 classes and random
 * weights. Writes weights, inputs and what it computed from them, and then answers every line with the seconds that the work of
 * that name took, as {@link PeerSide} says.
 */
public final class NetworkPeer {

    private static final int BATCH = 4;

    private static final int CLASSES = 4;

    private final NetworkSpec m_spec;

    private final Network m_network;

    private final PeerSide m_side;

    private NetworkPeer(final NetworkSpec spec, final Path folder) {
        m_spec = spec;
        m_network = Network.untrained(spec, 1);
        m_side = new PeerSide(folder);
    }

    /**
     * @param args step, segment or predict, folder, width, block size, norm; but for step the image's size along i, j, k. Only
     *            segment writes probabilities, whose maps take memory that segmenting alone does not
     */
    public static void main(final String[] args) throws Exception {
        final NetworkSpec spec = new NetworkSpec(Kind.UNET_3D, 1, CLASSES, Integer.parseInt(args[2]), 3,
            Norm.valueOf(args[4]), PatchSize.cube(Integer.parseInt(args[3])));
        final NetworkPeer peer = new NetworkPeer(spec, Path.of(args[1]));
        peer.m_side.writeWeights("weight", peer.m_network.weights());
        TensorFlowRuntime.call(() -> {
            if (args[0].equals("step")) {
                peer.step();
            } else {
                peer.segment(
                    new int[]{Integer.parseInt(args[5]), Integer.parseInt(args[6]), Integer.parseInt(args[7])},
                    args[0].equals("segment"));
            }
            return null;
        });
    }

    private static float[] noise(final int count) {
        final Random random = new Random(1);
        final float[] values = new float[count];
        for (int v = 0; v < count; v++) {
            values[v] = (float)random.nextGaussian();
        }
        return values;
    }

    /** Gradients are what a step of plain gradient descent with a rate of 1 takes away from the weights. */
    private void step() throws Exception {
        final float[] images = noise(BATCH * m_spec.patchSize().voxels());
        final byte[] labels = new byte[images.length];
        new Random(2).nextBytes(labels);
        for (int v = 0; v < labels.length; v++) {
            labels[v] &= CLASSES - 1;
        }
        m_side.write("images", images);
        m_side.write("labels", labels);
        try (TrainingGraph graph = graph(OptimizerSpec.sgd(0))) {
            m_side.write("probabilities", graph.probabilities(images, BATCH));
            final double loss = graph.step(new TrainingGraph.Batch(images, labels, new int[BATCH]),
                new TrainingGraph.Rates(1, 1, 1, 0)).segmentationLoss();
            m_side.write("loss", new float[]{(float)loss});
            m_side.writeWeights("stepped", graph.weights());
        }
        try (TrainingGraph graph = graph(OptimizerSpec.adam())) {
            final int[] steps = new int[1];
            m_side.serve(line -> PeerSide.seconds(line.equals("step")
                ? () -> graph.step(new TrainingGraph.Batch(images, labels, new int[BATCH]),
                    new TrainingGraph.Rates(++steps[0], 1e-3, 1e-3, 0))
                : () -> graph.probabilities(images, BATCH)));
        }
    }

    private TrainingGraph graph(final OptimizerSpec optimizer) {
        final List<Double> ones = Collections.nCopies(CLASSES, 1.0);
        return new TrainingGraph(new TrainingGraphSpec(m_spec, BATCH, BATCH,
            new SegmentationLossSpec(DiceForm.MEAN, 1, ones, 1, ones), Set.of(), Optional.empty(), 1, optimizer),
            m_network.weights());
    }

    private void segment(final int[] size, final boolean maps) throws Exception {
        final float[] voxels = noise(size[0] * size[1] * size[2]);
        m_side.write("images", voxels);
        final Volume volume = new Volume(voxels, Geometry.axial(size, 1, 1, 1), VolumeInfo.UNKNOWN);
        try (SlidingWindowPredictor window = new SlidingWindowPredictor(m_network, 0.5)) {
            if (maps) {
                writeProbabilities(window.probabilities(volume, Progress.NONE));
            }
            m_side.serve(line -> PeerSide.seconds(() -> window.predict(volume, Progress.NONE)));
        }
    }

    private void writeProbabilities(final List<Volume> maps) throws Exception {
        for (int c = 0; c < maps.size(); c++) {
            m_side.write("probabilities." + c, maps.get(c).voxels());
        }
    }
}
