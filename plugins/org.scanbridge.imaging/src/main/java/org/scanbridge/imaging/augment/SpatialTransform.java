package org.scanbridge.imaging.augment;

import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

import org.scanbridge.imaging.resample.GridWindow;
import org.scanbridge.imaging.resample.Trilinear;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;

import net.imglib2.parallel.TaskExecutor;

/**
 * Moves an image and its segmentation by one and the same affine and elastic transformation about the grid's center, in
 * one resampling: images linearly, labels to the nearest voxel. Coordinates are in mm along the index axes.
 */
public final class SpatialTransform {

    /** Closer than this to a whole number, a coefficient is that number, so that flips are exact. */
    private static final double SNAP = 1e-9;

    /** From the place in the result to the place in the original, in mm. */
    private final double[][] m_backward;

    private final double[] m_translation;

    private final Optional<ElasticField> m_elastic;

    /**
     * @param forward where the image's content goes: p → forward·p + translation, p in mm from the grid's center
     * @param translation in mm along i, j, k
     * @param elastic an additional displacement of the places looked up
     */
    SpatialTransform(final double[][] forward, final double[] translation, final Optional<ElasticField> elastic) {
        m_backward = AffineMatrix.inverse(forward);
        m_translation = translation.clone();
        m_elastic = Objects.requireNonNull(elastic, "elastic");
    }

    /**
     * @param sample image and segmentation
     * @param fill value of the image where the result shows what lay outside; labels there are 0
     * @param workers what slices are shared out to; the result does not depend on them
     */
    public LabeledVolume apply(final LabeledVolume sample, final float fill, final TaskExecutor workers) {
        final Geometry g = sample.image().geometry();
        final Voxels moved = moved(sample, new int[3], g.size(), fill, workers);
        return new LabeledVolume(sample.image().withVoxels(moved.image),
            sample.labels().map(l -> new LabelVolume(moved.labels, l.geometry(), l.info(), l.labels())));
    }

    /**
     * As {@link #apply(LabeledVolume, float, TaskExecutor)}, but computes a window of the result only.
     *
     * @param window of the sample's grid, and within it
     */
    public LabeledVolume apply(final LabeledVolume sample, final GridWindow window, final float fill,
        final TaskExecutor workers) {
        final Geometry shown = window.geometry();
        final Voxels moved = moved(sample, window.from(), shown.size(), fill, workers);
        return new LabeledVolume(new Volume(moved.image, shown, sample.image().info()),
            sample.labels().map(l -> new LabelVolume(moved.labels, shown, l.info(), l.labels())));
    }

    /** Voxels of a window of the result; labels are empty if there are none. */
    private record Voxels(float[] image, byte[] labels) {
    }

    private Voxels moved(final LabeledVolume sample, final int[] from, final int[] shown, final float fill,
        final TaskExecutor workers) {
        final Geometry g = sample.image().geometry();
        final int[] size = g.size();
        final float[] x = sample.image().voxels();
        final float[] image = new float[shown[0] * shown[1] * shown[2]];
        final byte[] y = sample.labels().map(LabelVolume::voxels).orElse(new byte[0]);
        final byte[] labels = new byte[y.length == 0 ? 0 : image.length];
        final double[][] step = indexSteps(g);
        final double[] offset = indexOffset(g, step);
        final Optional<ElasticField.Rows> rows = m_elastic.map(field -> field.on(g));
        workers.forEach(IntStream.range(from[2], from[2] + shown[2]).boxed().toList(), k -> {
            final double[][] displacement = new double[3][size[0]];
            for (int j = from[1]; j < from[1] + shown[1]; j++) {
                if (rows.isPresent()) {
                    rows.get().row(j, k, displacement);
                    for (int a = 0; a < 3; a++) {
                        toIndices(displacement[a], g.spacing(a));
                    }
                }
                final int start = ((k - from[2]) * shown[1] + j - from[1]) * shown[0] - from[0];
                final double p0 = offset[0] + j * step[0][1] + k * step[0][2];
                final double q0 = offset[1] + j * step[1][1] + k * step[1][2];
                final double r0 = offset[2] + j * step[2][1] + k * step[2][2];
                for (int i = from[0]; i < from[0] + shown[0]; i++) {
                    final double p = p0 + i * step[0][0] + displacement[0][i];
                    final double q = q0 + i * step[1][0] + displacement[1][i];
                    final double r = r0 + i * step[2][0] + displacement[2][i];
                    if (isOutside(p, q, r, size)) {
                        image[start + i] = fill;
                        continue;
                    }
                    image[start + i] = Trilinear.at(x, size, p, q, r);
                    if (labels.length > 0) {
                        labels[start + i] =
                            y[(nearest(r, size[2]) * size[1] + nearest(q, size[1])) * size[0] + nearest(p, size[0])];
                    }
                }
            }
        });
        return new Voxels(image, labels);
    }

    /** The affine part on a grid, for looking lines up one by one. */
    AffineLookup affineOn(final Geometry grid) {
        return new AffineLookup(grid);
    }

    /** Values at the places that the affine part shows, 0 beyond half a voxel outside. */
    final class AffineLookup {

        private final int[] m_size;

        private final double[][] m_step;

        private final double[] m_offset;

        private AffineLookup(final Geometry grid) {
            m_size = grid.size();
            m_step = indexSteps(grid);
            m_offset = indexOffset(grid, m_step);
        }

        /**
         * @param voxels of the image
         * @param axis index axis along which the line runs
         * @param index the line's first voxel
         * @param length number of voxels of the line
         * @param line one value per voxel of the line; overwritten
         */
        void line(final float[] voxels, final int axis, final int[] index, final int length, final double[] line) {
            final double[] start = new double[3];
            for (int a = 0; a < 3; a++) {
                start[a] = m_offset[a];
                for (int b = 0; b < 3; b++) {
                    start[a] += m_step[a][b] * index[b];
                }
            }
            for (int n = 0; n < length; n++) {
                final double p = start[0] + n * m_step[0][axis];
                final double q = start[1] + n * m_step[1][axis];
                final double r = start[2] + n * m_step[2][axis];
                line[n] = isOutside(p, q, r, m_size) ? 0 : Trilinear.at(voxels, m_size, p, q, r);
            }
        }
    }

    private static boolean isOutside(final double p, final double q, final double r, final int[] size) {
        return p < -0.5 || q < -0.5 || r < -0.5 || p > size[0] - 0.5 || q > size[1] - 0.5 || r > size[2] - 0.5;
    }

    private static void toIndices(final double[] displacement, final double spacing) {
        for (int i = 0; i < displacement.length; i++) {
            displacement[i] /= spacing;
        }
    }

    /** How the source index changes with the index of the result: [source axis][result axis]. */
    private double[][] indexSteps(final Geometry g) {
        final double[][] step = new double[3][3];
        for (int a = 0; a < 3; a++) {
            for (int b = 0; b < 3; b++) {
                step[a][b] = snapped(m_backward[a][b] * g.spacing(b) / g.spacing(a));
            }
        }
        return step;
    }

    /** The source index of voxel (0, 0, 0) of the result. */
    private double[] indexOffset(final Geometry g, final double[][] step) {
        final double[] offset = new double[3];
        for (int a = 0; a < 3; a++) {
            offset[a] = (g.size(a) - 1) / 2.0;
            for (int b = 0; b < 3; b++) {
                offset[a] -= step[a][b] * (g.size(b) - 1) / 2.0 + m_backward[a][b] * m_translation[b] / g.spacing(a);
            }
            offset[a] = snapped(offset[a]);
        }
        return offset;
    }

    private static double snapped(final double x) {
        final double whole = Math.rint(x);
        return Math.abs(x - whole) < SNAP ? whole : x;
    }

    private static int nearest(final double x, final int size) {
        return (int)Math.max(0, Math.min(size - 1, Math.floor(x + 0.5)));
    }
}
