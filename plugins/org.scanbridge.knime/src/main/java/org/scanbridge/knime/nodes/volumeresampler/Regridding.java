package org.scanbridge.knime.nodes.volumeresampler;

import java.util.List;
import java.util.Optional;

import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.normalize.Foreground;
import org.scanbridge.imaging.normalize.NonFiniteVoxels;
import org.scanbridge.imaging.normalize.Sample;
import org.scanbridge.imaging.resample.Anchor;
import org.scanbridge.imaging.resample.GridWindow;
import org.scanbridge.imaging.resample.Interpolation;
import org.scanbridge.imaging.resample.LabelLoss;
import org.scanbridge.imaging.resample.Reorientation;
import org.scanbridge.imaging.resample.Resampler;
import org.scanbridge.imaging.resample.TargetGrids;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.knime.nodes.volumeresampler.Choices.Axes;
import org.scanbridge.knime.nodes.volumeresampler.Choices.Crop;
import org.scanbridge.knime.nodes.volumeresampler.Choices.Grid;
import org.scanbridge.knime.nodes.volumeresampler.Choices.Size;

import net.imglib2.parallel.TaskExecutors;

/**
 * Brings the image and the segmentation of one row to a new grid, step by step: axes, spacing, crop, size; or at once to
 * a reference grid. After the first step both lie on the same grid, whatever they did before.
 */
final class Regridding {

    private final VolumeResamplerParameters m_parameters;

    private final Resampler m_resampler;

    private Optional<Volume> m_image;

    private Optional<LabelVolume> m_labels;

    private final Optional<LabelVolume> m_labelsBefore;

    /** The grid that has been reached. */
    private Geometry m_grid;

    /**
     * @param image the image, if one is to be resampled
     * @param labels the segmentation, if there is one; at least one of both
     */
    Regridding(final VolumeResamplerParameters parameters, final Optional<Volume> image,
        final Optional<LabelVolume> labels) {
        m_parameters = parameters;
        m_resampler = new Resampler(parameters.m_interpolation.interpolation(),
            parameters.m_labelInterpolation.interpolation(parameters.m_keepParts), parameters.m_antiAlias,
            TaskExecutors.multiThreaded());
        m_image = image;
        m_labels = labels;
        m_labelsBefore = labels;
        m_grid = image.map(Volume::geometry).orElseGet(() -> labels.orElseThrow().geometry());
    }

    /** The image on the new grid. */
    Optional<Volume> image() {
        return m_image;
    }

    /** The segmentation on the new grid. */
    Optional<LabelVolume> labels() {
        return m_labels;
    }

    /** What the segmentation lost on the way. */
    List<LabelLoss> losses() {
        return m_labels.map(after -> LabelLoss.between(m_labelsBefore.orElseThrow(), after)).orElse(List.of());
    }

    /** @throws ImagingException if voxels are not finite and have to be interpolated */
    void toReference(final Geometry target) {
        requireFinite();
        m_labels = m_labels.map(l -> m_resampler.toGrid(l, target));
        m_image = m_image.map(v -> m_resampler.toGrid(v, target, fill(v)));
        m_grid = target;
    }

    /** @throws ImagingException if there is nothing to crop to, or voxels that have to be interpolated are not finite */
    void toOwnGrid() {
        if (m_labels.isPresent() && !m_labels.get().geometry().sameGrid(m_grid)) {
            m_labels = m_labels.map(l -> m_resampler.toGrid(l, m_grid));
        }
        // A single slice has nothing beside it: it is neither turned out of its plane nor thickened or padded.
        final boolean flat = m_grid.size(2) == 1;
        if (m_parameters.m_axes != Axes.KEEP && !flat) {
            turn(m_parameters.m_axes == Axes.LPS ? Reorientation.toLps(m_grid) : Reorientation.toRas(m_grid));
        }
        if (m_parameters.m_grid != Grid.KEEP) {
            toSpacing();
        }
        if (m_parameters.m_crop != Crop.NONE) {
            cut(content());
        }
        if (m_parameters.m_size == Size.FIXED) {
            cut(GridWindow.centered(m_grid, m_parameters.m_sizeI, m_parameters.m_sizeJ,
                flat ? 1 : m_parameters.m_sizeK));
        } else if (m_parameters.m_size == Size.MULTIPLE) {
            cut(GridWindow.toMultipleOf(m_grid, m_parameters.m_multiple, m_parameters.m_multiple,
                flat ? 1 : m_parameters.m_multiple));
        }
    }

    private GridWindow content() {
        final int margin = m_parameters.m_margin;
        return switch (m_parameters.m_crop) {
            case NONE -> throw new IllegalStateException("nothing to crop to");
            case IMAGE -> GridWindow.around(m_image.orElseThrow(), (float)m_parameters.m_threshold, margin);
            case FOREGROUND -> GridWindow.around(m_grid, Foreground.AUTOMATIC.of(Sample.of(m_image.orElseThrow())), margin);
            case LABELS -> GridWindow.around(m_labels.orElseThrow(() -> new ImagingException(
                "There is no segmentation to crop to. Crop to the image's content, or filter the row out.")), margin);
        };
    }

    /** How many voxels an image of a grid has at the end of {@link #toOwnGrid}, or before it is cropped to its content. */
    static long voxels(final VolumeResamplerParameters parameters, final Geometry from) {
        final boolean flat = from.size(2) == 1;
        final Geometry grid = parameters.m_axes == Axes.KEEP || flat ? from
            : (parameters.m_axes == Axes.LPS ? Reorientation.toLps(from) : Reorientation.toRas(from)).geometry();
        final Geometry spaced = parameters.m_grid == Grid.KEEP ? grid
            : TargetGrids.withSpacing(grid, parameters.m_kept.anchor(), spacing(parameters, grid));
        final long before = parameters.m_crop == Crop.NONE ? spaced.voxelCount() : 0;
        return parameters.m_size == Size.FIXED
            ? Math.max(before, (long)parameters.m_sizeI * parameters.m_sizeJ * (flat ? 1 : parameters.m_sizeK)) : before;
    }

    private static double[] spacing(final VolumeResamplerParameters parameters, final Geometry grid) {
        final double[] spacing = parameters.m_grid == Grid.ISOTROPIC
            ? new double[]{parameters.m_edge, parameters.m_edge, parameters.m_edge}
            : new double[]{parameters.m_spacingI, parameters.m_spacingJ, parameters.m_spacingK};
        if (grid.size(2) == 1) {
            spacing[2] = grid.spacing(2);
        }
        return spacing;
    }

    private void turn(final Reorientation turn) {
        m_labels = m_labels.map(turn::apply);
        m_image = m_image.map(turn::apply);
        m_grid = turn.geometry();
    }

    private void toSpacing() {
        requireFinite();
        final double[] spacing = spacing(m_parameters, m_grid);
        final Anchor anchor = m_parameters.m_kept.anchor();
        m_labels = m_labels.map(l -> m_resampler.toSpacing(l, anchor, spacing));
        m_image = m_image.map(v -> m_resampler.toSpacing(v, anchor, spacing));
        m_grid = TargetGrids.withSpacing(m_grid, anchor, spacing);
    }

    private void cut(final GridWindow window) {
        m_labels = m_labels.map(window::apply);
        m_image = m_image.map(v -> window.apply(v, fill(v)));
        m_grid = window.geometry();
    }

    private float fill(final Volume image) {
        return (float)m_parameters.m_fill.fill().applyAsDouble(image);
    }

    private void requireFinite() {
        final int bad = m_parameters.m_interpolation.interpolation() == Interpolation.NEAREST ? 0
            : m_image.map(NonFiniteVoxels::count).orElse(0);
        if (bad > 0) {
            throw new ImagingException(bad + " voxels of the image are NaN or infinite, which interpolation would spread."
                + " Replace them with the Volume Normalizer first, or choose nearest interpolation.");
        }
    }
}
