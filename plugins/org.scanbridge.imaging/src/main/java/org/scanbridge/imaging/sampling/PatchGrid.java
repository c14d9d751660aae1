package org.scanbridge.imaging.sampling;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;

/**
 * Overlapping patches on a regular grid, the sampling of Delisle et al. (Adversarial normalization for multi domain
 * image segmentation, ISBI 2020; 32³ patches every 8 voxels): patches start at multiples of the stride and lie within
 * the volume.
 */
public final class PatchGrid {

    private final int[] m_size;

    private final int[] m_stride;

    /**
     * @param size voxels of a patch along i, j, k, each at least 1
     * @param stride distance of neighboring patches along i, j, k, each at least 1
     * @throws IllegalArgumentException if these do not hold
     */
    public PatchGrid(final int[] size, final int[] stride) {
        if (size.length != 3 || stride.length != 3 || Arrays.stream(size).anyMatch(s -> s < 1)
            || Arrays.stream(stride).anyMatch(s -> s < 1)) {
            throw new IllegalArgumentException("patch size " + Arrays.toString(size) + " and stride "
                + Arrays.toString(stride) + " need 3 positive numbers each");
        }
        m_size = size.clone();
        m_stride = stride.clone();
    }

    /**
     * All patches of a volume, i fastest; floor((n - size)/stride) + 1 along each axis.
     *
     * @throws ImagingException if the volume is smaller than a patch
     */
    public List<Patch> patches(final Geometry grid) {
        for (int a = 0; a < 3; a++) {
            if (grid.size(a) < m_size[a]) {
                throw new ImagingException("A patch of " + m_size[0] + "×" + m_size[1] + "×" + m_size[2]
                    + " voxels does not fit into a volume of " + grid + ". Choose smaller patches, or pad the volume.");
            }
        }
        final List<Patch> patches = new ArrayList<>();
        for (int k = 0; k + m_size[2] <= grid.size(2); k += m_stride[2]) {
            for (int j = 0; j + m_size[1] <= grid.size(1); j += m_stride[1]) {
                for (int i = 0; i + m_size[0] <= grid.size(0); i += m_stride[0]) {
                    patches.add(new Patch(i, j, k, m_size[0], m_size[1], m_size[2]));
                }
            }
        }
        return patches;
    }

    /**
     * The patches that show something: some voxel of the image is not 0, and the label of the center voxel, at start +
     * size/2, is not 0 either.
     *
     * @throws ImagingException if the volume is smaller than a patch, or the grids differ
     */
    public List<Patch> foregroundCentered(final Volume image, final LabelVolume labels) {
        if (!labels.geometry().sameGrid(image.geometry())) {
            throw new ImagingException("The segmentation has " + labels.geometry() + ", the image "
                + image.geometry().beside(labels.geometry()) + ". Resample the segmentation to the image's grid first.");
        }
        return patches(image.geometry()).stream()
            .filter(p -> labels.get(p.i() + p.sizeI() / 2, p.j() + p.sizeJ() / 2, p.k() + p.sizeK() / 2) != 0)
            .filter(p -> showsSomething(image, p)).toList();
    }

    private static boolean showsSomething(final Volume image, final Patch p) {
        for (int k = p.k(); k < p.k() + p.sizeK(); k++) {
            for (int j = p.j(); j < p.j() + p.sizeJ(); j++) {
                for (int i = p.i(); i < p.i() + p.sizeI(); i++) {
                    if (image.get(i, j, k) != 0) {
                        return true;
                    }
                }
            }
        }
        return false;
    }
}
