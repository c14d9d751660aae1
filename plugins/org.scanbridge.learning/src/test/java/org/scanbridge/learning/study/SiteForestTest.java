package org.scanbridge.learning.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.random.SeededRandom;

class SiteForestTest {

    private static final int SAMPLES = 300;

    /** Samples of two classes that differ in the sign of the product of two features, which no single one tells. */
    private static List<float[]> features(final long seed, final boolean informative, final int[] labels) {
        final SeededRandom random = new SeededRandom(seed);
        final List<float[]> features = new ArrayList<>();
        for (int n = 0; n < SAMPLES; n++) {
            final float[] f = new float[4];
            for (int i = 0; i < f.length; i++) {
                f[i] = (float)random.nextGaussian();
            }
            features.add(f);
            labels[n] = informative ? f[0] * f[1] > 0 ? 1 : 0 : random.nextInt(2);
        }
        return features;
    }

    private static double accuracy(final boolean informative) {
        final int[] labels = new int[SAMPLES];
        final SiteForest forest = new SiteForest(features(1, informative, labels), labels, 2, 3);
        final int[] truth = new int[SAMPLES];
        final List<float[]> others = features(2, informative, truth);
        int right = 0;
        for (int n = 0; n < SAMPLES; n++) {
            right += forest.predict(others.get(n)) == truth[n] ? 1 : 0;
        }
        return (double)right / SAMPLES;
    }

    @Test
    void tellsWhatNoSingleFeatureTells() {
        assertTrue(accuracy(true) > 0.85, "" + accuracy(true));
    }

    /** Within four standard deviations of a coin's. */
    @Test
    void isAtChanceWhereThereIsNothingToTell() {
        assertEquals(0.5, accuracy(false), 4 * 0.5 / Math.sqrt(SAMPLES));
    }

    @Test
    void oneClassIsAlwaysRight() {
        final SiteForest forest = new SiteForest(List.of(new float[]{1}, new float[]{2}), new int[]{1, 1}, 2, 1);
        assertEquals(1, forest.predict(new float[]{Float.NaN}));
    }
}
