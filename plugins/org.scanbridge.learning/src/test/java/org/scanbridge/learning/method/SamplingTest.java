package org.scanbridge.learning.method;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.Progress;
import org.scanbridge.learning.data.CaseSet;
import org.scanbridge.learning.graph.AdaptationTerm;
import org.scanbridge.learning.graph.ConsistencyTerm;
import org.scanbridge.learning.graph.CriticTerm;
import org.scanbridge.learning.graph.EntropyTerm;
import org.scanbridge.learning.graph.SelfTrainingTerm;
import org.scanbridge.learning.graph.SelfTrainingTerm.Teacher;

/** What is in the batches of an adaptation of two source and two target patches. */
class SamplingTest {

    private static final TinyStudy STUDY = new TinyStudy();

    private static final int LENGTH = TinyStudy.SPEC.inputLength();

    private static final ConsistencyTerm ALL = ConsistencyTerm.defaults();

    private static final CriticTerm CRITIC = CriticTerm.wasserstein().withCriticSteps(2);

    private static float[] images(final int separateBlocks, final AdaptationTerm... terms) {
        final DomainAdaptationOptions options = DomainAdaptationOptions.of(terms);
        final CaseSet read = CaseSet.load(TinyStudy.together(STUDY.training(0, true), STUDY.training(1, false)),
            TinyStudy.SPEC, c -> c.site().equals("A"), c -> false, Progress.NONE);
        return Sampling.of(read, Set.of("A"), TinyStudy.SPEC,
            options.withSegmentation(options.segmentation().withBatch(4)).withSeparateBlocks(separateBlocks)).batch(3).images();
    }

    private static float[] part(final float[] images, final int from, final int to) {
        return Arrays.copyOfRange(images, from * LENGTH, to * LENGTH);
    }

    /** Patches, views and the critic's patches that are made at all are the same, whoever looks at them. */
    @Test
    void viewsThatNobodyLooksAtAreNotMadeAndTheOthersStay() {
        final float[] all = images(0, ALL, CRITIC);
        assertEquals((4 + 4 + 8) * LENGTH, all.length);
        final float[] target = images(0, ALL.withTargetOnly(true), CRITIC);
        assertEquals((4 + 2 + 8) * LENGTH, target.length);
        assertArrayEquals(part(all, 0, 4), part(target, 0, 4));
        assertArrayEquals(part(all, 6, 16), part(target, 4, 14));
        assertArrayEquals(target, images(0, SelfTrainingTerm.of(Teacher.NETWORK), CRITIC));
        assertArrayEquals(target, images(2, ALL, CRITIC));
        assertArrayEquals(part(all, 0, 4), images(0, new EntropyTerm(1)));
    }
}
