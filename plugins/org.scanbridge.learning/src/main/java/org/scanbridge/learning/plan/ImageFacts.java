package org.scanbridge.learning.plan;

import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

import org.scanbridge.imaging.metrics.SurfaceElements;
import org.scanbridge.imaging.normalize.ForegroundChoice;
import org.scanbridge.imaging.normalize.Sample;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;

/**
 * What a plan has to know of one image; small, so that those of many images fit into memory.
 *
 * @param subject pseudonymous subject id
 * @param site its site; empty if unknown
 * @param geometry its grid
 * @param ct whether its values are Hounsfield units
 * @param content size of the box around its foreground along i, j, k in mm
 * @param foreground rule by which the foreground was found
 * @param classes by label value, of those that occur, without the background; empty where nobody has segmented it
 * @param labels names of the label values; empty if there is no segmentation
 */
public record ImageFacts(String subject, String site, Geometry geometry, boolean ct, List<Double> content,
    ForegroundChoice foreground, Optional<SortedMap<Integer, ClassFacts>> classes, LabelSet labels) {

    private static final int AXES = 3;

    /** Checks that nothing is null. */
    public ImageFacts {
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(site, "site");
        content = List.copyOf(content);
    }

    /**
     * Looks at an image.
     *
     * @param image all its voxels are finite; its info says subject and site
     * @param segmentation on the same grid, where there is one
     * @throws org.scanbridge.imaging.ImagingException if a voxel is not finite
     */
    public static ImageFacts of(final Volume image, final Optional<LabelVolume> segmentation) {
        final ForegroundChoice choice = ForegroundChoice.of(image);
        return new ImageFacts(image.info().subject(), image.info().site(), image.geometry(), ForegroundChoice.isCt(image),
            box(choice.voxels(Sample.of(image)), image.geometry()), choice, segmentation.map(ImageFacts::classes),
            segmentation.map(LabelVolume::labels).orElseGet(LabelSet::of));
    }

    /** Whether somebody has segmented it. */
    public boolean labeled() {
        return classes.isPresent();
    }

    private static List<Double> box(final BitSet voxels, final Geometry geometry) {
        final int[] size = geometry.size();
        final int[] low = size.clone();
        final int[] high = {-1, -1, -1};
        for (int v = voxels.nextSetBit(0); v >= 0; v = voxels.nextSetBit(v + 1)) {
            final int[] index = {v % size[0], v / size[0] % size[1], v / (size[0] * size[1])};
            for (int axis = 0; axis < AXES; axis++) {
                low[axis] = Math.min(low[axis], index[axis]);
                high[axis] = Math.max(high[axis], index[axis]);
            }
        }
        return List.of((high[0] - low[0] + 1) * geometry.spacing(0), (high[1] - low[1] + 1) * geometry.spacing(1),
            (high[2] - low[2] + 1) * geometry.spacing(2));
    }

    private static SortedMap<Integer, ClassFacts> classes(final LabelVolume segmentation) {
        final SortedMap<Integer, ClassFacts> facts = new TreeMap<>();
        for (final int value : segmentation.values()) {
            if (value > 0) {
                facts.put(value, facts(segmentation, value));
            }
        }
        return facts;
    }

    private static ClassFacts facts(final LabelVolume segmentation, final int value) {
        long voxels = 0;
        for (final byte label : segmentation.voxels()) {
            voxels += (label & 0xff) == value ? 1 : 0;
        }
        final Geometry geometry = segmentation.geometry();
        final double volume = voxels * geometry.voxelVolume();
        // In an image of one slice the surface is a length, and what lies inside it an area.
        final double inside = geometry.size(2) == 1 ? volume / geometry.spacing(2) : volume;
        return new ClassFacts(voxels, volume, 2 * inside / SurfaceElements.area(segmentation, value));
    }
}
