package org.scanbridge.learning.experiment;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.NetworkSpec.Kind;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.architecture.Parameter;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.architecture.Weights;
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
 * weights. Writes weights, inputs and what it computed from them as raw little-endian floats into a folder, prints
 * {@code ready}, and then answers every line of standard input with the seconds that the work of that name took.
 */
public final class NetworkPeer {

    private static final int BATCH = 4;

    private static final int CLASSES = 4;

    private final NetworkSpec m_spec;

    private final Network m_network;

    private final Path m_folder;

    private final BufferedReader m_in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));

    private NetworkPeer(final NetworkSpec spec, final Path folder) {
        m_spec = spec;
        m_network = Network.untrained(spec, 1);
        m_folder = folder;
    }

    /** @param args step or segment, folder, width, block size, norm; for segment the image's size along i, j, k */
    public static void main(final String[] args) throws Exception {
        final NetworkSpec spec = new NetworkSpec(Kind.UNET_3D, 1, CLASSES, Integer.parseInt(args[2]), 3,
            Norm.valueOf(args[4]), PatchSize.cube(Integer.parseInt(args[3])));
        final NetworkPeer peer = new NetworkPeer(spec, Path.of(args[1]));
        peer.writeWeights("weight", peer.m_network.weights());
        TensorFlowRuntime.call(() -> {
            if (args[0].equals("step")) {
                peer.step();
            } else {
                peer.segment(
                    new int[]{Integer.parseInt(args[5]), Integer.parseInt(args[6]), Integer.parseInt(args[7])});
            }
            return null;
        });
    }

    /** One line per parameter in parameters.txt: its name and shape; its values in a file of its own. */
    private void writeWeights(final String what, final Weights weights) throws IOException {
        final StringBuilder list = new StringBuilder();
        for (final Parameter p : weights.parameters()) {
            list.append(p.name()).append(' ')
                .append(p.shape().stream().map(String::valueOf).collect(Collectors.joining(","))).append('\n');
            write(what + '.' + p.name().replace('/', '.'), weights.get(p.name()));
        }
        Files.writeString(m_folder.resolve("parameters.txt"), list);
    }

    private void write(final String name, final float[] values) throws IOException {
        final ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        Files.write(m_folder.resolve(name), bytes.array());
    }

    private static float[] noise(final int count) {
        final Random random = new Random(1);
        final float[] values = new float[count];
        for (int v = 0; v < count; v++) {
            values[v] = (float)random.nextGaussian();
        }
        return values;
    }

    private static void say(final String line) {
        final PrintStream out = System.out;
        out.println(line);
        out.flush();
    }

    /** Runs work as often as lines come, and says how long it took. */
    private void serve(final Runnable step, final Runnable forward) throws IOException {
        say("ready " + TensorFlowRuntime.info().computation().describe());
        for (String line = m_in.readLine(); line != null; line = m_in.readLine()) {
            if (line.equals("memory")) {
                say(Files.readAllLines(Path.of("/proc/self/status")).stream().filter(l -> l.startsWith("VmHWM"))
                    .map(l -> l.replaceAll("\\D", "")).findFirst().orElse("0"));
                continue;
            }
            final long start = System.nanoTime();
            (line.equals("step") ? step : forward).run();
            say(Double.toString((System.nanoTime() - start) / 1e9));
        }
    }

    /** Gradients are what a step of plain gradient descent with a rate of 1 takes away from the weights. */
    private void step() throws Exception {
        final float[] images = noise(BATCH * m_spec.patchSize().voxels());
        final byte[] labels = new byte[images.length];
        new Random(2).nextBytes(labels);
        final float[] written = new float[labels.length];
        for (int v = 0; v < labels.length; v++) {
            labels[v] &= CLASSES - 1;
            written[v] = labels[v];
        }
        write("images", images);
        write("labels", written);
        try (TrainingGraph graph = graph(OptimizerSpec.sgd(0))) {
            write("probabilities", graph.probabilities(images, BATCH));
            final double loss = graph.step(new TrainingGraph.Batch(images, labels, new int[BATCH]),
                new TrainingGraph.Rates(1, 1, 1, 0)).segmentationLoss();
            write("loss", new float[]{(float)loss});
            writeWeights("stepped", graph.weights());
        }
        try (TrainingGraph graph = graph(OptimizerSpec.adam())) {
            final int[] steps = new int[1];
            serve(() -> graph.step(new TrainingGraph.Batch(images, labels, new int[BATCH]),
                new TrainingGraph.Rates(++steps[0], 1e-3, 1e-3, 0)), () -> graph.probabilities(images, BATCH));
        }
    }

    private TrainingGraph graph(final OptimizerSpec optimizer) {
        final List<Double> ones = Collections.nCopies(CLASSES, 1.0);
        return new TrainingGraph(new TrainingGraphSpec(m_spec, BATCH, BATCH,
            new SegmentationLossSpec(DiceForm.MEAN, 1, ones, 1, ones), Set.of(), Optional.empty(), 1, optimizer),
            m_network.weights());
    }

    private void segment(final int[] size) throws Exception {
        final float[] voxels = noise(size[0] * size[1] * size[2]);
        write("images", voxels);
        final Volume volume = new Volume(voxels, Geometry.axial(size, 1, 1, 1), VolumeInfo.UNKNOWN);
        try (SlidingWindowPredictor window = new SlidingWindowPredictor(m_network, 0.5)) {
            final List<Volume> maps = window.probabilities(volume, Progress.NONE);
            for (int c = 0; c < maps.size(); c++) {
                write("probabilities." + c, maps.get(c).voxels());
            }
            serve(() -> window.predict(volume, Progress.NONE), () -> window.predict(volume, Progress.NONE));
        }
    }
}
