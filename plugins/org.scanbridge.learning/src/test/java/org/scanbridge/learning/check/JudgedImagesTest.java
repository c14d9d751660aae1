package org.scanbridge.learning.check;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.learning.data.Role;
import org.scanbridge.learning.data.TrainingCase;

class JudgedImagesTest {

    private static TrainingCase image(final String subject, final String site, final Role role) {
        return new TrainingCase(() -> (Volume)null, null, subject, site, role);
    }

    private static List<String> chosen(final List<TrainingCase> cases) {
        return JudgedImages.chosen(cases, Set.of("A")).stream().map(c -> c.site() + c.subject()).toList();
    }

    /** Five images of one subject are one subject: the others come first. */
    @Test
    void subjectsAndSitesTakeTurns() {
        final List<TrainingCase> cases = new ArrayList<>();
        for (int n = 0; n < 5; n++) {
            cases.add(image("P1", "B", Role.TRAIN));
        }
        cases.add(image("P2", "B", Role.TRAIN));
        cases.add(image("P0", "C", Role.TRAIN));
        cases.add(image("P9", "A", Role.TRAIN));
        cases.add(image("P3", "B", Role.VALIDATION));
        final List<String> most = List.of("BP1", "CP0", "BP2", "BP1").subList(0, JudgedImages.MOST);
        assertEquals(most, chosen(cases));
        Collections.reverse(cases);
        assertEquals(most, chosen(cases));
        assertEquals(List.of(), chosen(List.of()));
    }
}
