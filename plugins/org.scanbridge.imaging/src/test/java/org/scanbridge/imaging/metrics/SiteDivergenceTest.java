package org.scanbridge.imaging.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

class SiteDivergenceTest {

    private static final Geometry GRID = Geometry.axial(new int[]{5, 1, 1}, 1, 1, 1);

    private static void add(final SiteIntensities intensities, final String site, final float[] x, final int... labels) {
        final byte[] y = new byte[labels.length];
        for (int v = 0; v < y.length; v++) {
            y[v] = (byte)labels[v];
        }
        intensities.add(site, new Volume(x, GRID, VolumeInfo.UNKNOWN),
            new LabelVolume(y, GRID, VolumeInfo.UNKNOWN, LabelSet.of("a", "b")));
    }

    /** Two sites with the same histogram, but the classes swapped: the reason for the per-class values. */
    @Test
    void swappedTissuesShowOnlyPerClass() {
        final SiteIntensities intensities = new SiteIntensities();
        add(intensities, "B", new float[]{99, 1, 1, 8, 8}, 0, 1, 1, 2, 2);
        add(intensities, "A", new float[]{-7, 8, 8, 1, 1}, 0, 1, 1, 2, 2);
        final SiteDivergence d =
            SiteDivergence.of(intensities, new HistogramRange(0, 10, 10), JensenShannonDivergence.NATURAL);
        assertEquals(List.of("A", "B"), List.copyOf(d.histograms().keySet()));
        assertEquals(OptionalDouble.of(0), d.overall());
        assertEquals(Math.log(2), d.perClass().get(1).orElseThrow(), 1e-12);
        assertEquals(Math.log(2), d.perClass().get(2).orElseThrow(), 1e-12);
        assertEquals(2, d.classHistograms().get(1).get("A").count(8));
        assertEquals(4, d.histograms().get("A").total());
    }

    /** Disjoint sites of 9 and 1 voxels: 0.325083 where voxels weigh (methods.md E), ln 2 where sites do. */
    @Test
    void sitesMayWeighByTheirVoxels() {
        final SiteIntensities intensities = new SiteIntensities();
        add(intensities, "A", new float[]{1, 1, 1, 1, 1}, 1, 1, 1, 1, 1);
        add(intensities, "A", new float[]{1, 1, 1, 1, 1}, 1, 1, 1, 1, 0);
        add(intensities, "B", new float[]{9, 9, 9, 9, 9}, 0, 0, 0, 0, 1);
        final HistogramRange range = new HistogramRange(0, 10, 10);
        final SiteDivergence weighted =
            SiteDivergence.of(intensities, range, JensenShannonDivergence.NATURAL, SiteWeight.VOXELS);
        assertEquals(0.325083, weighted.overall().orElseThrow(), 5e-7);
        assertEquals(0.325083, weighted.perClass().get(1).orElseThrow(), 5e-7);
        assertEquals(Math.log(2), SiteDivergence.of(intensities, range, JensenShannonDivergence.NATURAL, SiteWeight.EQUAL)
            .overall().orElseThrow(), 1e-12);
        assertEquals(2, intensities.images("A"));
        assertEquals(0, intensities.images("C"));
    }

    @Test
    void imagesOfOneSiteArePooled() {
        final SiteIntensities intensities = new SiteIntensities();
        add(intensities, "A", new float[]{1, 1, 1, 1, 1}, 1, 1, 0, 0, 0);
        add(intensities, "A", new float[]{5, 5, 5, 5, 5}, 1, 1, 1, 1, 0);
        assertEquals(2, intensities.histogram("A", new HistogramRange(0, 10, 10)).count(1));
        assertEquals(4, intensities.histogram("A", new HistogramRange(0, 10, 10)).count(5));
        assertThrows(IllegalArgumentException.class, () -> SiteDivergence.of(intensities,
            new HistogramRange(0, 10, 10), JensenShannonDivergence.NATURAL));
    }

    @Test
    void aClassThatASiteLacksIsMissing() {
        final SiteIntensities intensities = new SiteIntensities();
        add(intensities, "A", new float[]{1, 2, 3, 4, 5}, 1, 1, 2, 2, 0);
        add(intensities, "B", new float[]{1, 2, 3, 4, 5}, 1, 1, 1, 1, 0);
        final Map<Integer, OptionalDouble> perClass =
            SiteDivergence.of(intensities, intensities.pooledRange(16), JensenShannonDivergence.NATURAL).perClass();
        assertTrue(perClass.get(1).isPresent());
        assertEquals(OptionalDouble.empty(), perClass.get(2));
    }

    @Test
    void refusesSegmentationOnAnotherGrid() {
        final SiteIntensities intensities = new SiteIntensities();
        final Volume image = new Volume(new float[4], Geometry.axial(new int[]{4, 1, 1}, 1, 1, 1), VolumeInfo.UNKNOWN);
        final LabelVolume labels = new LabelVolume(new byte[5], GRID, VolumeInfo.UNKNOWN, LabelSet.of());
        assertThrows(ImagingException.class, () -> intensities.add("A", image, labels));
    }

    @Test
    void aLabeledVoxelMustBeANumberAnUnlabeledOneNeedNot() {
        final SiteIntensities intensities = new SiteIntensities();
        add(intensities, "A", new float[]{Float.NaN, 2, 3, 4, 5}, 0, 1, 2, 2, 0);
        assertEquals(List.of(1, 2), intensities.classes());
        assertThrows(ImagingException.class,
            () -> add(intensities, "A", new float[]{Float.NaN, 2, 3, 4, 5}, 1, 1, 2, 2, 0));
    }
}
