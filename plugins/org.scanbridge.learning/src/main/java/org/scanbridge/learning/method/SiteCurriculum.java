package org.scanbridge.learning.method;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.data.Role;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.network.NetworkAverage;
import org.scanbridge.learning.network.NormRule;
import org.scanbridge.learning.train.Checkpoints;

/**
 * What a network forgets that is trained on one site after the other: after each site it is measured at all of them. Beside
 * plain training two ways against forgetting: replay, in which some subjects of each earlier site are kept and every site is
 * equally likely to be drawn (Rolnick et al., NeurIPS 2019), and averaging of the weights before and after each site
 * (WiSE-FT: Wortsman et al., CVPR 2022), θ = (1 − α) θ_before + α θ_after; and as the control a network that sees all sites at
 * once for as many steps as the others take in all.
 * <p>
 * A training validates on the cases of the sites it trains on. The first site's network is the same for all ways. Subjects that
 * are replayed stay the same while further sites are added.
 */
public final class SiteCurriculum {

    private static final long KEPT = 0x7265706c6179L; // the draw of the subjects, apart from that of the patches

    /** How the next site is learned. */
    public enum Way {
        /** On its cases alone. */
        PLAIN,
        /** On its cases and some of each earlier site. */
        REPLAY,
        /** On its cases alone, then the weights are averaged with those before. */
        AVERAGED,
        /** All sites at once. */
        JOINT
    }

    /**
     * What a network of the study achieves at a site.
     *
     * @param way how it was trained
     * @param sites number of sites that it has been trained on
     * @param trained the last one; blank for all at once
     * @param tested where it is measured
     * @param seed of the trainings
     * @param dice mean over test cases and foreground classes; NaN if no test case has a class
     * @param auc the same mean of the area under the ROC curve, see {@link TransferStudy.Row#auc()}
     */
    public record Row(Way way, int sites, String trained, String tested, long seed, double dice, double auc) {
    }

    private final Network m_start;

    private final List<TrainingCase> m_cases;

    private final Map<String, List<TrainingCase>> m_test = new LinkedHashMap<>();

    private final SiteCurriculumOptions m_options;

    private final Optional<Checkpoints> m_checkpoints;

    private final Progress m_progress;

    private final StudyNotices m_notices;

    private final int m_trainings;

    private int m_done;

    private final List<Row> m_rows = new ArrayList<>();

    private SiteCurriculum(final Network start, final List<TrainingCase> cases, final List<TrainingCase> test,
        final SiteCurriculumOptions options, final Optional<Checkpoints> checkpoints, final Progress progress,
        final StudyNotices notices) {
        m_start = start;
        m_cases = cases.stream().filter(TrainingCase::labeled).toList();
        options.order().forEach(site -> m_test.put(site,
            test.stream().filter(c -> c.labeled() && c.site().equals(site)).toList()));
        m_options = options;
        m_checkpoints = checkpoints;
        m_progress = progress;
        m_notices = notices;
        final int later = options.order().size() - 1;
        // the second site's training of the averaged way is that of the plain one
        m_trainings = options.seeds() * (1 + later * (options.replay() > 0 ? 2 : 1)
            + (options.share() > 0 ? later - 1 : 0) + (options.joint() ? 1 : 0));
    }

    /**
     * Runs the study.
     *
     * @param start what the training at the first site starts from
     * @param cases training cases of all sites, and validation cases if weights are to be chosen
     * @param test labeled test cases of all sites, subjects of their own; their role does not matter
     * @param options what to try
     * @param checkpoints where the states of trainings are kept, so that an interrupted study goes on after its last finished
     *            training with the same bits; empty for nowhere
     * @param progress learns of the trainings; cancels between steps
     * @param notices learns what there is to say of their cases
     * @return by seed, then way, number of sites and tested site
     * @throws LearningException if a site of the order has no labeled training or test case, or fewer subjects than are to be
     *             replayed; or a test subject is trained or validated on
     * @throws UncheckedIOException if states cannot be kept
     */
    public static List<Row> run(final Network start, final List<TrainingCase> cases, final List<TrainingCase> test,
        final SiteCurriculumOptions options, final Optional<Checkpoints> checkpoints, final Progress progress,
        final StudyNotices notices) {
        start.spec().requireTrainable();
        final SiteCurriculum study = new SiteCurriculum(start, cases, test, options, checkpoints, progress, notices);
        study.check();
        for (int s = 0; s < options.seeds(); s++) {
            study.repetition(options.training().seed() + s);
        }
        return study.m_rows;
    }

    private void check() {
        final List<String> order = m_options.order();
        final Set<String> used = m_cases.stream().map(TrainingCase::subject).collect(Collectors.toSet());
        for (int n = 0; n < order.size(); n++) {
            final String site = order.get(n);
            final int subjects = subjects(site).size();
            if (subjects == 0) {
                throw new LearningException("No training case of site \"" + site + "\" has a segmentation. Sites with labeled "
                    + "training cases: " + m_cases.stream().filter(c -> c.role() == Role.TRAIN).map(TrainingCase::site)
                        .collect(Collectors.toCollection(TreeSet::new)) + ". Change \"Order of sites\", or add segmentations.");
            }
            if (n < order.size() - 1 && subjects < m_options.replay()) {
                throw new LearningException("The study asks to replay " + m_options.replay() + " subjects of each earlier site, but "
                    + "site \"" + site + "\" has only " + subjects + " labeled training subjects. Replay fewer.");
            }
            if (m_test.get(site).isEmpty()) {
                throw new LearningException("No test case of site \"" + site + "\" has a segmentation, so nothing can be measured "
                    + "there. Connect labeled test subjects of every site, or leave the site out of \"Order of sites\".");
            }
            for (final TrainingCase each : m_test.get(site)) {
                if (used.contains(each.subject())) {
                    throw new LearningException("Subject " + each.subject() + " is a test subject, but also trained or validated "
                        + "on. Split by subject, so that all images of a subject have one role.");
                }
            }
        }
    }

    private void repetition(final long seed) {
        final List<String> order = m_options.order();
        final SegmentationOptions training = m_options.training().withSeed(seed);
        final Network first = train(m_start, of(order.get(0)), training, "on site " + order.get(0));
        final List<Network> plain = new ArrayList<>(List.of(first));
        final List<Network> replay = new ArrayList<>(List.of(first));
        final List<Network> averaged = new ArrayList<>(List.of(first));
        for (int n = 1; n < order.size(); n++) {
            final List<TrainingCase> cases = of(order.get(n));
            final String site = "on site " + order.get(n);
            plain.add(train(plain.get(n - 1), cases, training, site));
            if (m_options.replay() > 0) {
                final List<TrainingCase> together = new ArrayList<>(cases);
                order.subList(0, n).forEach(earlier -> together.addAll(kept(earlier, seed)));
                replay.add(train(replay.get(n - 1), together, training, site + " with replay"));
            }
            if (m_options.share() > 0) {
                final Network before = averaged.get(n - 1);
                final Network after = n == 1 ? plain.get(1) : train(before, cases, training, site);
                averaged.add(NetworkAverage.interpolate(before, after, m_options.share(), NormRule.AVERAGED, true));
            }
        }
        measure(Way.PLAIN, plain, 0, seed);
        measure(Way.REPLAY, replay, 1, seed);
        measure(Way.AVERAGED, averaged, 1, seed);
        if (m_options.joint()) {
            final SegmentationOptions longer = training.withSteps(Math.multiplyExact(training.steps(), order.size()));
            final Network all = train(m_start, order.stream().flatMap(site -> of(site).stream()).toList(), longer,
                "on all sites");
            measure(Way.JOINT, all, order.size(), "", seed);
        }
    }

    private Network train(final Network start, final List<TrainingCase> cases, final SegmentationOptions options,
        final String what) {
        final String name = "Network " + (m_done + 1) + " of " + m_trainings + ": ";
        final Progress part =
            m_progress.part((double)m_done / m_trainings, (m_done + 0.9) / m_trainings);
        m_done++;
        return SegmentationTraining.run(start, cases, options, m_checkpoints,
            (fraction, message) -> part.report(fraction, name + message), m_notices.of(what)).network();
    }

    private void measure(final Way way, final List<Network> networks, final int from, final long seed) {
        for (int n = from; n < networks.size(); n++) {
            measure(way, networks.get(n), n + 1, m_options.order().get(n), seed);
        }
    }

    private void measure(final Way way, final Network network, final int sites, final String trained, final long seed) {
        m_test.forEach((site, cases) -> {
            final TransferStudy.Row row = TransferStudy.source(network, cases, (fraction, message) -> m_progress
                .report((m_done - 0.1) / m_trainings, "Measuring at site " + site + ": " + message));
            m_rows.add(new Row(way, sites, trained, site, seed, row.dice(), row.auc()));
        });
    }

    private List<TrainingCase> of(final String site) {
        return m_cases.stream().filter(c -> c.site().equals(site)).toList();
    }

    private List<String> subjects(final String site) {
        return List.copyOf(of(site).stream().filter(c -> c.role() == Role.TRAIN).map(TrainingCase::subject)
            .collect(Collectors.toCollection(TreeSet::new)));
    }

    /** Validation cases, too: the site counts in the choice of weights as long as it is trained on. */
    private List<TrainingCase> kept(final String site, final long seed) {
        final List<String> subjects = subjects(site);
        final int[] order = new int[subjects.size()];
        for (int n = 0; n < order.length; n++) {
            order[n] = n;
        }
        SeededRandom.of(seed, KEPT, site.hashCode()).shuffle(order);
        final Set<String> chosen = new TreeSet<>();
        for (int n = 0; n < m_options.replay(); n++) {
            chosen.add(subjects.get(order[n]));
        }
        return of(site).stream().filter(c -> c.role() == Role.VALIDATION || chosen.contains(c.subject())).toList();
    }
}
