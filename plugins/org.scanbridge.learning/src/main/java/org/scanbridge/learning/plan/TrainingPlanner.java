package org.scanbridge.learning.plan;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.IntFunction;
import java.util.regex.Pattern;

import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.method.SegmentationOptions;
import org.scanbridge.learning.plan.TrainingPlan.Approach;
import org.scanbridge.learning.plan.TrainingPlan.Augmentation;
import org.scanbridge.learning.plan.TrainingPlan.Normalization;
import org.scanbridge.learning.predict.SlidingWindow;
import org.scanbridge.learning.predict.SlidingWindowPredictor;
import org.scanbridge.learning.train.MemoryEstimate;

/**
 * Proposes a training for a study, a machine and a time. The rules are nnU-Net's (Isensee et al., Nature Methods 2021,
 * Methods: spacing by the median, the 10th percentile of a very anisotropic axis, CT's normalization, patches no larger than
 * the images, pooling down to 4 voxels, a third of the patches on foreground) where training is not limited by time; what the
 * time allows is found by measuring steps:
 * <ul>
 * <li>Of a row of networks from small to large the largest is taken of which {@value #ENOUGH_STEPS} steps fit into the time.
 * Larger ones would see too few patches, smaller ones leave time unused.
 * <li>Voxels become larger until the patch covers a quarter of each edge of the content, but not so large that the thinnest
 * class has fewer than two voxels across.
 * <li>Validations look at whole images, so as many are made, up to {@value #VALIDATIONS}, as fit into what the steps leave of the time.
 * </ul>
 */
public final class TrainingPlanner {

    /** Fewer steps left the networks of our tables on real anatomy far from a flat curve. */
    static final int ENOUGH_STEPS = 1500;

    /** What is left beside validations, reading and writing. */
    private static final double SHARE_OF_STEPS = 0.85;

    /** A step with a domain head and second views takes so many times as long (docs/benchmarks.md). */
    private static final double ADAPTATION = 2.1;

    /** Of the free memory. */
    private static final double SHARE_OF_MEMORY = 0.8;

    /** From this ratio of spacings on an image is a stack of slices: nnU-Net's threshold. */
    private static final double ANISOTROPIC = 3;

    private static final double LOW_PERCENT = 10;

    /** Fewer slices than a 3-D network can pool once. */
    private static final int FEW_SLICES = 8;

    /** The patch covers at least this share of each edge of the content. */
    private static final double COVERED = 0.25;

    private static final double VOXELS_ACROSS = 2;

    private static final double SMALL_STRUCTURES = 0.01;

    private static final int FEW_SUBJECTS = 3;

    /** Augmentation costs Dice on the source while there are few steps. */
    private static final int STEPS_TO_AUGMENT = 3000;

    private static final double ALIKE = 0.5;

    private static final int VALIDATIONS = 20;

    /** Fewer do not show how the curve runs. */
    private static final int FEWEST_VALIDATIONS = 4;

    /** Of the segmented images, that validate: the Subject Splitter's default. */
    private static final double SHARE_OF_VALIDATION = 0.2;

    /** A step computes a patch forward once, and about twice as much backward; a validation forward only. */
    private static final double FORWARD = 1.0 / 3;

    private static final Pattern SIDE = Pattern.compile("(?i)(^|[^a-z])(left|right|lh|rh|[lr])([^a-z]|$)");

    private final Fingerprint m_study;

    private final Resources m_resources;

    private final Map<PlannedSetting, String> m_reasons = new EnumMap<>(PlannedSetting.class);

    private final List<String> m_warnings = new ArrayList<>();

    /** A network with the time its step takes. */
    private record Timed(Candidate candidate, NetworkSpec spec, double seconds) {
    }

    private TrainingPlanner(final Fingerprint study, final Resources resources) {
        m_study = study;
        m_resources = resources;
    }

    /**
     * Plans.
     *
     * @param images of the training, those of unlabeled sites included
     * @param resources the machine and the time
     * @throws LearningException if there are no images, none is segmented, or CT and other images are mixed
     */
    public static TrainingPlan plan(final List<ImageFacts> images, final Resources resources) {
        return new TrainingPlanner(new Fingerprint(images), resources).plan();
    }

    private TrainingPlan plan() {
        if (m_study.labeled().isEmpty() || m_study.classes().isEmpty()) {
            throw new LearningException("None of the " + m_study.images().size() + " images has a segmentation with a label."
                + " A network learns from segmented images: check the segmentation column, or segment some.");
        }
        final long ct = m_study.ct();
        if (ct > 0 && ct < m_study.images().size()) {
            throw new LearningException(ct + " of the " + m_study.images().size() + " images are CT, the others are not. Plan"
                + " for one kind at a time: filter the rows by modality.");
        }
        final boolean lps = !m_study.sameAxes();
        reason(PlannedSetting.AXES, lps ? "The axes of the images run in different ways; a network must see all in one."
            : "The axes of all images run the same way.");
        final double[] original = nativeSpacing();
        final boolean flat = flat(original);
        final Approach approach = approach();
        final int classes = m_study.classes().size() + 1;
        final Timed timed = network(flat, classes, approach, original);
        final double[] spacing = spacing(original, timed.candidate(), flat);
        final NetworkSpec spec = timed.spec();
        final int steps = steps(timed, approach);
        final double share = foregroundShare();
        return new TrainingPlan(lps, List.of(spacing[0], spacing[1], spacing[2]), normalization(ct > 0), spec, approach,
            steps, timed.candidate().batch(), validationInterval(steps, timed, spacing), share, mirror(), augmentation(steps, approach),
            atlas(), timed.seconds(), m_reasons, warnings());
    }

    private void reason(final PlannedSetting setting, final String text) {
        m_reasons.put(setting, text);
    }

    private static String format(final String text, final Object... values) {
        return String.format(Locale.ROOT, text, values);
    }

    /** For messages: {@code 0.4 minutes}, {@code 1 minute}, {@code 2.5 minutes}, {@code 30 minutes}. */
    static String minutes(final double minutes) {
        if (minutes < 0.05) {
            return "less than 0.1 minutes";
        }
        final double shown = minutes < 9.95 ? Math.round(10 * minutes) / 10.0 : Math.round(minutes);
        return shown == 1 ? "1 minute" : format(shown == Math.rint(shown) ? "%.0f minutes" : "%.1f minutes", shown);
    }

    private double[] nativeSpacing() {
        final double[] spacing = new double[3];
        for (int axis = 0; axis < 3; axis++) {
            spacing[axis] = m_study.spacing(axis, 50);
        }
        for (int axis = 0; axis < 3; axis++) {
            final int a = axis;
            final double others = Math.max(spacing[(a + 1) % 3], spacing[(a + 2) % 3]);
            final double fewest = Math.min(m_study.size((a + 1) % 3), m_study.size((a + 2) % 3));
            if (spacing[a] > ANISOTROPIC * others && ANISOTROPIC * m_study.size(a) < fewest) {
                spacing[a] = Math.max(others, m_study.spacing(a, LOW_PERCENT));
            }
        }
        return spacing;
    }

    private boolean flat(final double[] spacing) {
        final double slices = m_study.content(2) / spacing[2];
        final double ratio = spacing[2] / Math.max(spacing[0], spacing[1]);
        final boolean flat = slices < FEW_SLICES || ratio > ANISOTROPIC;
        if (flat) {
            reason(PlannedSetting.ARCHITECTURE, slices < FEW_SLICES
                ? format("The content has %.0f slices, too few for a network that looks across slices.", slices)
                : format("Slices are %.1f times farther apart than pixels: what one shows is not what the next one shows.",
                    ratio));
        } else {
            reason(PlannedSetting.ARCHITECTURE,
                "Slices are close enough for a network that looks across them, which separates what looks alike in one slice.");
        }
        return flat;
    }

    private Approach approach() {
        final boolean unlabeled = !m_study.unlabeledSites().isEmpty();
        reason(PlannedSetting.APPROACH, unlabeled
            ? "Nobody has segmented images of " + String.join(", ", m_study.unlabeledSites()) + ": the network learns the"
                + " task from " + String.join(", ", m_study.labeledSites()) + " and the look of the others without labels."
            : "All sites have segmentations, and nothing teaches as well as those.");
        return unlabeled ? Approach.ADAPTATION : Approach.SUPERVISED;
    }

    private Timed network(final boolean flat, final int classes, final Approach approach, final double[] original) {
        final List<Candidate> fitting = Candidate.of(flat).stream()
            .filter(c -> fits(spec(c, classes, original, flat), c.batch())).toList();
        if (fitting.isEmpty()) {
            final Candidate least = Candidate.of(flat).get(0);
            throw new LearningException("Even the smallest network takes about "
                + (MemoryEstimate.bytes(spec(least, classes, original, flat), least.batch()) >> 20)
                + " MB for a step, more than is free. Close other programs.");
        }
        final Timed best = largest(fitting, classes, approach, original, flat);
        final int steps = stepsIn(best.seconds(), approach);
        final String time = format("A step takes %.2f s here, so %d fit into %s", best.seconds(),
            steps, minutes(m_resources.minutes()));
        reason(PlannedSetting.WIDTH, steps >= ENOUGH_STEPS
            ? time + "; the next larger network would make fewer than " + ENOUGH_STEPS + ", or not fit into memory."
            : time + ", and nothing smaller is worth training.");
        reason(PlannedSetting.PATCH, "As large as time and memory allow beside the width, and no larger than the content.");
        reason(PlannedSetting.LEVELS, "The patch is halved until an axis has 4 voxels left, as nnU-Net does.");
        reason(PlannedSetting.BATCH, "Few large patches, or more small ones: their voxels count.");
        if (steps < ENOUGH_STEPS) {
            m_warnings.add(format("In %s this machine makes %d steps. Networks on real images"
                + " still became better after %d; give it %s or more.", minutes(m_resources.minutes()), steps, ENOUGH_STEPS,
                minutes(Math.ceil(m_resources.minutes() * ENOUGH_STEPS / steps))));
        }
        return best;
    }

    /**
     * The largest network of which enough steps fit into the time, else the smallest; fitting ones ordered by their cost. The ratio of
     * costs says where to look, measuring decides: on real processors a step of a wider network takes less than the ratio says.
     */
    private Timed largest(final List<Candidate> fitting, final int classes, final Approach approach, final double[] original,
        final boolean flat) {
        final Map<Candidate, Timed> measured = new HashMap<>();
        final IntFunction<Timed> timed =
            n -> measured.computeIfAbsent(fitting.get(n), c -> time(c, classes, original, flat));
        final int first = Math.min(1, fitting.size() - 1);
        final double rate = timed.apply(first).seconds() / fitting.get(first).cost();
        int n = 0;
        for (int c = 0; c < fitting.size(); c++) {
            n = stepsIn(rate * fitting.get(c).cost(), approach) >= ENOUGH_STEPS ? c : n;
        }
        while (n > 0 && stepsIn(timed.apply(n).seconds(), approach) < ENOUGH_STEPS) {
            n--;
        }
        while (n + 1 < fitting.size() && stepsIn(timed.apply(n + 1).seconds(), approach) >= ENOUGH_STEPS) {
            n++;
        }
        return timed.apply(n);
    }

    private NetworkSpec spec(final Candidate candidate, final int classes, final double[] original, final boolean flat) {
        final double[] spacing = coarsened(original, candidate, flat);
        return candidate.spec(classes, m_study.content(0) / spacing[0], m_study.content(1) / spacing[1],
            m_study.content(2) / spacing[2]);
    }

    private Timed time(final Candidate candidate, final int classes, final double[] original, final boolean flat) {
        final NetworkSpec spec = spec(candidate, classes, original, flat);
        return new Timed(candidate, spec, m_resources.timer().secondsPerStep(spec, candidate.batch()));
    }

    private boolean fits(final NetworkSpec spec, final int batch) {
        final OptionalLong free = m_resources.freeBytes();
        return free.isEmpty() || MemoryEstimate.bytes(spec, batch) <= SHARE_OF_MEMORY * free.getAsLong();
    }

    private int stepsIn(final double secondsPerStep, final Approach approach) {
        final double seconds = secondsPerStep * (approach == Approach.ADAPTATION ? ADAPTATION : 1);
        return (int)Math.max(1, Math.min(1_000_000, SHARE_OF_STEPS * 60 * m_resources.minutes() / seconds));
    }

    private double[] coarsened(final double[] original, final Candidate candidate, final boolean flat) {
        final double[] spacing = original.clone();
        final double coarsest = m_study.thinnest().orElseThrow().thickness() / VOXELS_ACROSS;
        for (int axis = 0; axis < (flat ? 2 : 3); axis++) {
            final double covering = COVERED * m_study.content(axis) / candidate.edge();
            spacing[axis] = rounded(Math.max(spacing[axis], Math.min(covering, coarsest)), spacing[axis]);
        }
        return spacing;
    }

    /** To 0.05 mm, but never below what there is. */
    private static double rounded(final double spacing, final double least) {
        return spacing == least ? least : Math.max(least, Math.floor(spacing * 20) / 20);
    }

    private double[] spacing(final double[] original, final Candidate candidate, final boolean flat) {
        final double[] spacing = coarsened(original, candidate, flat);
        final Fingerprint.Thinnest thinnest = m_study.thinnest().orElseThrow();
        boolean coarser = false;
        boolean thin = false;
        for (int axis = 0; axis < 3; axis++) {
            coarser |= spacing[axis] > original[axis];
            thin |= spacing[axis] > thinnest.thickness() / VOXELS_ACROSS;
        }
        if (coarser) {
            reason(PlannedSetting.SPACING, format("The median is %s mm; coarser, so that a patch of %d voxels covers more of"
                + " the content, but no coarser than two voxels across %s, which is %.1f mm thick.", text(original),
                candidate.edge(), thinnest.name(), thinnest.thickness()));
        } else {
            reason(PlannedSetting.SPACING, "The median of the images.");
        }
        if (thin) {
            m_warnings.add(format("%s is %.1f mm thick in the median image, fewer than two voxels of %s mm:"
                + " its Dice will suffer from the images' resolution.", thinnest.name(), thinnest.thickness(), text(spacing)));
        }
        return spacing;
    }

    private static String text(final double[] spacing) {
        return format("%.2f × %.2f × %.2f", spacing[0], spacing[1], spacing[2]);
    }

    private Normalization normalization(final boolean ct) {
        reason(PlannedSetting.NORMALIZATION, ct ? "The values are Hounsfield units, the same everywhere: one scale for all"
            + " images, without the extremes of metal and air." : "Values are on no common scale, so each image is brought to"
                + " its own, over its foreground.");
        return ct ? Normalization.CLIPPED_Z_SCORE_OF_ALL : Normalization.Z_SCORE;
    }

    private int steps(final Timed timed, final Approach approach) {
        final int steps = stepsIn(timed.seconds(), approach);
        final int rounded = steps < 100 ? steps : steps / 50 * 50;
        reason(PlannedSetting.STEPS, format("What fits into %s at %.2f s a step%s beside the validations.",
            minutes(m_resources.minutes()), timed.seconds(),
            approach == Approach.ADAPTATION ? ", times " + ADAPTATION + " for what the adaptation adds," : ""));
        return rounded;
    }

    private int validationInterval(final int steps, final Timed timed, final double[] spacing) {
        final double seconds = validationSeconds(timed, spacing);
        final double affordable = (1 - SHARE_OF_STEPS) * 60 * m_resources.minutes() / seconds;
        final int most = steps < 10 * VALIDATIONS ? FEWEST_VALIDATIONS : VALIDATIONS;
        final int count = (int)Math.max(FEWEST_VALIDATIONS, Math.min(most, affordable));
        final String time = format("A validation takes about %.1f s here if a fifth of the segmented images validates", seconds);
        final String why = affordable < FEWEST_VALIDATIONS ? " are the fewest that show how the curve runs."
            : count == most ? " show whether the curve is flat." : " take no more time than the steps leave.";
        reason(PlannedSetting.VALIDATION_INTERVAL, time + "; " + count + why);
        if (affordable < FEWEST_VALIDATIONS) {
            m_warnings.add(format("The fewest validations that show a curve, %d, take %s beside the steps: let fewer images validate, or"
                + " give it more time.", FEWEST_VALIDATIONS, minutes(FEWEST_VALIDATIONS * seconds / 60)));
        }
        return Math.max(1, steps / count);
    }

    /** Seconds of a validation, which looks at whole images. */
    private double validationSeconds(final Timed timed, final double[] spacing) {
        final int[] size = new int[3];
        for (int axis = 0; axis < 3; axis++) {
            size[axis] = (int)Math.ceil(m_study.extent(axis) / spacing[axis]);
        }
        final long images = Math.max(1, Math.round(SHARE_OF_VALIDATION * m_study.labeled().size()));
        return images * SlidingWindow.blocks(timed.spec().patchSize(), size, SlidingWindowPredictor.DEFAULT_OVERLAP)
            * FORWARD * timed.seconds() / timed.candidate().batch();
    }

    private double foregroundShare() {
        final double labeled = m_study.labeledShare();
        final boolean small = labeled < SMALL_STRUCTURES;
        reason(PlannedSetting.FOREGROUND_SHARE, small
            ? format("Only %.2f %% of the content is labeled, so half of the patches are put there.", 100 * labeled)
            : format("%.1f %% of the content is labeled; a third of the patches is centered there, as nnU-Net does.",
                100 * labeled));
        return small ? 0.5 : SegmentationOptions.defaults().centers().share();
    }

    private boolean mirror() {
        final Optional<String> side = m_study.classes().values().stream().filter(n -> SIDE.matcher(n).find()).findFirst();
        reason(PlannedSetting.MIRROR, side.map(n -> "The class \"" + n + "\" tells left from right, which a"
            + " mirrored patch cannot.").orElse("No class name tells left from right, so a mirrored patch is as good."));
        return side.isEmpty();
    }

    private Augmentation augmentation(final int steps, final Approach approach) {
        if (approach == Approach.ADAPTATION) {
            reason(PlannedSetting.AUGMENTATION, "Another scanner is what the network has to be ready for.");
            return Augmentation.OTHER_SCANNERS;
        }
        final boolean enough = steps >= STEPS_TO_AUGMENT;
        reason(PlannedSetting.AUGMENTATION, enough
            ? "There are steps enough to learn from changed patches, too, which makes up for few subjects."
            : "With fewer than " + STEPS_TO_AUGMENT + " steps, changed patches cost more Dice at this site than they bring."
                + " Switch it on if the network has to work elsewhere.");
        return enough ? Augmentation.SAME_KIND : Augmentation.NONE;
    }

    private boolean atlas() {
        final boolean always = m_study.sometimesMissing().isEmpty();
        final boolean alike = m_study.volumeVariation() <= ALIKE;
        final boolean atlas = always && alike && m_study.labeledSubjects() >= FEW_SUBJECTS;
        reason(PlannedSetting.CONTROL, atlas
            ? "Every class is in every segmentation, much the same size: an atlas can describe them, and needs no training."
                + " On real anatomy of another contrast it was better than most networks. Compare."
            : always && alike ? "For an atlas there are too few segmented subjects; compare with the network without adaptation."
                : "Classes are missing in some images, or differ much in size, as lesions do: no atlas can describe them."
                    + " Compare with the network without adaptation.");
        return atlas;
    }

    private List<String> warnings() {
        final int subjects = m_study.labeledSubjects();
        if (subjects < FEW_SUBJECTS) {
            m_warnings.add("Only " + subjects + (subjects == 1 ? " subject is" : " subjects are") + " segmented: nothing is"
                + " left for validation and test. Segment more, or start from a network that others trained.");
        }
        return m_warnings;
    }
}
