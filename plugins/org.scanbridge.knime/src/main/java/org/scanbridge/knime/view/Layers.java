package org.scanbridge.knime.view;

import java.util.ArrayList;
import java.util.List;

import org.scanbridge.imaging.render.IntensityWindow;
import org.scanbridge.imaging.render.LabelColors;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.data.VolumeValue;

/** What is known of an image or a segmentation before its slices are read: window, classes. */
final class Layers {

    /** How many slices the window is found from. */
    private static final int SAMPLED_SLICES = 5;

    /** Window from the 1st to the 99.5th percentile: neither background nor a bright vessel rules it. */
    private static final double LOWER = 1;

    private static final double UPPER = 99.5;

    private Layers() {
    }

    /** A window in which most of an image is seen, from a few of its slices. */
    static IntensityWindow window(final VolumeValue image) {
        final Geometry grid = image.geometry();
        final int slices = grid.size(2);
        final int sampled = Math.min(slices, SAMPLED_SLICES);
        final int plane = grid.size(0) * grid.size(1);
        final float[] voxels = new float[sampled * plane];
        for (int s = 0; s < sampled; s++) {
            System.arraycopy(image.slice((2 * s + 1) * slices / (2 * sampled)).voxels(), 0, voxels, s * plane, plane);
        }
        return IntensityWindow.percentiles(
            new Volume(voxels, Geometry.axial(new int[]{grid.size(0), grid.size(1), sampled}, 1, 1, 1), image.info()),
            LOWER, UPPER);
    }

    /** The classes of a segmentation: those with a name, and every value up to the largest that occurs. */
    static List<SliceService.LabelClass> classes(final LabelVolumeValue labels) {
        final int last = Math.max(labels.maxLabel(),
            labels.labels().names().isEmpty() ? 0 : labels.labels().names().lastKey());
        final List<SliceService.LabelClass> classes = new ArrayList<>();
        for (int value = 1; value <= last; value++) {
            if (value <= labels.maxLabel() || labels.labels().names().containsKey(value)) {
                classes.add(new SliceService.LabelClass(value, labels.labels().name(value),
                    String.format("#%06x", LabelColors.rgb(value) & 0xffffff)));
            }
        }
        return classes;
    }
}
