package org.scanbridge.learning.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.NetworkSpec.Kind;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.data.CaseSet;
import org.scanbridge.learning.data.Role;
import org.scanbridge.learning.data.TeacherLabels;
import org.scanbridge.learning.data.TrainingCase;

class UnseenClassesTest {

    private static final Geometry GRID = Geometry.axial(new int[]{8, 8, 8}, 1, 1, 1);

    private static final LabelSet NAMES = LabelSet.of("liver", "spleen", "lesion");

    private static final NetworkSpec SPEC = new NetworkSpec(Kind.UNET_3D, 1, 4, 4, 2, Norm.GROUP, PatchSize.cube(8));

    /** A case with a voxel of each of some values. */
    private static TrainingCase labeled(final String subject, final Role role, final int... values) {
        return new TrainingCase(UnseenClassesTest::image, () -> labels(values), subject, "A", role);
    }

    private static Volume image() {
        return new Volume(new float[GRID.voxelCount()], GRID, VolumeInfo.UNKNOWN);
    }

    private static LabelVolume labels(final int... values) {
        final byte[] voxels = new byte[GRID.voxelCount()];
        for (int v = 0; v < values.length; v++) {
            voxels[v] = (byte)values[v];
        }
        return new LabelVolume(voxels, GRID, VolumeInfo.UNKNOWN, NAMES);
    }

    private static String notice(final LabelSet names, final TrainingCase... cases) {
        return UnseenClasses.notice(CaseSet.load(List.of(cases), SPEC, TrainingCase::labeled, c -> c.teacher().isPresent(),
            Progress.NONE), names, SPEC.classes()).orElse("");
    }

    @Test
    void classesThatNoTrainingCaseHasAreNamed() {
        final TrainingCase both = labeled("s1", Role.TRAIN, 1, 2);
        String notice = notice(NAMES, both, labeled("s2", Role.TRAIN, 2), labeled("s3", Role.VALIDATION, 1, 2, 3));
        assertTrue(notice.contains("has \"lesion\" (label value 3): the network learns to find nothing of this class"), notice);
        assertFalse(notice.contains("liver"), notice);
        notice = notice(LabelSet.of(Map.of(10, "liver", 20, "spleen", 30, "lesion")), labeled("s1", Role.TRAIN, 2));
        assertTrue(notice.contains("has \"liver\" (label value 10) or \"lesion\" (label value 30): "), notice);
        assertEquals("", notice(NAMES, both, labeled("s2", Role.TRAIN, 3)));
    }

    @Test
    void segmentationsWithoutAnyLabelAreTold() {
        final String notice = notice(NAMES, labeled("s1", Role.TRAIN), labeled("s2", Role.TRAIN));
        assertTrue(notice.contains("No segmentation of the training images has a label: the network learns to find nothing."),
            notice);
    }

    @Test
    void whatATeacherKnowsIsSeen() {
        final TrainingCase taught = new TrainingCase(UnseenClassesTest::image, null, "s2", "B", Role.TRAIN);
        final TrainingCase source = labeled("s1", Role.TRAIN, 1, 2);
        assertEquals("", notice(NAMES, source, taught.withTeacher(TeacherLabels.of(() -> labels(3)))));
        assertTrue(notice(NAMES, source, taught.withTeacher(TeacherLabels.of(() -> labels(1)))).contains("\"lesion\""));
        // trainings without labels, such as Tent
        assertEquals(Optional.empty(), UnseenClasses.notice(CaseSet.load(List.of(source), SPEC, c -> false, Progress.NONE),
            NAMES, SPEC.classes()));
    }
}
