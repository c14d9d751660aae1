package org.scanbridge.learning.check;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.VolumeInfo;

class UsualShapesTest {

    private static final List<Structure> TWO = List.of(new Structure("core", Set.of(1), 1), new Structure("shell", Set.of(2), 2));

    /** A cube of 4³ voxels in a shell one voxel thick, from a corner on, on a grid of 1 × 2 × 3 mm. */
    private static LabelVolume cubes(final int from, final int core, final int shell) {
        final Geometry grid = Geometry.axial(new int[]{12, 12, 12}, 1, 2, 3);
        final byte[] labels = new byte[grid.voxelCount()];
        for (int k = 0; k < 6; k++) {
            for (int j = 0; j < 6; j++) {
                for (int i = 0; i < 6; i++) {
                    final boolean inner = Math.min(i, Math.min(j, k)) > 0 && Math.max(i, Math.max(j, k)) < 5;
                    labels[((k + from) * 12 + j + from) * 12 + i + from] = (byte)(inner ? core : shell);
                }
            }
        }
        return new LabelVolume(labels, grid, VolumeInfo.UNKNOWN, LabelSet.of("core", "shell"));
    }

    @Test
    void measuresCubes() {
        final Shape[] shapes = Shape.of(cubes(3, 1, 2), TWO);
        // 64 voxels of 6 mm³; faces of 4 × 4 voxels: 2·16·(2·3 + 1·3 + 1·2) mm² = 352 mm², all of them to the shell
        assertEquals(384, shapes[0].volume(), 1e-9);
        assertEquals(352.0 / 384, shapes[0].surface(), 1e-12);
        assertArrayEquals(new double[]{0, 0, 1}, shapes[0].touching(), 1e-12);
        // 216 - 64 voxels; 2·36·11 = 792 mm² to the background, 352 to the core
        assertEquals(912, shapes[1].volume(), 1e-9);
        assertEquals((792 + 352) / 912.0, shapes[1].surface(), 1e-12);
        assertArrayEquals(new double[]{792.0 / 1144, 352.0 / 1144, 0}, shapes[1].touching(), 1e-12);
        // variances of 4 and of 6 equidistant points: (n² - 1) / 12
        assertEquals(Math.sqrt(15.0 / 35), shapes[0].spread(), 1e-12);
    }

    private static Map<Evidence, Double> evidence(final LabelVolume usual, final LabelVolume labels, final int structure) {
        final UsualShapes.Collector collector = new UsualShapes.Collector(TWO);
        collector.add(usual);
        return collector.usual().addTo(new SubjectEvidence(labels, List.of(Map.of(), Map.of()))).evidence().get(structure);
    }

    @Test
    void theSameShapeElsewhereIsUsual() {
        for (int s = 0; s < 2; s++) {
            evidence(cubes(3, 1, 2), cubes(5, 1, 2), s).forEach((kind, value) -> assertEquals(1, value, 1e-6, kind.title()));
        }
    }

    @Test
    void whatIsMistakenForAnotherIsUnusual() {
        final Map<Evidence, Double> core = evidence(cubes(3, 1, 2), cubes(3, 2, 1), 0);
        assertEquals(384.0 / 912, core.get(Evidence.VOLUME), 1e-12);
        assertEquals(352.0 / 1144, core.get(Evidence.NEIGHBORS), 1e-12);
        assertEquals(0, core.get(Evidence.PLACE), 0.35);
        assertTrue(core.get(Evidence.FORM) < 1);
    }

    @Test
    void nothingIsNothing() {
        final Map<Evidence, Double> core = evidence(cubes(3, 1, 2), cubes(3, 0, 0), 0);
        assertEquals(Map.of(Evidence.VOLUME, 0.0, Evidence.FORM, 0.0, Evidence.NEIGHBORS, 0.0, Evidence.PLACE, 0.0), core);
        evidence(cubes(3, 0, 0), cubes(3, 0, 0), 1).forEach((kind, value) -> assertEquals(1, value, kind.title()));
    }
}
