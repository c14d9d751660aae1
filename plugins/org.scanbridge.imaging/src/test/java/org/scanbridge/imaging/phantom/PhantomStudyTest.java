package org.scanbridge.imaging.phantom;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;

class PhantomStudyTest {

    @Test
    void aSubjectDoesNotDependOnTheOthers() {
        final PhantomStudy two = new PhantomStudy(List.of(SiteProtocols.A, SiteProtocols.B), 24, 3);
        final PhantomStudy three =
            new PhantomStudy(List.of(SiteProtocols.A, SiteProtocols.B, SiteProtocols.C), 24, 3);
        assertArrayEquals(two.subject(1, 4).image().voxels(), three.subject(1, 4).image().voxels());
        assertFalse(Arrays.equals(two.subject(0, 0).labels().voxels(), two.subject(0, 1).labels().voxels()));
        assertFalse(Arrays.equals(two.subject(0, 0).labels().voxels(),
            new PhantomStudy(two.sites(), 24, 4).subject(0, 0).labels().voxels()));
    }

    @Test
    void namesSubjectsBySite() {
        final PhantomStudy.Subject s = new PhantomStudy(List.of(SiteProtocols.B), 24, 3).subject(0, 9);
        assertEquals("B-010", s.image().info().subject());
        assertEquals("B-010-T1", s.labels().info().series());
        assertEquals("B", s.labels().info().site());
        assertEquals(s.image().geometry(), s.labels().geometry());
    }

    @Test
    void refusesStudiesWithoutDistinctSites() {
        assertThrows(IllegalArgumentException.class, () -> new PhantomStudy(List.of(), 24, 3));
        assertThrows(IllegalArgumentException.class,
            () -> new PhantomStudy(List.of(SiteProtocols.A, SiteProtocols.A), 24, 3));
        assertThrows(IllegalArgumentException.class, () -> new PhantomStudy(List.of(SiteProtocols.A), 4, 3));
    }
}
