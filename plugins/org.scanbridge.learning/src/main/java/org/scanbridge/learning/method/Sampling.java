package org.scanbridge.learning.method;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.data.CaseSet;
import org.scanbridge.learning.data.LoadedCase;
import org.scanbridge.learning.data.PatchCenters;
import org.scanbridge.learning.data.PatchSampler;
import org.scanbridge.learning.data.PatchView;
import org.scanbridge.learning.graph.AdaptationGraphSpec;
import org.scanbridge.learning.graph.AdaptationTerm;
import org.scanbridge.learning.graph.AnchorTerm;
import org.scanbridge.learning.graph.CriticTerm;
import org.scanbridge.learning.graph.SelfTrainingTerm;
import org.scanbridge.learning.graph.TrainingGraph;

/**
 * Makes the batches of a {@link DomainAdaptation} as {@link AdaptationGraphSpec} wants them. Sites are drawn anew for every
 * patch, or, where they have norms of their own, have as many patches each in their part of every batch.
 */
final class Sampling {

    /** Keys of the random streams beside that of the batch. */
    private static final int VIEWS = 1;

    private static final int CRITIC = 2;

    private final DomainAdaptationOptions m_options;

    private final NetworkSpec m_spec;

    private final List<LoadedCase> m_training;

    private final List<String> m_sites;

    private final int m_source;

    private final int m_labeledTarget;

    /** Target cases, and how many of them a teacher says something of. */
    private final int m_targets;

    private final int m_taught;

    private final PatchSampler m_target;

    private final List<String> m_notices;

    /** Where the patch of a slot is drawn from. */
    private final List<PatchSampler> m_slots = new ArrayList<>();

    /** The number of the site of each slot; empty if it is drawn. */
    private final List<Integer> m_siteOfSlots = new ArrayList<>();

    private Sampling(final List<LoadedCase> training, final Set<String> sources, final NetworkSpec spec,
        final DomainAdaptationOptions options) {
        m_options = options;
        m_spec = spec;
        m_training = training;
        m_sites = List.copyOf(sites(training));
        final List<LoadedCase> source = training.stream().filter(c -> sources.contains(c.source().site())).toList();
        final List<LoadedCase> target = training.stream().filter(c -> !sources.contains(c.source().site())).toList();
        final List<LoadedCase> labeled = target.stream().filter(LoadedCase::labeled).toList();
        m_targets = target.size();
        m_taught = (int)target.stream().filter(LoadedCase::taught).count();
        if (options.terms().stream().allMatch(AnchorTerm.class::isInstance) && labeled.isEmpty()) {
            throw new LearningException("There is nothing to adapt by: no method is chosen"
                + (options.targetLabels() ? ", and no target case has a segmentation."
                    : ", and the segmentations of target sites are not used."));
        }
        final int half = options.sourceFree() ? options.segmentation().batch() : options.segmentation().batch() / 2;
        m_source = options.segmentation().batch() - half;
        if (!labeled.isEmpty() && labeled.size() < target.size() && half < 2) {
            throw new LearningException("Batch size " + options.segmentation().batch() + ": with " + labeled.size()
                + " of " + target.size() + " target cases labeled, a step needs at least 4 patches.");
        }
        m_labeledTarget = labeled.isEmpty() ? 0 : labeled.size() == target.size() ? half : half / 2;
        checkTaught(target, half);
        m_target = sampler(target);
        add(m_source, source, "source");
        add(m_labeledTarget, labeled, "labeled target");
        add(half - m_labeledTarget, teachable(target), "target");
        m_notices = notices(target);
    }

    /** Where nothing but a teacher's labels is learned from, target images without any have nothing to say. */
    private List<LoadedCase> teachable(final List<LoadedCase> target) {
        final boolean only = m_options.terms().stream().allMatch(t -> t instanceof AnchorTerm
            || t instanceof SelfTrainingTerm teacher && teacher.usesLabels() && !teacher.usesNetwork());
        return only && m_taught > 0 && !m_options.norms().perSite() ? target.stream().filter(LoadedCase::taught).toList()
            : target;
    }

    private static List<String> notices(final List<LoadedCase> target) {
        final List<LoadedCase> taught = target.stream().filter(LoadedCase::taught).toList();
        final List<String> notices = new ArrayList<>();
        if (!taught.isEmpty() && taught.size() < target.size()) {
            notices.add(taught.size() + " of " + target.size() + " target images " + (taught.size() == 1 ? "has" : "have")
                + " labels by a teacher; the others do not learn from it. Let the Atlas Segmenter segment all images of the"
                + " target sites to teach with all of them.");
        }
        final List<String> empty = taught.stream().filter(LoadedCase::taughtBackgroundOnly)
            .map(c -> c.source().subject() + " of site " + c.source().site()).toList();
        if (!empty.isEmpty()) {
            notices.add("The labels by a teacher are background only for " + empty.size() + " of " + taught.size()
                + " target images (subject " + String.join(", ", empty) + "), so these teach that there is nothing to segment."
                + " Look at the teacher's segmentations, and clear these cells or leave the rows out if that is wrong.");
        }
        return List.copyOf(notices);
    }

    /** What the user should know of what a teacher says. */
    List<String> notices() {
        return m_notices;
    }

    private void checkTaught(final List<LoadedCase> target, final int half) {
        final Optional<SelfTrainingTerm> teacher = m_options.selfTraining();
        if (teacher.isPresent() && m_labeledTarget == half) {
            throw new LearningException("All " + target.size() + " target cases have segmentations that are used, so there is"
                + " nothing to teach: choose no teacher, or do not use the segmentations of target sites.");
        }
        if (teacher.isPresent() && teacher.get().usesLabels() && m_taught == 0) {
            throw new LearningException("None of the " + target.size() + " target cases has labels by a teacher. Let the Atlas"
                + " Segmenter segment the images of the target sites and choose its column, or let the network itself be the"
                + " teacher.");
        }
    }

    /** Adds to the options of a training how many cases a teacher taught. */
    Map<String, String> addTaught(final Map<String, String> options) {
        final Map<String, String> all = new TreeMap<>(options);
        if (m_taught > 0) {
            all.put("taughtCases", m_taught + " of " + m_targets);
        }
        return all;
    }

    /** Source patches per batch. */
    int source() {
        return m_source;
    }

    /** @throws LearningException if there is nothing to adapt by, or the batch cannot be shared by the sites */
    static Sampling of(final CaseSet read, final Set<String> sources, final NetworkSpec spec,
        final DomainAdaptationOptions options) {
        return new Sampling(read.training(), sources, spec, options);
    }

    private static Collection<String> sites(final List<LoadedCase> cases) {
        final Set<String> sites = new TreeSet<>();
        cases.forEach(c -> sites.add(c.source().site()));
        return sites;
    }

    private PatchSampler sampler(final List<LoadedCase> cases) {
        final SegmentationOptions segmentation = m_options.segmentation();
        return new PatchSampler(cases, m_spec.patchSize(), centers(), segmentation.seed(), segmentation.mirror(),
            segmentation.augmentation());
    }

    /**
     * Anywhere, so that sites cannot be told apart by what their patches show; where a teacher says what target images show,
     * source and target patches can be centered on labels alike.
     */
    private PatchCenters centers() {
        final PatchCenters asked = m_options.segmentation().centers();
        return m_taught > 0 && asked.rule() == PatchCenters.Rule.FOREGROUND ? asked : PatchCenters.onForeground(0);
    }

    /** Adds slots whose patches are from some cases. */
    private void add(final int count, final List<LoadedCase> cases, final String what) {
        if (count == 0) {
            return;
        }
        if (!m_options.norms().perSite()) {
            final PatchSampler all = sampler(cases);
            for (int n = 0; n < count; n++) {
                m_slots.add(all);
            }
            return;
        }
        final Collection<String> sites = sites(cases);
        if (count % sites.size() != 0) {
            throw new LearningException(String.format(
                "Norms per site: the %d %s patches of a step of %d cannot be shared equally by the sites %s. Choose another"
                    + " number of patches per step, so that it can, or share the norms.",
                count, what, m_options.segmentation().batch(), sites));
        }
        for (final String site : sites) {
            final PatchSampler own = sampler(cases.stream().filter(c -> c.source().site().equals(site)).toList());
            for (int n = 0; n < count / sites.size(); n++) {
                m_slots.add(own);
                m_siteOfSlots.add(m_sites.indexOf(site));
            }
        }
    }

    /** Target patches per batch that have labels. */
    int labeledTarget() {
        return m_labeledTarget;
    }

    /** All sites, sorted. */
    List<String> sites() {
        return m_sites;
    }

    /** The number of the site of each patch of a batch, where the sites have norms of their own. */
    List<Integer> siteOfSlots() {
        return List.copyOf(m_siteOfSlots);
    }

    /** Draws from all target sites. */
    PatchSampler target() {
        return m_target;
    }

    /** Draws from one site. */
    PatchSampler ofSite(final String site) {
        return sampler(m_training.stream().filter(c -> c.source().site().equals(site)).toList());
    }

    /** The batch of a step. */
    TrainingGraph.Batch batch(final int step) {
        final int batch = m_options.segmentation().batch();
        final int labeled = m_source + m_labeledTarget;
        final int length = m_spec.inputLength();
        final Optional<Double> strength = AdaptationGraphSpec.viewStrength(m_options.terms());
        final int firstView = Math.min(batch, AdaptationGraphSpec.firstView(m_options.terms(),
            m_options.sourceStands() ? m_source : 0, m_source, labeled));
        final int criticSteps = term(CriticTerm.class).map(CriticTerm::criticSteps).orElse(0);
        final int firstOfCritic = batch + batch - firstView;
        final float[] images = new float[(firstOfCritic + criticSteps * batch) * length];
        final byte[] labels = new byte[labeled * m_spec.patchSize().voxels()];
        final int[] numbers = new int[batch];
        final int patch = m_spec.patchSize().voxels() * m_spec.classes();
        final byte[] taught = new byte[m_taught > 0 ? (batch - labeled) * patch : 0];
        final long seed = m_options.segmentation().seed();
        for (int slot = 0; slot < batch; slot++) {
            final SeededRandom random = SeededRandom.of(seed, step, slot);
            final PatchSampler sampler = m_slots.get(slot);
            numbers[slot] = m_sites.indexOf(slot < labeled ? sampler.drawLabeled(random, images, labels, slot)
                : m_taught > 0 ? sampler.drawTaught(random, images, slot, taught, (slot - labeled) * patch)
                    : sampler.draw(random, images, slot));
            if (slot >= firstView) {
                PatchView.write(images, slot * length, m_spec.inputSize(), m_spec.inputChannels(),
                    SeededRandom.of(seed, step, slot, VIEWS), strength.orElseThrow(), images,
                    (batch + slot - firstView) * length);
            }
        }
        for (int n = 0; n < criticSteps * batch; n++) {
            criticSampler(n % batch).draw(SeededRandom.of(seed, step, n, CRITIC), images, firstOfCritic + n);
        }
        return new TrainingGraph.Batch(images, labels, numbers, taught);
    }

    /** The critic looks at all target images alike, labeled or not, unless the patch must be of its slot's site. */
    private PatchSampler criticSampler(final int slot) {
        final boolean source = slot < m_source;
        return source || m_options.norms().perSite() ? m_slots.get(slot) : m_target;
    }

    private <T extends AdaptationTerm> Optional<T> term(final Class<T> type) {
        return m_options.terms().stream().filter(type::isInstance).map(type::cast).findFirst();
    }
}
