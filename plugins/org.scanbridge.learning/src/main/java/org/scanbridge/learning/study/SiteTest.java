package org.scanbridge.learning.study;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.scanbridge.imaging.stats.Percentiles;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;

/**
 * Can a random forest tell from a small cube of an image which site it is from? Cubes of 8³ voxels on a regular grid, at
 * least half of them in the segmented tissue; their features are percentiles, mean and standard deviation of the
 * intensities and of the differences of neighbors (noise, sharpness). Trained on training subjects, tested on others.
 */
final class SiteTest {

    private static final int EDGE = 8;

    private static final double[] PERCENTS = {5, 25, 50, 75, 95};

    private final List<String> m_sites;

    private final List<float[]> m_trainingFeatures = new ArrayList<>();

    private final List<Integer> m_trainingSites = new ArrayList<>();

    private final List<float[]> m_testFeatures = new ArrayList<>();

    private final List<Integer> m_testSites = new ArrayList<>();

    SiteTest(final List<String> sites) {
        m_sites = List.copyOf(sites);
    }

    /** Takes in an image. */
    void add(final String site, final Volume image, final LabelVolume labels, final boolean test) {
        final int[] size = image.geometry().size();
        for (int k = 0; k + EDGE <= size[2]; k += EDGE) {
            for (int j = 0; j + EDGE <= size[1]; j += EDGE) {
                for (int i = 0; i + EDGE <= size[0]; i += EDGE) {
                    final float[] features = features(image, labels, new int[]{i, j, k});
                    if (features.length > 0) {
                        (test ? m_testFeatures : m_trainingFeatures).add(features);
                        (test ? m_testSites : m_trainingSites).add(m_sites.indexOf(site));
                    }
                }
            }
        }
    }

    /** @return empty if less than half of the cube is tissue */
    private static float[] features(final Volume image, final LabelVolume labels, final int[] start) {
        final int[] size = image.geometry().size();
        final float[] values = new float[EDGE * EDGE * EDGE];
        double difference = 0;
        int pairs = 0;
        int n = 0;
        for (int k = start[2]; k < start[2] + EDGE; k++) {
            for (int j = start[1]; j < start[1] + EDGE; j++) {
                for (int i = start[0]; i < start[0] + EDGE; i++) {
                    final int v = (k * size[1] + j) * size[0] + i;
                    if (labels.voxels()[v] != 0) {
                        values[n++] = image.voxels()[v];
                        if (i > start[0] && labels.voxels()[v - 1] != 0) {
                            difference += Math.abs(image.voxels()[v] - image.voxels()[v - 1]);
                            pairs++;
                        }
                    }
                }
            }
        }
        if (2 * n < values.length) {
            return new float[0];
        }
        final float[] tissue = Arrays.copyOf(values, n);
        final double[] percentiles = Percentiles.of(tissue, PERCENTS);
        double sum = 0;
        double squares = 0;
        for (final float v : tissue) {
            sum += v;
            squares += (double)v * v;
        }
        final float[] features = new float[PERCENTS.length + 3];
        for (int p = 0; p < PERCENTS.length; p++) {
            features[p] = (float)percentiles[p];
        }
        features[PERCENTS.length] = (float)(sum / n);
        features[PERCENTS.length + 1] = (float)Math.sqrt(Math.max(0, squares / n - sum / n * sum / n));
        features[PERCENTS.length + 2] = (float)(difference / Math.max(1, pairs));
        return features;
    }

    /** The share of test cubes whose site is told, every site counting the same; NaN if there is nothing to tell. */
    double accuracy(final long seed) {
        if (m_trainingFeatures.isEmpty() || m_testFeatures.isEmpty()) {
            return Double.NaN;
        }
        final SiteForest forest = new SiteForest(m_trainingFeatures,
            m_trainingSites.stream().mapToInt(Integer::intValue).toArray(), m_sites.size(), seed);
        final int[] right = new int[m_sites.size()];
        final int[] all = new int[m_sites.size()];
        for (int n = 0; n < m_testFeatures.size(); n++) {
            final int site = m_testSites.get(n);
            all[site]++;
            right[site] += forest.predict(m_testFeatures.get(n)) == site ? 1 : 0;
        }
        double sum = 0;
        int sites = 0;
        for (int s = 0; s < all.length; s++) {
            if (all[s] > 0) {
                sum += (double)right[s] / all[s];
                sites++;
            }
        }
        return sum / sites;
    }
}
