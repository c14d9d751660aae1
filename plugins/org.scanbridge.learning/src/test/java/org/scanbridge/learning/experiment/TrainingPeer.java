package org.scanbridge.learning.experiment;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.phantom.PhantomStudy;
import org.scanbridge.imaging.phantom.SiteProtocols;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.data.CaseSet;
import org.scanbridge.learning.data.PatchAugmentation;
import org.scanbridge.learning.data.PatchSampler;
import org.scanbridge.learning.data.Role;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.graph.TrainingGraph;
import org.scanbridge.learning.method.SegmentationOptions;
import org.scanbridge.learning.method.SegmentationTraining;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.predict.SlidingWindowPredictor;

/**
 * This side of {@code benchmarks/peers/train.py}: whole trainings of a 3-D U-Net (width 8, 3 levels, group norm, patches of
 * 32³) on phantoms of one scanner, with the options that the Segmentation Learner starts with. Writes the images and labels, and for each
 * seed the initial weights and the first batches without augmentation; then answers
 * <ul>
 * <li>{@code train <seed> <steps> plain|augmented}: seconds from the cases in memory to the trained network; writes the losses of
 * the first steps;
 * <li>{@code segment}: seconds to segment the test images with it; writes the classes;
 * <li>{@code batch plain|augmented}: processor seconds to prepare a batch, the median of many.
 * </ul>
 */
public final class TrainingPeer {

    private static final int CLASSES = 4;

    private static final int SIZE = 64;

    private static final int TRAINING = 6;

    private static final int TEST = 3;

    /** Steps whose batches and losses are written. */
    private static final int CHECKED = 5;

    /** Batches that are prepared to warm up, and again to be timed. */
    private static final int BATCHES = 200;

    private final NetworkSpec m_spec = NetworkSpec.unet3d(CLASSES, 8, 3, 32);

    private final List<PhantomCases.Pair> m_training;

    private final List<PhantomCases.Pair> m_test;

    private final PeerSide m_side;

    private Network m_trained;

    private TrainingPeer(final Path folder) {
        m_side = new PeerSide(folder);
        final PhantomStudy study = new PhantomStudy(List.of(SiteProtocols.A), SIZE, 1);
        m_training = PhantomCases.pairs(study, 0, 0, TRAINING);
        m_test = PhantomCases.pairs(study, 0, TRAINING, TEST);
    }

    /** @param args folder, number of seeds, which are counted from 1 */
    public static void main(final String[] args) throws Exception {
        final TrainingPeer peer = new TrainingPeer(Path.of(args[0]));
        peer.write("training", peer.m_training);
        peer.write("test", peer.m_test);
        for (int seed = 1; seed <= Integer.parseInt(args[1]); seed++) {
            peer.writeStart(seed);
        }
        peer.m_side.serve(peer::answer);
    }

    private void write(final String what, final List<PhantomCases.Pair> pairs) throws Exception {
        for (int n = 0; n < pairs.size(); n++) {
            m_side.write(what + ".image." + n, pairs.get(n).image().voxels());
            m_side.write(what + ".labels." + n, pairs.get(n).labels().voxels());
        }
    }

    /** What a training starts from, and the batches of its first steps without augmentation. */
    private void writeStart(final int seed) throws Exception {
        final PeerSide side = new PeerSide(Files.createDirectory(m_side.folder().resolve("" + seed)));
        side.writeWeights("weight", Network.untrained(m_spec, seed).weights());
        final SegmentationOptions options = options(false).withSeed(seed);
        final PatchSampler sampler = sampler(options);
        for (int step = 1; step <= CHECKED; step++) {
            final TrainingGraph.Batch drawn = draw(sampler, options, step);
            side.write("images." + step, drawn.images());
            side.write("labels." + step, drawn.labels());
        }
    }

    private static SegmentationOptions options(final boolean augmented) {
        return SegmentationOptions.defaults()
            .withAugmentation(augmented ? ContrastTable.single() : PatchAugmentation.NONE);
    }

    private List<TrainingCase> cases() {
        return PhantomCases.cases(m_training, true, Role.TRAIN);
    }

    private PatchSampler sampler(final SegmentationOptions options) {
        return new PatchSampler(CaseSet.load(cases(), m_spec, c -> true, Progress.NONE).training(), m_spec.patchSize(),
            options.centers(), options.seed(), options.mirror(), options.augmentation());
    }

    /** The batch of a step, as {@link SegmentationTraining} draws it. */
    private TrainingGraph.Batch draw(final PatchSampler sampler, final SegmentationOptions options, final int step) {
        final TrainingGraph.Batch drawn = new TrainingGraph.Batch(new float[options.batch() * m_spec.inputLength()],
            new byte[options.batch() * m_spec.patchSize().voxels()], new int[options.batch()]);
        for (int slot = 0; slot < options.batch(); slot++) {
            sampler.drawLabeled(SeededRandom.of(options.seed(), step, slot), drawn.images(), drawn.labels(), slot);
        }
        return drawn;
    }

    private double answer(final String line) throws Exception {
        final String[] words = line.split(" ");
        return switch (words[0]) {
            case "train" -> train(Integer.parseInt(words[1]), Integer.parseInt(words[2]), words[3].equals("augmented"));
            case "segment" -> segment();
            case "batch" -> batch(words[1].equals("augmented"));
            default -> throw new IllegalArgumentException("unknown line \"" + line + '"');
        };
    }

    private double train(final int seed, final int steps, final boolean augmented) throws Exception {
        final Network start = Network.untrained(m_spec, seed);
        final List<TrainingCase> cases = cases();
        final SegmentationOptions options = options(augmented).withSeed(seed).withSteps(steps);
        final float[] losses = new float[steps];
        final double seconds = PeerSide.seconds(() -> m_trained = SegmentationTraining.run(start, cases, options, Progress.NONE,
            metrics -> losses[metrics.step() - 1] = (float)metrics.loss()).network());
        m_side.write("losses", Arrays.copyOf(losses, CHECKED));
        return seconds;
    }

    private double segment() throws Exception {
        final List<byte[]> classes = new ArrayList<>();
        final double seconds = PeerSide.seconds(() -> {
            try (SlidingWindowPredictor window = new SlidingWindowPredictor(m_trained)) {
                m_test.forEach(pair -> classes.add(window.predict(pair.image(), Progress.NONE).voxels()));
            }
        });
        for (int n = 0; n < classes.size(); n++) {
            m_side.write("classes." + n, classes.get(n));
        }
        return seconds;
    }

    private double batch(final boolean augmented) {
        final SegmentationOptions options = options(augmented);
        final PatchSampler sampler = sampler(options);
        final List<Double> times = new ArrayList<>();
        for (int step = 1; step <= 2 * BATCHES; step++) {
            final long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            draw(sampler, options, step);
            if (step > BATCHES) {
                times.add((ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before) / 1e9);
            }
        }
        return times.stream().sorted().toList().get(BATCHES / 2);
    }
}
