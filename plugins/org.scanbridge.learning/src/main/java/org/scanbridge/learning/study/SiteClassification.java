package org.scanbridge.learning.study;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.split.SubjectFolds;
import org.scanbridge.imaging.split.SubjectSplit;
import org.scanbridge.learning.LearningException;

import net.imglib2.parallel.TaskExecutor;
import net.imglib2.parallel.TaskExecutors;

/**
 * Can a random forest tell from the features of a row which site it is from? Cross-validated by subject, so that it cannot
 * know a row's subject; the accuracy is balanced: the mean over sites of the share of their rows that are told, so chance is one
 * over the number of sites however many rows each has. A permutation test says how often sites that are dealt anew to
 * the subjects are told as well (Ojala and Garriga, Permutation tests for studying classifier performance, JMLR 11, 2010): the
 * p-value is (1 + number of permutations at least as accurate) / (1 + number of permutations) (Phipson and Smyth 2010).
 * <p>
 * Sites are dealt among subjects with the same number of rows, and within a subject among its rows, so that what a permutation
 * keeps together is what belongs together: with one row per subject, or subjects of one site each, it is a plain permutation of
 * subjects; with subjects who traveled between the sites, it deals the sites of each among its own images, too.
 */
public final class SiteClassification {

    /** Permutations between two reports of progress. */
    private static final int TOGETHER = 16;

    private final List<String> m_names;

    private final int[] m_sites;

    /** Rows of each subject; a subject's rows are in table order. */
    private final List<int[]> m_subjects;

    /** Fold of each row, from 1 on. */
    private final int[] m_folds;

    private final int m_count;

    private final long m_seed;

    /** Features that may depend on which rows a fold learns from. */
    @FunctionalInterface
    public interface Features {

        /**
         * @param training rows that may be learned from, in increasing order
         * @return by row (all of them), then by feature; finite
         */
        double[][] of(int... training);
    }

    /**
     * How well sites are told.
     *
     * @param accuracy balanced, in [0, 1]
     * @param chance one over the number of sites
     * @param permutations how many there were
     * @param permuted mean accuracy of the permutations; NaN without any
     * @param p of the permutation test, in (0, 1]; NaN without permutations
     */
    public record Outcome(double accuracy, double chance, int permutations, double permuted, double p) {
    }

    /**
     * @param sites of the rows
     * @param subjects of the rows
     * @param folds at least 2
     * @param seed of folds, forests and permutations
     * @throws LearningException if there are less than two sites, or a site has less than two subjects, or there are fewer
     *             subjects than folds
     */
    public SiteClassification(final List<String> sites, final List<String> subjects, final int folds, final long seed) {
        m_names = List.copyOf(new TreeSet<>(sites));
        m_sites = sites.stream().mapToInt(m_names::indexOf).toArray();
        m_count = folds;
        m_seed = seed;
        if (m_names.size() < 2) {
            throw new LearningException(m_names.isEmpty() ? "There are no rows to tell sites by."
                : "There is one site, " + m_names.get(0) + ", and nothing to tell apart.");
        }
        final Map<String, Set<String>> bySite = new TreeMap<>();
        final Map<String, List<Integer>> bySubject = new LinkedHashMap<>();
        for (int r = 0; r < sites.size(); r++) {
            bySite.computeIfAbsent(sites.get(r), s -> new HashSet<>()).add(subjects.get(r));
            bySubject.computeIfAbsent(subjects.get(r), s -> new ArrayList<>()).add(r);
        }
        bySite.forEach((site, of) -> {
            if (of.size() < 2) {
                throw new LearningException("Site " + site
                    + " has one subject, so its rows cannot be both learned from and tested. Add subjects, or filter the site out.");
            }
        });
        if (bySubject.size() < folds) {
            throw new LearningException("There are " + bySubject.size() + " subjects for " + folds
                + " folds. Choose fewer \"Folds\", or add subjects.");
        }
        m_subjects = bySubject.values().stream().map(l -> l.stream().mapToInt(Integer::intValue).toArray()).toList();
        final SubjectFolds dealt = SubjectFolds.of(IntStream.range(0, sites.size())
            .mapToObj(r -> new SubjectSplit.Subject(subjects.get(r), sites.get(r))).toList(), folds, seed);
        m_folds = subjects.stream().mapToInt(dealt::fold).toArray();
    }

    /** Rows that a fold learns from, in increasing order. */
    private int[] training(final int fold) {
        return IntStream.range(0, m_folds.length).filter(r -> m_folds[r] != fold).toArray();
    }

    /**
     * Tells sites by features.
     *
     * @param features see there; where they depend on the sites of the training rows, such as harmonized ones, the permutations
     *            keep them as they are
     * @param permutations 0 for no test
     * @param progress told between permutations
     */
    public Outcome of(final Features features, final int permutations, final Progress progress) {
        final List<List<float[]>> byFold = new ArrayList<>();
        for (int fold = 1; fold <= m_count; fold++) {
            byFold.add(scaled(features.of(training(fold))));
        }
        final double accuracy = accuracy(byFold, m_sites);
        final double[] permuted = new double[permutations];
        try (TaskExecutor workers = TaskExecutors.multiThreaded()) {
            for (int from = 0; from < permutations; from += TOGETHER) {
                progress.report((double)from / permutations, "Permutation " + (from + 1) + " of " + permutations);
                workers.forEach(IntStream.range(from, Math.min(permutations, from + TOGETHER)).boxed().toList(),
                    p -> permuted[p] = accuracy(byFold, permuted(p)));
            }
        }
        final long asGood = Arrays.stream(permuted).filter(a -> a >= accuracy - 1e-12).count();
        return new Outcome(accuracy, 1.0 / m_names.size(), permutations, Arrays.stream(permuted).average().orElse(Double.NaN),
            permutations == 0 ? Double.NaN : (1.0 + asGood) / (1.0 + permutations));
    }

    /** Each feature by its mean and spread: trees do not mind, and single precision then suffices for features of any size. */
    private static List<float[]> scaled(final double[][] features) {
        final int width = features[0].length;
        final float[][] scaled = new float[features.length][width];
        for (int f = 0; f < width; f++) {
            final int feature = f;
            final double mean = Arrays.stream(features).mapToDouble(r -> r[feature]).average().orElseThrow();
            final double deviation = Math.sqrt(
                Arrays.stream(features).mapToDouble(r -> (r[feature] - mean) * (r[feature] - mean)).average().orElseThrow());
            for (int r = 0; r < features.length; r++) {
                scaled[r][f] = deviation == 0 ? 0 : (float)((features[r][f] - mean) / deviation);
            }
        }
        return List.of(scaled);
    }

    private double accuracy(final List<List<float[]>> byFold, final int... sites) {
        final int[] all = new int[m_names.size()];
        final int[] right = new int[m_names.size()];
        for (int fold = 1; fold <= m_count; fold++) {
            final List<float[]> features = byFold.get(fold - 1);
            final int[] training = training(fold);
            final SiteForest forest = new SiteForest(Arrays.stream(training).mapToObj(features::get).toList(),
                Arrays.stream(training).map(r -> sites[r]).toArray(), m_names.size(), m_seed + fold);
            for (int r = 0; r < m_folds.length; r++) {
                if (m_folds[r] == fold) {
                    all[sites[r]]++;
                    right[sites[r]] += forest.predict(features.get(r)) == sites[r] ? 1 : 0;
                }
            }
        }
        double accuracy = 0;
        for (int s = 0; s < all.length; s++) {
            accuracy += (double)right[s] / all[s] / all.length;
        }
        return accuracy;
    }

    /** The sites dealt anew. */
    int[] permuted(final int permutation) {
        final SeededRandom random = SeededRandom.of(m_seed, 7, permutation);
        final Map<Integer, List<int[]>> bySize = new TreeMap<>();
        m_subjects.forEach(s -> bySize.computeIfAbsent(s.length, n -> new ArrayList<>()).add(s));
        final int[] dealt = new int[m_sites.length];
        bySize.forEach((size, subjects) -> {
            final int[] order = IntStream.range(0, subjects.size()).toArray();
            random.shuffle(order);
            for (int s = 0; s < order.length; s++) {
                final int[] rows = subjects.get(order[s]).clone();
                random.shuffle(rows);
                for (int r = 0; r < size; r++) {
                    dealt[subjects.get(s)[r]] = m_sites[rows[r]];
                }
            }
        });
        return dealt;
    }
}
