package org.scanbridge.imaging.normalize;

import java.util.BitSet;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.Volume;

import net.imglib2.parallel.TaskExecutor;

/**
 * Contrast-limited adaptive histogram equalization (Zuiderveld, Graphics Gems IV, 1994; Pizer et al., 1987), in each
 * slice or in the volume.
 * <ol>
 * <li>Each axis is cut into tiles of (nearly) equal size: tile t of T begins at voxel ⌊t·n/T⌋.
 * <li>The foreground's range from minimum to maximum is divided into equal bins; each tile's foreground voxels are
 * counted.
 * <li>Counts are clipped at max(1, clip·count of the tile). What was cut off is given back evenly to all bins, and the
 * remainder r, one each, to every ⌊bins/r⌋-th bin from the first.
 * <li>A tile's curve is its cumulative share; a tile whose voxels all fall into one bin keeps intensities as they are.
 * <li>A voxel takes the multilinear interpolation of the curves of the tiles whose centers surround it, held constant
 * beyond the outermost centers. Tiles without foreground do not take part.
 * </ol>
 * The result lies in [0, 1]; the background becomes 0. A constant foreground becomes 0 throughout. Clipping at 1 is
 * plain adaptive equalization. The result does not depend on the number of workers.
 */
public final class Clahe implements Normalizer {

    /** In which neighborhood histograms are taken. */
    public enum Mode {

        /** In each slice along k by itself. */
        SLICES,

        /** In boxes of the volume. */
        VOLUME
    }

    /**
     * @param mode 2-D or 3-D
     * @param tiles number of tiles along each equalized axis, at least 1; an axis never has more tiles than voxels
     * @param bins number of histogram bins, in [2, 65536]
     * @param clip largest share of a tile's voxels in one bin before the excess is redistributed, in (0, 1]
     * @param foreground which voxels count and are equalized
     */
    public record Settings(Mode mode, int tiles, int bins, double clip, Foreground foreground) {

        /** 8 tiles per axis, 256 bins, clipped at 0.01, over the whole image: scikit-image's defaults. */
        public static final Settings DEFAULT = new Settings(Mode.VOLUME, 8, 256, 0.01, Foreground.WHOLE_IMAGE);

        /** @throws IllegalArgumentException if a value is out of range */
        public Settings {
            Objects.requireNonNull(mode, "mode");
            Objects.requireNonNull(foreground, "foreground");
            if (tiles < 1 || bins < 2 || bins > 65536 || !(clip > 0 && clip <= 1)) {
                throw new IllegalArgumentException("CLAHE needs at least 1 tile per axis, 2 to 65536 bins and a clip"
                    + " limit in (0, 1], not " + tiles + ", " + bins + " and " + clip);
            }
        }
    }

    private final Settings m_settings;

    private final TaskExecutor m_workers;

    /**
     * @param settings tiles, bins, clip limit, foreground
     * @param workers what slices and tiles are shared out to
     */
    public Clahe(final Settings settings, final TaskExecutor workers) {
        m_settings = Objects.requireNonNull(settings, "settings");
        m_workers = Objects.requireNonNull(workers, "workers");
    }

    @Override
    public Volume apply(final Sample sample) {
        final Volume image = sample.image();
        final BitSet foreground = m_settings.foreground.of(sample);
        final Optional<char[]> bins = bins(image.voxels(), foreground);
        final float[] result = new float[image.voxels().length];
        if (bins.isPresent()) {
            final Geometry grid = image.geometry();
            if (m_settings.mode == Mode.VOLUME) {
                final TileAxis axisK = new TileAxis(grid.size(2), m_settings.tiles);
                equalize(bins.get(), foreground, grid, 0, axisK, result, m_workers);
            } else {
                m_workers.forEach(IntStream.range(0, grid.size(2)).boxed().toList(),
                    k -> equalize(bins.get(), foreground, grid, k, new TileAxis(1, 1), result, null));
            }
        }
        return image.withVoxels(result);
    }

    /** The bin of each voxel; empty if the foreground is constant. */
    private Optional<char[]> bins(final float[] x, final BitSet foreground) {
        float min = Float.POSITIVE_INFINITY;
        float max = Float.NEGATIVE_INFINITY;
        for (int v = foreground.nextSetBit(0); v >= 0; v = foreground.nextSetBit(v + 1)) {
            min = Math.min(min, x[v]);
            max = Math.max(max, x[v]);
        }
        if (min == max) {
            return Optional.empty();
        }
        final double scale = m_settings.bins / ((double)max - min);
        final char[] bins = new char[x.length];
        for (int v = 0; v < x.length; v++) {
            bins[v] = (char)Math.max(0, Math.min(m_settings.bins - 1, (int)((x[v] - (double)min) * scale)));
        }
        return Optional.of(bins);
    }

    /** Equalizes the slab of axisK.size() slices from slice firstK on. */
    private void equalize(final char[] bins, final BitSet foreground, final Geometry grid, final int firstK,
        final TileAxis axisK, final float[] result, final TaskExecutor workers) {
        final TileAxis axisI = new TileAxis(grid.size(0), m_settings.tiles);
        final TileAxis axisJ = new TileAxis(grid.size(1), m_settings.tiles);
        final TileCurves curves =
            new TileCurves(m_settings, bins, foreground, new TileAxis[]{axisI, axisJ, axisK}, firstK);
        final var tilesK = IntStream.range(0, axisK.tiles()).boxed().toList();
        final var slices = IntStream.range(0, axisK.size()).boxed().toList();
        if (workers == null) {
            tilesK.forEach(curves::build);
            slices.forEach(k -> curves.apply(k, result));
        } else {
            workers.forEach(tilesK, curves::build);
            workers.forEach(slices, k -> curves.apply(k, result));
        }
    }
}
