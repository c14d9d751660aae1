package org.scanbridge.knime.view;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.node.BufferedDataTable;
import org.knime.node.DefaultView.ViewInput;
import org.scanbridge.imaging.render.IntensityWindow;
import org.scanbridge.imaging.render.Plane;
import org.scanbridge.imaging.render.SliceGrid;
import org.scanbridge.imaging.render.SliceStack;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.VolumeInfo;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.data.VolumeValue;

/**
 * Gives the Image Viewer what a row holds, and then slice by slice its voxels. Only what is asked for is read from disk, so an
 * answer takes a fraction of a second and little memory whatever the size of the image. Public, with public methods and
 * results, because KNIME calls it by reflection.
 */
public final class SliceService {

    /** How many slices across the file are read at once. */
    private static final int SLAB = 16;

    /** No more than so many bytes of them. */
    private static final long SLAB_BYTES = 16L << 20;

    private final ViewedTable m_table;

    private final SlabCache m_slabs = new SlabCache();

    /** Weak: a table that was replaced is not kept. */
    private WeakReference<BufferedDataTable> m_lastTable = new WeakReference<>(null);

    private int m_lastNumber = -1;

    private DataRow m_lastRow;

    /**
     * @param input the node's; kept instead of its tables, which change when the node is executed again
     * @param table which of the node's internal tables is looked at
     */
    public SliceService(final ViewInput input, final int table) {
        m_table = new ViewedTable(input, table);
    }

    /** A class of a segmentation: label value, name and color as {@code #rrggbb}. */
    public record LabelClass(int value, String name, String color) {
    }

    /** Which values are black and white at first. */
    public record Window(double black, double white) {
    }

    /**
     * Where the slices of one plane lie; positions and steps in mm, in the patient frame (LPS). See {@link SliceStack}.
     *
     * @param size pixels across, pixels down, slices
     * @param letters of the directions left, right, up and down; empty texts for a radiograph, of which nobody knows them
     * @param oblique degrees between the slices and the patient's own plane
     */
    public record Stack(int[] size, double[] first, double[] across, double[] down, double[] through, String[] letters,
        double oblique) {
    }

    /**
     * An image or a segmentation of a row.
     *
     * @param column its column
     * @param grid layers with the same number lie on the same grid
     * @param stacks axial, coronal, sagittal
     * @param window of an image; null for a segmentation
     * @param classes of a segmentation; empty for an image
     */
    public record Layer(String column, boolean image, String modality, String units, int grid, Stack[] stacks, Window window,
        List<LabelClass> classes) {
    }

    /**
     * What a row holds.
     *
     * @param layers in the order of the columns; null where a cell is missing
     * @param lead the layer with the most voxels, whose slices are counted; -1 if there is none
     * @param acquired its plane as it was acquired: 0 axial, 1 coronal, 2 sagittal
     */
    public record Row(List<Layer> layers, int lead, int acquired) {
    }

    /**
     * How many voxels were found in each slice, and where most are.
     *
     * @param counts for axial, coronal and sagittal slices of the first layer
     * @param position in the acquired slice with most of them, where they are densest; LPS in mm; null if there are none
     */
    public record Found(int[][] counts, double[] position) {
    }

    /**
     * What a row holds.
     *
     * @param row number of the row, from 0
     * @throws IllegalArgumentException if there is no such row, or the node is not executed
     */
    public synchronized Row open(final int row) {
        final List<Geometry> grids = new ArrayList<>();
        final List<Layer> layers = new ArrayList<>();
        int lead = -1;
        Geometry largest = null;
        final DataTableSpec spec = m_table.table().getDataTableSpec();
        for (final int c : ViewedTable.columns(spec)) {
            final DataCell cell = row(row).getCell(c);
            if (cell.isMissing()) {
                layers.add(null);
                continue;
            }
            final Geometry grid = geometry(cell);
            if (largest == null || grid.voxelCount() > largest.voxelCount()) {
                largest = grid;
                lead = layers.size();
            }
            layers.add(layer(spec.getColumnSpec(c).getName(), cell, number(grids, grid)));
        }
        return new Row(layers, lead, largest == null ? 0 : SliceStack.acquired(largest).ordinal());
    }

    /** The number of a grid among those that were seen. */
    private static int number(final List<Geometry> grids, final Geometry grid) {
        for (int g = 0; g < grids.size(); g++) {
            if (grids.get(g).sameGrid(grid)) {
                return g;
            }
        }
        grids.add(grid);
        return grids.size() - 1;
    }

    private static Layer layer(final String column, final DataCell cell, final int grid) {
        final Stack[] stacks = Arrays.stream(Plane.values()).map(plane -> stack(cell, plane)).toArray(Stack[]::new);
        if (cell instanceof VolumeValue image) {
            final IntensityWindow window = Layers.window(image);
            return new Layer(column, true, image.info().modality(), image.info().units(), grid, stacks,
                new Window(window.black(), window.white()), List.of());
        }
        return new Layer(column, false, "", "", grid, stacks, null, Layers.classes((LabelVolumeValue)cell));
    }

    private static Stack stack(final DataCell cell, final Plane plane) {
        final Geometry grid = geometry(cell);
        final VolumeInfo info = cell instanceof VolumeValue image ? image.info() : ((LabelVolumeValue)cell).info();
        final SliceStack s = new SliceStack(grid, plane);
        return new Stack(s.size(), s.first(), s.across(), s.down(), s.through(),
            info.isProjection(grid) ? new String[]{"", "", "", ""} : s.letters(), s.obliqueness());
    }

    /**
     * Slices of a row.
     *
     * @param row number of the row, from 0
     * @param asked for each answer the plane (0 axial, 1 coronal, 2 sagittal), then for each layer the number of the slice, or
     *            -1 where none is wanted
     * @return for each of these the pixels of each layer, null where none were wanted
     * @throws IllegalArgumentException if there is no such row, layer or plane
     * @throws IndexOutOfBoundsException if there is no such slice
     */
    public synchronized List<List<Pixels>> slices(final int row, final int[][] asked) {
        final List<DataCell> cells = cells(row);
        final List<List<Pixels>> answers = new ArrayList<>();
        for (final int[] one : asked) {
            if (one.length != cells.size() + 1 || one[0] < 0 || one[0] >= Plane.values().length) {
                throw new IllegalArgumentException("A plane (0 to 2) and " + cells.size() + " slices are needed, not "
                    + Arrays.toString(one) + ".");
            }
            final List<Pixels> answer = new ArrayList<>();
            for (int layer = 0; layer < cells.size(); layer++) {
                answer.add(one[layer + 1] < 0 || cells.get(layer).isMissing() ? null
                    : pixels(cells.get(layer), Plane.values()[one[0]], one[layer + 1]));
            }
            answers.add(answer);
        }
        return answers;
    }

    /**
     * The slices with anything in a segmentation, or with voxels in which two segmentations differ.
     *
     * @param row number of the row, from 0
     * @param layer a segmentation
     * @param other another one on the same grid, or -1 to look for any label in the first
     * @throws IllegalArgumentException if one of these is no segmentation, or they lie on different grids
     */
    public synchronized Found find(final int row, final int layer, final int other) {
        final LabelVolumeValue first = segmentation(row, layer);
        final LabelVolumeValue second = other < 0 ? null : segmentation(row, other);
        if (second != null && !second.geometry().sameGrid(first.geometry())) {
            throw new IllegalArgumentException("The segmentations lie on different grids (" + first.geometry() + " and "
                + second.geometry().beside(first.geometry()) + "), so they cannot be compared voxel by voxel.");
        }
        return FoundVoxels.of(first, second);
    }

    private LabelVolumeValue segmentation(final int row, final int layer) {
        final List<DataCell> cells = cells(row);
        if (layer < 0 || layer >= cells.size() || !(cells.get(layer) instanceof LabelVolumeValue labels)) {
            throw new IllegalArgumentException("Layer " + layer + " of row " + row + " is no segmentation.");
        }
        return labels;
    }

    private Pixels pixels(final DataCell cell, final Plane plane, final int slice) {
        final SliceStack stack = new SliceStack(geometry(cell), plane);
        if (slice >= stack.size()[2]) {
            throw new IndexOutOfBoundsException("There is no " + plane.name().toLowerCase() + " slice " + slice + " of "
                + stack.size()[2] + ".");
        }
        final int axis = stack.axis();
        final int size = geometry(cell).size(axis);
        final long bytes = (long)geometry(cell).voxelCount() / size * Float.BYTES;
        // Slices across i are scattered over the whole file; one reading of it serves many of them.
        final int count = axis == 0 ? (int)Math.max(1, Math.min(SLAB, SLAB_BYTES / bytes)) : 1;
        final int index = stack.index(slice);
        final int from = index / count * count;
        final int there = Math.min(count, size - from);
        if (cell instanceof VolumeValue image) {
            final Volume slab = axis == 0
                ? m_slabs.get(image.hash(), axis, from, Volume.class, () -> image.slab(axis, from, there))
                : image.slab(axis, from, there);
            return Pixels.of(slab, new SliceGrid(slab.geometry(), plane, inSlab(slab.geometry(), plane, index - from)));
        }
        final LabelVolumeValue labels = (LabelVolumeValue)cell;
        final LabelVolume slab = axis == 0
            ? m_slabs.get(labels.hash(), axis, from, LabelVolume.class, () -> labels.slab(axis, from, there))
            : labels.slab(axis, from, there);
        return Pixels.of(slab, new SliceGrid(slab.geometry(), plane, inSlab(slab.geometry(), plane, index - from)));
    }

    /** The number of the slice with an index of a slab. */
    private static int inSlab(final Geometry slab, final Plane plane, final int index) {
        // index() is its own inverse
        return new SliceStack(slab, plane).index(index);
    }

    private static Geometry geometry(final DataCell cell) {
        return cell instanceof VolumeValue v ? v.geometry() : ((LabelVolumeValue)cell).geometry();
    }

    private List<DataCell> cells(final int row) {
        final DataRow found = row(row);
        return ViewedTable.columns(m_table.table().getDataTableSpec()).stream().map(found::getCell).toList();
    }

    /** The row; the last one is kept, because scrolling asks for the same again and again. */
    private DataRow row(final int row) {
        final BufferedDataTable table = m_table.table();
        if (table != m_lastTable.get() || row != m_lastNumber) {
            m_lastRow = m_table.row(row);
            m_lastTable = new WeakReference<>(table);
            m_lastNumber = row;
        }
        return m_lastRow;
    }
}
