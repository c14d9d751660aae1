package org.scanbridge.learning.architecture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.scanbridge.learning.architecture.NetworkSpec.Kind;

class NormSetsTest {

    private static final NetworkSpec SPEC = new NetworkSpec(Kind.UNET_3D, 1, 2, 2, 2, Norm.BATCH, PatchSize.cube(4));

    private static Weights weights() {
        return Weights.initial(new UNetPlan(SPEC).parameters(), 3);
    }

    @Test
    void everySetBeginsAsTheOnlyOne() {
        // 12 sets would show a ".1" that is taken for a part of ".11"
        final Weights all = NormSets.expand(SPEC, weights(), 12);
        assertEquals(new UNetPlan(SPEC.withDomains(12)).parameters(), all.parameters());
        for (int domain = 0; domain < 12; domain++) {
            assertEquals(weights().hash(), NormSets.fold(SPEC.withDomains(12), all, domain).hash());
        }
    }

    @Test
    void foldingTakesTheKernelsAndOneSet() {
        final NetworkSpec two = SPEC.withDomains(2);
        final Weights expanded = NormSets.expand(SPEC, weights(), 2);
        final Map<String, float[]> changed = new HashMap<>(expanded.values());
        changed.put("enc0.a/gamma.1", new float[]{7, 8});
        final Weights all = new Weights(expanded.parameters(), changed);
        final Weights second = NormSets.fold(two, all, 1);
        assertArrayEquals(new float[]{7, 8}, second.get("enc0.a/gamma"));
        assertArrayEquals(weights().get("enc0.a/kernel"), second.get("enc0.a/kernel"));
        assertEquals(weights().hash(), NormSets.fold(two, all, 0).hash());
        assertNotEquals(weights().hash(), second.hash());
    }

    @Test
    void refusesWhatIsNotThere() {
        final Weights two = NormSets.expand(SPEC, weights(), 2);
        assertThrows(IllegalArgumentException.class, () -> NormSets.fold(SPEC.withDomains(2), two, 2));
        assertThrows(IllegalArgumentException.class, () -> NormSets.expand(SPEC.withDomains(2), two, 3));
    }
}
