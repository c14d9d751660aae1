package org.scanbridge.learning.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.NetworkSpec.Kind;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.data.CaseSet;
import org.scanbridge.learning.data.ImageChannel;
import org.scanbridge.learning.data.Role;
import org.scanbridge.learning.data.TrainingCase;

class UnevenIntensitiesTest {

    private static final int EDGE = 8;

    private static final NetworkSpec ONE = new NetworkSpec(Kind.UNET_3D, 1, 2, 2, 2, Norm.GROUP, PatchSize.cube(EDGE));

    /** Evenly spread from 0 to a maximum. */
    private static Volume ramp(final double max) {
        final float[] voxels = new float[EDGE * EDGE * EDGE];
        for (int v = 0; v < voxels.length; v++) {
            voxels[v] = (float)(max * v / (voxels.length - 1));
        }
        return new Volume(voxels, Geometry.axial(new int[]{EDGE, EDGE, EDGE}, 1, 1, 1), VolumeInfo.UNKNOWN);
    }

    private static TrainingCase of(final String subject, final String site, final Role role, final double... max) {
        final List<ImageChannel> channels = IntStream.range(0, max.length)
            .mapToObj(c -> new ImageChannel("channel " + c, () -> ramp(max[c]))).toList();
        return new TrainingCase(channels, null, subject, site, role);
    }

    private static Optional<String> notice(final NetworkSpec spec, final TrainingCase... cases) {
        return UnevenIntensities.notice(CaseSet.load(List.of(cases), spec, c -> false, Progress.NONE));
    }

    @Test
    void imagesOfScalesFarApartAreNamed() {
        assertEquals(Optional.of("The images are on different intensity scales, and a network takes such a difference for one between"
            + " tissues: subject s2 of site B has 4 to 396, subject s3 of site A has 21 to 2080 (1st to 99th percentile without the"
            + " background). Normalize them with the Volume Normalizer first, and choose its column here."),
            notice(ONE, of("s1", "A", Role.TRAIN, 1000), of("s2", "B", Role.TRAIN, 400), of("s3", "A", Role.VALIDATION, 2100)));
    }

    @Test
    void upToFiveTimesAsFarApartIsNothing() {
        assertEquals(Optional.empty(), notice(ONE, of("s1", "A", Role.TRAIN, 1000), of("s2", "B", Role.TRAIN, 4900),
            of("s3", "B", Role.TRAIN, 0)));
        assertEquals(Optional.empty(), notice(ONE, of("s1", "A", Role.TRAIN, 0), of("s2", "A", Role.TRAIN, 0)));
    }

    @Test
    void theChannelIsNamed() {
        final String notice = notice(ONE.withInputChannels(2), of("s1", "A", Role.TRAIN, 1, 1000),
            of("s2", "B", Role.TRAIN, 4, 1)).orElseThrow();
        assertEquals("The images \"channel 1\" are", notice.substring(0, 26), notice);
    }
}
