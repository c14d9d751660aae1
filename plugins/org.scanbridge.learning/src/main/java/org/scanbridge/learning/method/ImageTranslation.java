package org.scanbridge.learning.method;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.NetworkPlan;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.architecture.Weights;
import org.scanbridge.learning.data.CaseSet;
import org.scanbridge.learning.data.LoadedCase;
import org.scanbridge.learning.data.PatchSampler;
import org.scanbridge.learning.data.Role;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.graph.TrainingGraph;
import org.scanbridge.learning.graph.TranslationGraph;
import org.scanbridge.learning.graph.TranslationGraphSpec;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.network.Provenance;
import org.scanbridge.learning.train.Checkpoints;
import org.scanbridge.learning.train.TrainingListener;
import org.scanbridge.learning.train.TrainingLoop;
import org.scanbridge.learning.train.TranslationResult;
import org.scanbridge.learning.train.TranslationSession;
import org.scanbridge.learning.train.Validation;

/**
 * Unpaired image translation (CycleGAN; Zhu, Park, Isola, Efros: Unpaired image-to-image translation using
 * cycle-consistent adversarial networks, ICCV 2017). A generator G makes images that look like the target's from images x of
 * the source, a generator F the reverse from images y of the target; a discriminator D_T scores regions of target images, a
 * discriminator D_S regions of source images. No image needs a counterpart at the other site, and no labels are read. With E
 * the mean over patches and voxels or regions:
 *
 * <pre>
 * G, F:  min  E (D_T(G(x)) - 1)² + E (D_S(F(y)) - 1)²                    adversarial (least squares: Mao et al., ICCV 2017)
 *             + λ [ E |F(G(x)) - x| + E |G(F(y)) - y| ]                  cycle (eq. 2), λ = 10
 *             + μ [ E |F(x) - x| + E |G(y) - y| ]                        identity (section 5.2), μ = λ / 2 = 5
 * D_T:   min  ½ E (D_T(y) - 1)² + ½ E D_T(ỹ)²                            ỹ from a pool of 50 past G(x)
 * D_S:   min  ½ E (D_S(x) - 1)² + ½ E D_S(x̃)²                            x̃ from a pool of 50 past F(y)
 * </pre>
 *
 * In each step G and F are updated together, then both discriminators on the same real patches. Adam at 2e-4 with β₁ 0.5,
 * constant in the first half of the steps and falling in a straight line in the second, kernels initially N(0, 0.02). As in
 * the paper intensities count on a scale from -1 to 1 in all losses; images go in and come out on a scale from 0 to 1.
 * {@link ImageTranslationOptions#paper} has these numbers, {@link ImageTranslationOptions#defaults} others for trainings of
 * minutes, and says why.
 * <p>
 * Other than in the paper, the generators are U-Nets with instance or group normalization instead of a ResNet with nine
 * blocks, and with {@code SIGMOID_RESIDUAL} they start as the identity. The last step's weights are kept, as no loss tells
 * which are the best.
 * <p>
 * The losses ask that images look like the other site's and that they can be translated back. They do not ask that anatomy
 * stays where it is: with other people or other diseases at the other site, generators may move, add or remove structures
 * (Cohen, Luck, Honari: Distribution matching losses can hallucinate features in medical image translation, MICCAI 2018).
 */
public final class ImageTranslation {

    /** Name of the method in the provenance. */
    public static final String METHOD = "image-translation";

    /** Rounding of a scale to [0, 1] in single precision. */
    private static final float TOLERANCE = 1e-5f;

    private ImageTranslation() {
    }

    /** Which sites are on which side. */
    private record Sides(Set<String> sources, Set<String> targets) {
    }

    /**
     * Trains on the images of the training cases of both sides. Runs the steps on the calling thread and stops between two
     * steps when the progress is cancelled.
     *
     * @param generator architecture of both generators: a U-Net for images in [0, 1] with group or instance normalization
     * @param cases cases of both sides, scaled to [0, 1] by one rule; validation cases and cases of further sites are not
     *            read
     * @param options how to train
     * @param checkpoints where to save the state now and then; the training goes on from a state that is there, with the
     *            bits it would have had
     * @param progress learns of the steps, cancels them
     * @param listener learns of the metrics of each step; their loss is the generators'
     * @return both generators
     * @throws LearningException if the architecture does not fit, a side has no images, a site is on both sides, an image
     *             has values outside [0, 1] or only one value, the memory would not suffice, or the training diverges
     * @throws UncheckedIOException if a state cannot be saved or read
     */
    public static TranslationResult run(final NetworkSpec generator, final List<TrainingCase> cases,
        final ImageTranslationOptions options, final Optional<Checkpoints> checkpoints, final Progress progress,
        final TrainingListener listener) {
        final long start = System.nanoTime();
        check(generator);
        final Sides sides = sides(cases, options);
        final TranslationGraphSpec graph = graph(generator, options);
        final List<TrainingCase> used = cases.stream().filter(c -> c.role() == Role.TRAIN)
            .filter(c -> sides.sources().contains(c.site()) || sides.targets().contains(c.site())).toList();
        final CaseSet read = CaseSet.load(used, generator, c -> false, progress.part(0, 0.05));
        read.training().forEach(ImageTranslation::check);
        final PatchSampler source = sampler(read, sides.sources(), generator, options);
        final PatchSampler target = sampler(read, sides.targets(), generator, options);
        final TrainingLoop loop = new TrainingLoop(options.steps(),
            step -> batch(source, target, generator, options, step), (step, curve) -> {
                final double factor = options.factor(step, curve);
                return new TrainingGraph.Rates(step, options.learningRate() * factor,
                    options.discriminatorLearningRate() * factor, Double.NaN);
            }, new Validation(List.of(), generator), options.steps(), new TrainingLoop.Selection(false, 0));
        return new TranslationSession(untrained(generator, options.seed()), untrained(generator, ~options.seed()), read,
            graph, loop, System.nanoTime() - start).run(METHOD, options.seed(), options.asMap(), checkpoints,
                progress.part(0.05, 1), listener);
    }

    private static Network untrained(final NetworkSpec spec, final long seed) {
        return new Network(spec,
            Weights.initial(NetworkPlan.of(spec).parameters(), seed, TranslationGraph.INITIAL_DEVIATION), LabelSet.of(),
            Provenance.untrained(seed));
    }

    private static void check(final NetworkSpec generator) {
        if (!generator.output().image() || !generator.kind().isUNet() || generator.norm() == Norm.BATCH) {
            throw new LearningException("The network is " + generator + ". Translation trains U-Nets that make images, with "
                + "group or instance normalization: the statistics of a batch would mix real and generated images.");
        }
    }

    private static TranslationGraphSpec graph(final NetworkSpec generator, final ImageTranslationOptions options) {
        try {
            return new TranslationGraphSpec(generator, options.batch(), options.discriminator(), options.cycleWeight(),
                options.identityWeight(), options.pool(), options.seed(), options.optimizer(), options.device());
        } catch (final IllegalArgumentException e) {
            throw new LearningException(e.getMessage(), e);
        }
    }

    private static Sides sides(final List<TrainingCase> cases, final ImageTranslationOptions options) {
        final Set<String> all = cases.stream().filter(c -> c.role() == Role.TRAIN).map(TrainingCase::site)
            .collect(Collectors.toCollection(TreeSet::new));
        if (all.size() < 2) {
            throw new LearningException("The training images are from "
                + (all.isEmpty() ? "no site" : "one site only, " + all)
                + ". Translation learns from images of two sites at least: check the site column, and look whether a filter"
                + " removed the other site.");
        }
        final Set<String> sources = new TreeSet<>(options.sources());
        final Set<String> targets = new TreeSet<>(options.targets());
        if (targets.isEmpty()) {
            targets.addAll(all);
            targets.removeAll(sources);
        }
        for (final Set<String> side : List.of(sources, targets)) {
            final String name = side == sources ? "source" : "target";
            if (side.isEmpty()) {
                throw new LearningException("There is no " + name + " site: the training images are of " + all
                    + ", the source sites are " + sources + ". Name sites so that each side has at least one.");
            }
            final List<String> missing = side.stream().filter(s -> !all.contains(s)).toList();
            if (!missing.isEmpty()) {
                throw new LearningException("The " + name + " sites " + missing + " have no training images; there are"
                    + " images of " + all + ". Choose among these, or add images.");
            }
        }
        final List<String> both = sources.stream().filter(targets::contains).toList();
        if (!both.isEmpty()) {
            throw new LearningException("The sites " + both
                + " are both source and target. Name each site on one side only.");
        }
        return new Sides(sources, targets);
    }

    private static void check(final LoadedCase loaded) {
        float min = Float.POSITIVE_INFINITY;
        float max = Float.NEGATIVE_INFINITY;
        for (final float[] channel : loaded.image().channels()) {
            for (final float v : channel) {
                min = Math.min(min, v);
                max = Math.max(max, v);
            }
        }
        final String which = "The image of subject " + loaded.source().subject() + " of site " + loaded.source().site();
        if (min == max) {
            throw new LearningException(which + " has the value " + min
                + " everywhere: there is nothing to translate. Leave it out.");
        }
        if (min < -TOLERANCE || max > 1 + TOLERANCE) {
            throw new LearningException(which + " has values from " + min + " to " + max + ", outside the range from 0 to 1."
                + " Scale all images of all sites to that range by one rule, with the Volume Normalizer: minimum and"
                + " maximum, statistics over the data set.");
        }
    }

    private static PatchSampler sampler(final CaseSet read, final Set<String> sites, final NetworkSpec generator,
        final ImageTranslationOptions options) {
        return new PatchSampler(read.training().stream().filter(c -> sites.contains(c.source().site())).toList(),
            generator.patchSize(), 0, options.mirror());
    }

    /** The source's patches, then as many of the target. */
    private static TrainingGraph.Batch batch(final PatchSampler source, final PatchSampler target,
        final NetworkSpec generator, final ImageTranslationOptions options, final int step) {
        final int patches = 2 * options.batch();
        final float[] images = new float[patches * generator.patchSize().voxels() * generator.inputChannels()];
        final int[] sides = new int[patches];
        for (int slot = 0; slot < patches; slot++) {
            sides[slot] = slot / options.batch();
            (sides[slot] == 0 ? source : target).draw(SeededRandom.of(options.seed(), step, slot), images, slot);
        }
        return new TrainingGraph.Batch(images, new byte[0], sides);
    }
}
