package org.scanbridge.imaging.crf;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.Volume;

/**
 * The appearance kernel exp(−½ |p<sub>i</sub> − p<sub>j</sub>|² / θ<sub>α</sub>² − ½ |I<sub>i</sub> − I<sub>j</sub>|² /
 * θ<sub>β</sub>²) over all pairs of voxels, by a permutohedral lattice, scaled to D<sup>−½</sup> K D<sup>−½</sup> with the row
 * sums D. Axes along which the image has a single voxel are left out.
 */
final class AppearanceKernel {

    private final PermutohedralLattice m_lattice;

    private final float[] m_norms;

    private AppearanceKernel(final PermutohedralLattice lattice, final float[] norms) {
        m_lattice = lattice;
        m_norms = norms;
    }

    /**
     * @param images one or more on one grid
     * @param options the kernel's widths
     * @param progress told how far the lattice is
     * @throws ImagingException if a voxel is no number, or the kernel so narrow that it needs more corners than there are
     *             voxels
     */
    static AppearanceKernel of(final List<Volume> images, final CrfOptions options, final Progress progress) {
        final Geometry grid = images.get(0).geometry();
        final int[] axes = IntStream.range(0, 3).filter(a -> grid.size(a) > 1).toArray();
        final int voxels = grid.voxelCount();
        final PermutohedralLattice.Features features = (v, f) -> {
            final int[] index = {v % grid.size(0), v / grid.size(0) % grid.size(1), v / grid.size(0) / grid.size(1)};
            int n = 0;
            for (final int a : axes) {
                f[n++] = index[a] * grid.spacing(a) / options.appearanceMm();
            }
            for (final Volume image : images) {
                final float x = image.voxels()[v];
                if (!Float.isFinite(x)) {
                    throw new ImagingException("voxel (" + index[0] + ", " + index[1] + ", " + index[2] + ") of the image is "
                        + x + ", which is no number. Normalize the image with the Volume Normalizer, which replaces such voxels.");
                }
                f[n++] = x / options.appearanceIntensity();
            }
        };
        try {
            final PermutohedralLattice lattice = PermutohedralLattice.of(voxels, axes.length + images.size(), features,
                mostCorners(voxels), f -> progress.report(f, "Laying out the appearance kernel"));
            final float[] norms = new float[voxels];
            Arrays.fill(norms, 1);
            lattice.filter(norms, norms);
            for (int v = 0; v < voxels; v++) {
                norms[v] = (float)(1 / Math.sqrt(norms[v]));
            }
            return new AppearanceKernel(lattice, norms);
        } catch (final PermutohedralLattice.TooFine e) {
            throw new ImagingException("\"Appearance distance (mm)\" " + options.appearanceMm() + " and \"Appearance intensity\" "
                + options.appearanceIntensity() + " are so small against the spacing and the intensities of the image that hardly"
                + " two voxels resemble each other, and the kernel would not fit into memory. Enter larger ones: the intensity at"
                + " least as large as the noise (normalized images have a standard deviation of about 1).");
        }
    }

    /**
     * How many corners a lattice may have: one per voxel. A kernel that needs more spreads every voxel over corners of its own
     * and hardly smooths; small images may have as many as they need.
     */
    static int mostCorners(final int voxels) {
        return Math.max(voxels, 1 << 16);
    }

    /** Number of corners of the lattice. */
    int corners() {
        return m_lattice.count();
    }

    /**
     * @param values one per voxel, i fastest
     * @param result where to; another array
     */
    void apply(final float[] values, final float[] result) {
        for (int v = 0; v < values.length; v++) {
            result[v] = values[v] * m_norms[v];
        }
        m_lattice.filter(result, result);
        for (int v = 0; v < values.length; v++) {
            result[v] *= m_norms[v];
        }
    }
}
