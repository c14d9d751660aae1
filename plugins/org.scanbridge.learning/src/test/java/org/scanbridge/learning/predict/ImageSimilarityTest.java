package org.scanbridge.learning.predict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;
import org.scanbridge.learning.LearningException;

class ImageSimilarityTest {

    private static Volume line(final float... voxels) {
        return new Volume(voxels, Geometry.axial(new int[]{voxels.length, 1, 1}, 1, 1, 1), VolumeInfo.UNKNOWN);
    }

    /** Mean 2.5 and 3; deviations (-1.5, -0.5, 0.5, 1.5) and (-2, 1, 0, 1): products 4, squares 5 and 6. */
    @Test
    void isPearsonsCorrelation() {
        assertEquals(4 / Math.sqrt(30), ImageSimilarity.correlation(line(0, 0, 1, 2, 3, 4), line(0, 0, 1, 4, 3, 4)), 1e-12);
    }

    @Test
    void brightnessAndContrastDoNotMatterButTheirDirectionDoes() {
        final Volume image = line(0, 0, 0.1f, 0.7f, 0.3f, 0.5f);
        assertEquals(1, ImageSimilarity.correlation(image, line(0, 0, 1.2f, 2.4f, 1.6f, 2)), 1e-6);
        assertEquals(-1, ImageSimilarity.correlation(image, line(0, 0, 0.9f, 0.3f, 0.7f, 0.5f)), 1e-6);
    }

    /** Zeros are the original's background: what the other image has there does not count. */
    @Test
    void theBackgroundDoesNotCount() {
        assertEquals(4 / Math.sqrt(30),
            ImageSimilarity.correlation(line(0, 0, 1, 2, 3, 4, 0), line(9, -9, 1, 4, 3, 4, 5)), 1e-12);
    }

    @Test
    void constantsHaveNoSimilarity() {
        assertTrue(Double.isNaN(ImageSimilarity.correlation(line(0, 0, 1, 2, 3, 4), line(0, 0, 5, 5, 5, 5))));
    }

    @Test
    void refusesOtherGrids() {
        assertThrows(LearningException.class, () -> ImageSimilarity.correlation(line(1, 2, 3), line(1, 2)));
    }
}
