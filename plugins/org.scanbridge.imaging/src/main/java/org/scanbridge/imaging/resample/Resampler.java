package org.scanbridge.imaging.resample;

import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

import org.scanbridge.imaging.filter.GaussianBlur;
import org.scanbridge.imaging.filter.LineBlur;
import org.scanbridge.imaging.normalize.ForegroundChoice;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;

import net.imglib2.parallel.TaskExecutor;

/**
 * Carries images and segmentations to other grids. Voxel values belong to voxel centers. Where the target's voxels are
 * r &gt; 1 times as large as the source's along a source axis, an image is smoothed first with
 * σ = √(r² - 1)/2.355 source voxels along that axis, so that fine structure does not alias. Segmentations are never
 * smoothed. Where all voxel centers of the target are voxel centers of the source, as after cropping, padding and
 * turning, voxels are copied whatever the interpolation. A background of one value (see {@link ForegroundChoice#background})
 * keeps that value. Turning an axis around before or after gives the same, up to
 * the rounding of floating point: equally near voxels are not decided by their order. The result does not depend on the
 * number of workers.
 */
public final class Resampler {

    /** Full width at half maximum of a Gaussian over its standard deviation. */
    private static final double FWHM_PER_SIGMA = 2.355;

    private final Interpolation m_interpolation;

    private final LabelInterpolation m_labelInterpolation;

    private final boolean m_antiAlias;

    private final TaskExecutor m_workers;

    /**
     * Segmentations take the nearest label.
     *
     * @param interpolation for images
     * @param antiAlias whether images are smoothed before down-sampling
     * @param workers what slices are shared out to
     */
    public Resampler(final Interpolation interpolation, final boolean antiAlias, final TaskExecutor workers) {
        this(interpolation, LabelInterpolation.NEAREST, antiAlias, workers);
    }

    /**
     * @param interpolation for images
     * @param labelInterpolation for segmentations
     * @param antiAlias whether images are smoothed before down-sampling
     * @param workers what slices are shared out to
     */
    public Resampler(final Interpolation interpolation, final LabelInterpolation labelInterpolation,
        final boolean antiAlias, final TaskExecutor workers) {
        m_labelInterpolation = Objects.requireNonNull(labelInterpolation, "label interpolation");
        m_interpolation = Objects.requireNonNull(interpolation, "interpolation");
        m_antiAlias = antiAlias;
        m_workers = Objects.requireNonNull(workers, "workers");
    }

    /**
     * Resamples to another spacing over the same field of view (see {@link TargetGrids#withSpacing}); beyond the
     * outermost voxel centers the image continues with its edge values.
     *
     * @param image the image
     * @param spacing new spacing along i, j, k in mm
     */
    public Volume toSpacing(final Volume image, final double... spacing) {
        return toSpacing(image, Anchor.EXTENT, spacing);
    }

    /**
     * As {@link #toSpacing(Volume, double...)}.
     *
     * @param anchor what stays where it is
     */
    public Volume toSpacing(final Volume image, final Anchor anchor, final double... spacing) {
        return resample(image, TargetGrids.withSpacing(image.geometry(), anchor, spacing), Float.NaN, true);
    }

    /** As {@link #toSpacing(Volume, double...)} for a segmentation. */
    public LabelVolume toSpacing(final LabelVolume labels, final double... spacing) {
        return toSpacing(labels, Anchor.EXTENT, spacing);
    }

    /** As {@link #toSpacing(Volume, Anchor, double...)} for a segmentation. */
    public LabelVolume toSpacing(final LabelVolume labels, final Anchor anchor, final double... spacing) {
        return resample(labels, TargetGrids.withSpacing(labels.geometry(), anchor, spacing), true);
    }

    /**
     * Resamples to the grid of another image in the same patient frame.
     *
     * @param image the image
     * @param target any grid
     * @param fill value of target voxels whose center lies more than half a source voxel beyond the source's outermost
     *            voxel centers; nearer ones take the edge value
     */
    public Volume toGrid(final Volume image, final Geometry target, final float fill) {
        return resample(image, target, fill, false);
    }

    /** As {@link #toGrid(Volume, Geometry, float)} for a segmentation; outside is background. */
    public LabelVolume toGrid(final LabelVolume labels, final Geometry target) {
        return resample(labels, target, false);
    }

    private Volume resample(final Volume image, final Geometry target, final float fill, final boolean edge) {
        final IndexMap map = new IndexMap(image.geometry(), target);
        final Interpolation interpolation = map.isWhole() ? Interpolation.NEAREST : m_interpolation;
        final float[] result = map.isAligned() ? separably(image, target, map, interpolation, fill, edge)
            : obliquely(image, target, map, interpolation, fill, edge);
        if (interpolation == Interpolation.CUBIC) {
            keepBackground(image, target, map, result, edge);
        }
        return new Volume(result, target, image.info());
    }

    /** Other interpolations keep it by themselves. */
    private void keepBackground(final Volume image, final Geometry target, final IndexMap map, final float[] result,
        final boolean edge) {
        final Optional<Float> value = ForegroundChoice.background(image);
        if (value.isEmpty()) {
            return;
        }
        final int[] reach =
            Arrays.stream(sigma(image.geometry(), map)).mapToInt(s -> LineBlur.halfKernel(s).length - 1).toArray();
        final KeptBackground kept = new KeptBackground(image, value.get(), reach);
        final int[] size = image.geometry().size();
        forEach(target, map, (v, x, y, z) -> {
            if ((edge || !isOutside(x, y, z, size)) && kept.isBackground(x, y, z)) {
                result[v] = value.get();
            }
        });
    }

    private float[] separably(final Volume image, final Geometry target, final IndexMap map,
        final Interpolation interpolation, final float fill, final boolean edge) {
        final double[] sigma = sigma(image.geometry(), map);
        final AxisResampling[] axes = new AxisResampling[3];
        boolean outside = false;
        for (int a = 0; a < 3; a++) {
            axes[a] = new AxisResampling(image.geometry().size(a), target.size(a), map.offset(a), map.step(a), sigma[a],
                interpolation);
            outside |= axes[a].reachesOutside();
        }
        final float[] result = new SeparableResampling(axes, m_workers).apply(image.voxels());
        if (outside && !edge) {
            int v = 0;
            for (int k = 0; k < target.size(2); k++) {
                for (int j = 0; j < target.size(1); j++) {
                    final boolean row = axes[2].isOutside(k) || axes[1].isOutside(j);
                    for (int i = 0; i < target.size(0); i++, v++) {
                        if (row || axes[0].isOutside(i)) {
                            result[v] = fill;
                        }
                    }
                }
            }
        }
        return result;
    }

    private float[] obliquely(final Volume image, final Geometry target, final IndexMap map,
        final Interpolation interpolation, final float fill, final boolean edge) {
        final int[] size = image.geometry().size();
        final Sampler sampler = sampler(image, map, interpolation);
        final float[] result = new float[target.voxelCount()];
        forEach(target, map,
            (v, x, y, z) -> result[v] = !edge && isOutside(x, y, z, size) ? fill : sampler.at(x, y, z));
        return result;
    }

    /** A voxel of the target, and the continuous index that it has in the image. */
    @FunctionalInterface
    private interface Visitor {
        void visit(int voxel, double x, double y, double z);
    }

    private void forEach(final Geometry target, final IndexMap map, final Visitor visitor) {
        final int[] size = target.size();
        m_workers.forEach(IntStream.range(0, size[2]).boxed().toList(), k -> {
            int v = k * size[0] * size[1];
            for (int j = 0; j < size[1]; j++) {
                for (int i = 0; i < size[0]; i++, v++) {
                    visitor.visit(v, map.source(0, i, j, k), map.source(1, i, j, k), map.source(2, i, j, k));
                }
            }
        });
    }

    /** The value of an image at a continuous index. */
    @FunctionalInterface
    private interface Sampler {
        float at(double x, double y, double z);
    }

    private Sampler sampler(final Volume image, final IndexMap map, final Interpolation interpolation) {
        final int[] size = image.geometry().size();
        final double[] sigma = sigma(image.geometry(), map);
        final boolean smooth = sigma[0] + sigma[1] + sigma[2] > 0;
        final float[] voxels =
            smooth ? new GaussianBlur(sigma).apply(image.voxels(), size, m_workers) : image.voxels();
        return switch (interpolation) {
            case NEAREST -> (x, y, z) -> nearest(voxels, size, x, y, z);
            case LINEAR -> (x, y, z) -> Trilinear.at(voxels, size, x, y, z);
            case CUBIC -> (smooth ? new CubicSpline(voxels, voxels, size, m_workers)
                : new CubicSpline(voxels, size, m_workers))::at;
        };
    }

    /** Standard deviations of the smoothing in source voxels, 0 for none. */
    private double[] sigma(final Geometry source, final IndexMap map) {
        final double[] sigma = new double[3];
        for (int a = 0; m_antiAlias && a < 3; a++) {
            sigma[a] = source.size(a) > 1 ? sigma(map.extent(a)) : 0;
        }
        return sigma;
    }

    /** Standard deviation in source voxels of the smoothing before voxels get larger by a factor; 0 up to factor 1. */
    static double sigma(final double factor) {
        return factor > 1 ? Math.sqrt(factor * factor - 1) / FWHM_PER_SIGMA : 0;
    }

    private LabelVolume resample(final LabelVolume labels, final Geometry target, final boolean edge) {
        final IndexMap map = new IndexMap(labels.geometry(), target);
        final byte[] source = labels.voxels();
        final byte[] result = new byte[target.voxelCount()];
        final int[] size = labels.geometry().size();
        final boolean nearest = m_labelInterpolation.isNearest();
        forEach(target, map, (v, x, y, z) -> {
            if (edge || !isOutside(x, y, z, size)) {
                result[v] = nearest ? nearest(source, size, x, y, z) : LinearVote.at(source, size, x, y, z);
            }
        });
        if (m_labelInterpolation.keepsComponents()) {
            new KeptComponents(labels, target).restore(result);
        }
        return new LabelVolume(result, target, labels.info(), labels.labels());
    }

    private static boolean isOutside(final double x, final double y, final double z, final int[] size) {
        return x < -0.5 || y < -0.5 || z < -0.5 || x > size[0] - 0.5 || y > size[1] - 0.5 || z > size[2] - 0.5;
    }

    /** The nearest label; of equally near ones the most frequent, of equally frequent ones the smallest. */
    private static byte nearest(final byte[] labels, final int[] size, final double x, final double y, final double z) {
        final double a = Nearest.orBetween(x, size[0]);
        final double b = Nearest.orBetween(y, size[1]);
        final double c = Nearest.orBetween(z, size[2]);
        if (a == (int)a && b == (int)b && c == (int)c) {
            return labels[((int)c * size[1] + (int)b) * size[0] + (int)a];
        }
        // Half a voxel from both along the axes with equally near ones, so the weights of all candidates are equal.
        return LinearVote.at(labels, size, a, b, c);
    }

    /** The nearest value; of equally near ones the largest that is a number. */
    private static float nearest(final float[] values, final int[] size, final double x, final double y,
        final double z) {
        final double a = Nearest.orBetween(x, size[0]);
        final double b = Nearest.orBetween(y, size[1]);
        final double c = Nearest.orBetween(z, size[2]);
        float most = Float.NaN;
        for (int k = (int)c; k <= c + 0.5; k++) {
            for (int j = (int)b; j <= b + 0.5; j++) {
                for (int i = (int)a; i <= a + 0.5; i++) {
                    most = Nearest.larger(most, values[(k * size[1] + j) * size[0] + i]);
                }
            }
        }
        return most;
    }
}
