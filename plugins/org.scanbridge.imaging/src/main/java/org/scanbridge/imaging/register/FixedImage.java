package org.scanbridge.imaging.register;

import java.util.Optional;
import java.util.stream.IntStream;

import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.resample.Trilinear;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;

import net.imglib2.parallel.TaskExecutor;

/** An image as the fixed side of a registration, all of it or the region around a segmentation. */
public final class FixedImage implements FixedSide {

    private static final int BINS = 32;

    private final Volume m_image;

    private final double[] m_range;

    private final Optional<LabelVolume> m_region;

    /**
     * @param image finite, not constant
     * @param region where to compare: labels other than 0, in the same patient frame; everywhere if empty
     * @throws ImagingException if the image cannot be registered
     */
    public FixedImage(final Volume image, final Optional<LabelVolume> region) {
        m_image = image;
        m_range = IntensityRange.of(image, "fixed");
        m_region = region;
        if (region.isPresent() && region.get().maxValue() == 0) {
            throw new ImagingException("The region of the fixed image of subject \"" + image.info().subject()
                + "\" is empty. Choose no region, or a segmentation that has labels.");
        }
    }

    @Override
    public Centers centers() {
        return Centers.of(m_image);
    }

    @Override
    public double radius() {
        return m_image.geometry().diagonal() / 4;
    }

    /**
     * One sample at a random place in each voxel of the level's grid: places on the grid itself would make the measure
     * prefer transforms that need no interpolation.
     */
    @Override
    public FixedSamples samples(final double spacing, final int most, final SeededRandom random,
        final TaskExecutor workers) {
        final Volume level = Pyramid.level(m_image, spacing, workers);
        final Geometry g = level.geometry();
        final int[] size = g.size();
        // Everything is not listed: that would take as much memory as the image.
        final int[] chosen = m_region.isEmpty() ? null : inRegion(g);
        final int n = chosen == null ? g.voxelCount() : chosen.length;
        if (n == 0) {
            throw new ImagingException("The region of the fixed image of subject \"" + m_image.info().subject()
                + "\" has no voxel on the image. Choose no region, or a segmentation of this image.");
        }
        final int count = Math.min(n, most);
        final double[] positions = new double[3 * count];
        final int[] first = new int[count + 1];
        final int[] bins = new int[2 * count];
        final float[] weights = new float[2 * count];
        for (int s = 0; s < count; s++) {
            final int at = (int)((long)s * n / count);
            final int v = chosen == null ? at : chosen[at];
            final double[] x = new double[3];
            int rest = v;
            for (int a = 0; a < 3; a++) {
                x[a] = Math.max(0, Math.min(size[a] - 1, rest % size[a] + random.nextDouble() - 0.5));
                rest /= size[a];
            }
            System.arraycopy(g.position(x[0], x[1], x[2]), 0, positions, 3 * s, 3);
            final double y = (Trilinear.at(level.voxels(), size, x[0], x[1], x[2]) - m_range[0]) / (m_range[1] - m_range[0]);
            final double b = Math.max(0, Math.min(1, y)) * (BINS - 1);
            final int low = Math.min((int)b, BINS - 2);
            first[s + 1] = 2 * s + 2;
            bins[2 * s] = low;
            bins[2 * s + 1] = low + 1;
            weights[2 * s] = (float)(1 - (b - low));
            weights[2 * s + 1] = (float)(b - low);
        }
        return new FixedSamples(positions, first, bins, weights, BINS, n * g.voxelVolume());
    }

    private int[] inRegion(final Geometry g) {
        return IntStream.range(0, g.voxelCount()).filter(v -> isInRegion(g, v)).toArray();
    }

    private boolean isInRegion(final Geometry g, final int v) {
        final int nx = g.size(0);
        final int ny = g.size(1);
        final LabelVolume region = m_region.get();
        final double[] i = region.geometry().index(g.position(v % nx, v / nx % ny, v / nx / ny));
        final int[] index = new int[3];
        for (int a = 0; a < 3; a++) {
            index[a] = (int)Math.floor(i[a] + 0.5);
            if (index[a] < 0 || index[a] >= region.geometry().size(a)) {
                return false;
            }
        }
        return region.get(index[0], index[1], index[2]) != 0;
    }
}
