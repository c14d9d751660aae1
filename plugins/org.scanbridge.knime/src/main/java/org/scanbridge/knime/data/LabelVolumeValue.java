package org.scanbridge.knime.data;

import java.io.UncheckedIOException;

import org.knime.core.data.DataValue;
import org.knime.core.data.ExtensibleUtilityFactory;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.VolumeInfo;

/**
 * A segmentation in a table cell. Grid, info, class names and the largest label are at hand; voxels are read from disk
 * when asked for. An unlabeled image has a missing cell, never an empty segmentation.
 */
public interface LabelVolumeValue extends DataValue {

    /** Name of the type and what KNIME needs to find its renderers. */
    UtilityFactory UTILITY = new LabelVolumeUtilityFactory();

    /** The voxel grid in the patient frame (LPS, mm). */
    Geometry geometry();

    /** What the segmented image is. */
    VolumeInfo info();

    /** Names of the label values. */
    LabelSet labels();

    /** The largest label value that occurs, in [0, 255]; 0 for a segmentation that is all background. */
    int maxLabel();

    /** SHA-256 of the label values as unsigned bytes, i fastest; 64 hexadecimal digits. */
    String hash();

    /**
     * The segmentation with its voxels.
     *
     * @throws UncheckedIOException if the voxel file is missing, damaged or cannot be read; the message is meant for
     *             the user
     */
    LabelVolume labelVolume();

    /**
     * One slice as a segmentation of depth 1, read without the rest.
     *
     * @param k index of the slice, in [0, size along k - 1]
     * @throws UncheckedIOException as {@link #labelVolume()}
     * @throws IndexOutOfBoundsException if there is no such slice
     */
    LabelVolume slice(int k);

    /**
     * Neighboring slices across any index axis, read without keeping the rest of the segmentation in memory.
     *
     * @param axis index axis that the slices cross: 0 (i), 1 (j) or 2 (k)
     * @param from index of the first slice along that axis, from 0
     * @param count how many slices, at least 1
     * @return a segmentation whose size along the axis is {@code count}, at its place in the patient
     * @throws UncheckedIOException as {@link #labelVolume()}
     * @throws IndexOutOfBoundsException if there are no such slices
     */
    LabelVolume slab(int axis, int from, int count);

    /** What KNIME shows about the type. */
    final class LabelVolumeUtilityFactory extends ExtensibleUtilityFactory {

        private LabelVolumeUtilityFactory() {
            super(LabelVolumeValue.class);
        }

        @Override
        public String getName() {
            return "Segmentation";
        }

        @Override
        public String getGroupName() {
            return "Medical Images";
        }
    }
}
