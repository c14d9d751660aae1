package org.scanbridge.dicom.seg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

import org.junit.jupiter.api.Test;
import org.scanbridge.dicom.series.Problem;
import org.scanbridge.dicom.series.Stack;
import org.scanbridge.imaging.labels.OverlapRule;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.VolumeInfo;

class JoinedLabelsTest {

    private record Named(String path, Map<Integer, String> names) implements LabelSource {

        @Override
        public SortedMap<Integer, String> classes() {
            return new TreeMap<>(names);
        }

        @Override
        public Set<String> sources() {
            return Set.of(path);
        }

        @Override
        public Set<String> seriesUids() {
            return Set.of();
        }

        @Override
        public boolean fits(final String frameOfReference, final Stack stack) {
            return true;
        }

        @Override
        public Optional<LabelVolume> read(final Stack stack, final VolumeInfo info, final Consumer<Problem> problems) {
            return Optional.empty();
        }
    }

    private static Optional<LabelSource> join(final LabelSource a, final LabelSource b) {
        return JoinedLabels.of(a, b, OverlapRule.SMALLER);
    }

    @Test
    void numbersThatAreTakenAreReplacedByFreeOnes() {
        final LabelSource two =
            join(new Named("a", Map.of(1, "liver")), new Named("b", Map.of(1, "spleen", 2, "kidney"))).orElseThrow();
        assertEquals(Map.of(1, "liver", 3, "spleen", 2, "kidney"), two.classes());
        assertEquals(Map.of(1, "liver", 3, "spleen", 2, "kidney", 4, "aorta"),
            join(two, new Named("c", Map.of(2, "aorta"))).orElseThrow().classes());
        assertEquals(Set.of("a", "b"), two.sources());
    }

    /** Two drawings of the same organ are not joined. */
    @Test
    void theSameNameOrNoneIsNotJoined() {
        final LabelSource liver = new Named("a", Map.of(1, "liver"));
        assertTrue(join(liver, new Named("b", Map.of(2, "liver"))).isEmpty());
        assertTrue(join(liver, new Named("b", Map.of())).isEmpty());
    }
}
