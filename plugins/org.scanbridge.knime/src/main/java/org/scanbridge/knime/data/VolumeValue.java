package org.scanbridge.knime.data;

import java.io.UncheckedIOException;

import org.knime.core.data.DataValue;
import org.knime.core.data.ExtensibleUtilityFactory;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

/**
 * An image in a table cell. Grid, info and hash are at hand; voxels are read from disk when asked for and kept as long
 * as memory allows.
 */
public interface VolumeValue extends DataValue {

    /** Name of the type and what KNIME needs to find its renderers. */
    UtilityFactory UTILITY = new VolumeUtilityFactory();

    /** The voxel grid in the patient frame (LPS, mm). */
    Geometry geometry();

    /** Modality, site, pseudonymous subject and series ids, units. */
    VolumeInfo info();

    /** SHA-256 of the voxels as little-endian 32-bit floats, i fastest; 64 hexadecimal digits. */
    String hash();

    /**
     * The image with its voxels.
     *
     * @throws UncheckedIOException if the voxel file is missing, damaged or cannot be read; the message is meant for
     *             the user
     */
    Volume volume();

    /**
     * One slice as a volume of depth 1, read without the rest of the image.
     *
     * @param k index of the slice, in [0, size along k - 1]
     * @throws UncheckedIOException as {@link #volume()}
     * @throws IndexOutOfBoundsException if there is no such slice
     */
    Volume slice(int k);

    /**
     * Neighboring slices across any index axis, read without keeping the rest of the image in memory.
     *
     * @param axis index axis that the slices cross: 0 (i), 1 (j) or 2 (k)
     * @param from index of the first slice along that axis, from 0
     * @param count how many slices, at least 1
     * @return a volume whose size along the axis is {@code count}, at its place in the patient
     * @throws UncheckedIOException as {@link #volume()}
     * @throws IndexOutOfBoundsException if there are no such slices
     */
    Volume slab(int axis, int from, int count);

    /** What KNIME shows about the type. */
    final class VolumeUtilityFactory extends ExtensibleUtilityFactory {

        private VolumeUtilityFactory() {
            super(VolumeValue.class);
        }

        @Override
        public String getName() {
            return "Volume";
        }

        @Override
        public String getGroupName() {
            return "Medical Images";
        }
    }
}
