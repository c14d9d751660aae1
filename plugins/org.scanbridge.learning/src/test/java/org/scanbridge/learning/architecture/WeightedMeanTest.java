package org.scanbridge.learning.architecture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.Parameter.Init;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class WeightedMeanTest {

    private static final List<Parameter> PARAMETERS = List.of(new Parameter("b/kernel", List.of(4), Init.ZEROS, true),
        new Parameter("b/mean", List.of(2), Init.ZEROS, false), new Parameter("b/variance", List.of(2), Init.ONES, false));

    private static Weights weights(final float[] kernel, final float[] mean, final float[] variance) {
        return new Weights(PARAMETERS, Map.of("b/kernel", kernel, "b/mean", mean, "b/variance", variance));
    }

    private static final Weights ONE =
        weights(new float[]{0.1f, -0.2f, 0.3f, 1e-8f}, new float[]{0.5f, -0.125f}, new float[]{1, 0.01f});

    private static final Weights TWO =
        weights(new float[]{0.7f, 0.25f, -1.5f, 3e7f}, new float[]{1.75f, 0.3f}, new float[]{2.5f, 4});

    private static final Weights THREE =
        weights(new float[]{-0.9f, 0.05f, 2, -3e7f}, new float[]{-2, 0.9f}, new float[]{0.3f, 9});

    /** Values of PyTorch 2.15: sum(n_k * state_dict_k.double()) / sum(n), rounded to float32, for 8, 3 and 5 cases. */
    @Test
    void weighsAsFederatedAveragingInPyTorch() {
        final Weights mean = WeightedMean.of(List.of(ONE, TWO, THREE), List.of(8.0, 3.0, 5.0));
        assertArrayEquals(new float[]{-0.09999999403953552f, -0.03750000149011612f, 0.4937500059604645f, -3750000f},
            mean.get("b/kernel"));
        assertArrayEquals(new float[]{-0.046875f, 0.2750000059604645f}, mean.get("b/mean"));
        assertArrayEquals(new float[]{1.0625f, 3.567500114440918f}, mean.get("b/variance"));
    }

    /** Values of {@code torch.lerp(one.double(), two.double(), 0.3)} of PyTorch 2.15, rounded to float32. */
    @Test
    void interpolatesAsPyTorch() {
        final Weights mean = WeightedMean.of(List.of(ONE, TWO), List.of(0.7, 0.3));
        assertArrayEquals(new float[]{0.2800000011920929f, -0.0650000050663948f, -0.23999999463558197f, 9000000f},
            mean.get("b/kernel"));
        assertArrayEquals(new float[]{0.875f, 0.002500003669410944f}, mean.get("b/mean"));
        assertArrayEquals(new float[]{1.4500000476837158f, 1.2070000171661377f}, mean.get("b/variance"));
    }

    @Provide
    Arbitrary<List<Weights>> networks() {
        return Arbitraries.longs().map(WeightedMeanTest::random).list().ofMinSize(1).ofMaxSize(6);
    }

    @Provide
    Arbitrary<Double> share() {
        return Arbitraries.doubles().between(1e-9, 1e9).ofScale(10);
    }

    /** Any finite bits, so that values of all sizes and both zeros come. */
    private static Weights random(final long seed) {
        final Random random = new Random(seed);
        final float[][] values = {new float[4], new float[2], new float[2]};
        for (final float[] v : values) {
            for (int n = 0; n < v.length; n++) {
                do {
                    v[n] = random.nextInt(8) == 0 ? -0f : Float.intBitsToFloat(random.nextInt());
                } while (!Float.isFinite(v[n]));
            }
        }
        return weights(values[0], values[1], values[2]);
    }

    @Property(tries = 300)
    void theMeanOfEqualNetworksIsThatNetworkBitForBit(@ForAll final long seed, @ForAll("shares") final List<Double> shares) {
        assertArrayEquals(random(seed).toBytes(),
            WeightedMean.of(shares.stream().map(s -> random(seed)).toList(), shares).toBytes());
    }

    @Provide
    Arbitrary<List<Double>> shares() {
        return share().list().ofMinSize(1).ofMaxSize(8);
    }

    @Property(tries = 300)
    void theOrderOfTheNetworksDoesNotMatterForABit(@ForAll("networks") final List<Weights> networks, @ForAll final Random random) {
        final List<Integer> order = new ArrayList<>();
        final List<Double> shares = new ArrayList<>();
        for (int n = 0; n < networks.size(); n++) {
            order.add(n);
            shares.add(0.001 + random.nextDouble());
        }
        Collections.shuffle(order, random);
        assertArrayEquals(WeightedMean.of(networks, shares).toBytes(),
            WeightedMean.of(order.stream().map(networks::get).toList(), order.stream().map(shares::get).toList()).toBytes());
    }

    @Property(tries = 300)
    void whereOneCountsItsBitsStay(@ForAll final long seed, @ForAll final long other, @ForAll("share") final double share) {
        assertArrayEquals(random(seed).toBytes(),
            WeightedMean.of(List.of(random(seed), random(other)), List.of(share, 0.0)).toBytes());
        assertArrayEquals(random(seed).toBytes(),
            WeightedMean.of(List.of(random(other), random(seed)), List.of(0.0, share)).toBytes());
    }

    @Property(tries = 300)
    void liesBetweenTheSmallestAndTheLargest(@ForAll final long a, @ForAll final long b, @ForAll("share") final double share) {
        final Weights one = random(a);
        final Weights two = random(b);
        WeightedMean.of(List.of(one, two), List.of(share, 1.0)).values().forEach((name, values) -> {
            for (int v = 0; v < values.length; v++) {
                final float x = one.get(name)[v];
                final float y = two.get(name)[v];
                assertTrue(values[v] >= Math.min(x, y) && values[v] <= Math.max(x, y), values[v] + " of " + x + ", " + y);
            }
        });
    }

    @Test
    void keepsWhatIsAskedFor() {
        final Weights mixed = WeightedMean.keeping(ONE, TWO, p -> p.ofNorm() && !p.trainable());
        assertArrayEquals(ONE.get("b/kernel"), mixed.get("b/kernel"));
        assertArrayEquals(TWO.get("b/mean"), mixed.get("b/mean"));
        assertArrayEquals(TWO.get("b/variance"), mixed.get("b/variance"));
        assertNotEquals(ONE.hash(), mixed.hash());
    }

    @Test
    void refusesSharesAndWeightsThatMakeNoMean() {
        for (final List<Double> shares : List.of(List.of(1.0), List.of(0.0, 0.0), List.of(1.0, -1.0), List.of(1.0, Double.NaN),
            List.of(1.0, Double.POSITIVE_INFINITY), List.of(1.0, 1e-10), List.of(1.0, 1e10))) {
            assertThrows(IllegalArgumentException.class, () -> WeightedMean.of(List.of(ONE, TWO), shares), "" + shares);
        }
        assertThrows(IllegalArgumentException.class, () -> WeightedMean.of(List.of(), List.of()));
        final Weights other = new Weights(PARAMETERS.subList(0, 1), Map.of("b/kernel", new float[4]));
        assertThrows(IllegalArgumentException.class, () -> WeightedMean.of(List.of(ONE, other), List.of(1.0, 1.0)));
        assertThrows(IllegalArgumentException.class, () -> WeightedMean.keeping(ONE, other, p -> true));
        for (final float bad : new float[]{Float.NaN, Float.NEGATIVE_INFINITY}) {
            final Weights broken = weights(new float[]{1, bad, 1, 1}, new float[2], new float[2]);
            final String message = assertThrows(LearningException.class,
                () -> WeightedMean.of(List.of(ONE, broken), List.of(1.0, 0.0))).getMessage();
            assertTrue(message.contains(bad + " in its weights (b/kernel)"), message);
        }
    }

    @Test
    void normsAreToldByTheirNames() {
        for (final String name : List.of("enc0.a/gamma", "enc0.a/beta.1", "dec1.b/mean", "c/variance.11")) {
            assertTrue(new Parameter(name, List.of(1), Init.ONES, true).ofNorm(), name);
        }
        for (final String name : List.of("enc0.a/kernel", "head/bias", "n1/slope")) {
            assertEquals(false, new Parameter(name, List.of(1), Init.ONES, true).ofNorm(), name);
        }
    }
}
