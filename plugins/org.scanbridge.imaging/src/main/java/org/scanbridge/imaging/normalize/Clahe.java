package org.scanbridge.imaging.normalize;

import java.util.BitSet;
import java.util.Objects;
import java.util.stream.IntStream;

import org.scanbridge.imaging.stats.Percentiles;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.Volume;

import net.imglib2.parallel.TaskExecutor;

/**
 * Contrast-limited adaptive histogram equalization (Zuiderveld, Graphics Gems IV, 1994; Pizer et al., 1987), in each
 * slice or in the volume.
 * <ol>
 * <li>Each axis is cut into tiles of (nearly) equal size: tile t of T begins at voxel ⌊t·n/T⌋.
 * <li>The range of the foreground, of each slice by itself or of the volume, is divided into equal bins; each tile's
 * foreground voxels are counted. The range goes from minimum to maximum, but not farther beyond the percentiles 0.5 and
 * 99.5 than these are apart: a few voxels of metal or a spike would leave all others in one bin. What lies beyond counts
 * in the outermost bins.
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

    /** Percentage of the values at each end that do not stretch the range. */
    private static final double TAIL = 0.5;

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
        final BitSet foreground = foreground(sample);
        final char[] bins = new char[image.voxels().length];
        final Geometry grid = image.geometry();
        if (m_settings.mode == Mode.VOLUME) {
            final boolean varies = bin(image.voxels(), foreground, 0, bins.length, bins);
            final float[] result = new float[bins.length];
            if (varies) {
                equalize(bins, foreground, grid, 0, new TileAxis(grid.size(2), m_settings.tiles), result, m_workers);
            }
            return image.withVoxels(result);
        }
        final float[] result = new float[bins.length];
        final int plane = grid.size(0) * grid.size(1);
        m_workers.forEach(IntStream.range(0, grid.size(2)).boxed().toList(), k -> {
            if (bin(image.voxels(), foreground, k * plane, (k + 1) * plane, bins)) {
                equalize(bins, foreground, grid, k, new TileAxis(1, 1), result, null);
            }
        });
        return image.withVoxels(result);
    }

    private BitSet foreground(final Sample sample) {
        final Foreground.Chosen chosen = m_settings.foreground.choose(sample, Background.CONSTANT);
        // Where there is no background, dark voxels are equalized like the others.
        return chosen.background() == Background.CONSTANT ? chosen.voxels() : Foreground.WHOLE_IMAGE.of(sample);
    }

    /**
     * Writes the bin of each voxel from one index to before another.
     *
     * @return whether the foreground there has more than one value
     */
    private boolean bin(final float[] x, final BitSet foreground, final int from, final int to, final char[] bins) {
        final float[] values = values(x, foreground, from, to);
        if (values.length == 0) {
            return false;
        }
        final double[] q = Percentiles.of(values, 0, TAIL, 100 - TAIL, 100);
        if (q[0] == q[3]) {
            return false;
        }
        // Nearly all values may be equal; then there is no other measure than the whole range.
        final double reach = q[1] < q[2] ? q[2] - q[1] : q[3] - q[0];
        final double min = Math.max(q[0], q[1] - reach);
        final double max = Math.min(q[3], q[2] + reach);
        final double scale = m_settings.bins / (max - min);
        for (int v = from; v < to; v++) {
            bins[v] = (char)Math.max(0, Math.min(m_settings.bins - 1, (int)((x[v] - min) * scale)));
        }
        return true;
    }

    private static float[] values(final float[] x, final BitSet foreground, final int from, final int to) {
        if (from == 0 && to == x.length && foreground.cardinality() == x.length) {
            return x;
        }
        int count = 0;
        for (int v = foreground.nextSetBit(from); v >= 0 && v < to; v = foreground.nextSetBit(v + 1)) {
            count++;
        }
        final float[] values = new float[count];
        count = 0;
        for (int v = foreground.nextSetBit(from); v >= 0 && v < to; v = foreground.nextSetBit(v + 1)) {
            values[count++] = x[v];
        }
        return values;
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
