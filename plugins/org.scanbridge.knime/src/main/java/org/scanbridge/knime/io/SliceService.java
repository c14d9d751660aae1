package org.scanbridge.knime.io;

import java.awt.image.BufferedImage;
import java.util.Base64;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.container.CloseableRowIterator;
import org.knime.core.node.BufferedDataTable;
import org.knime.node.DefaultView.ViewInput;
import org.scanbridge.imaging.render.IntensityWindow;
import org.scanbridge.imaging.render.Plane;
import org.scanbridge.imaging.render.SliceGrid;
import org.scanbridge.imaging.render.SliceRenderer;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.util.StudyTable;

/**
 * Gives the view of a reader one slice at a time. Only that slice is read from disk, so an answer takes a fraction of a
 * second whatever the size of the image. Public, with public methods and results, because KNIME calls it by reflection.
 */
public final class SliceService {

    private static final int LEVELS = 0xffff;

    /** How many slices the window is found from. */
    private static final int SAMPLED_SLICES = 5;

    /** Window from the 1st to the 99.5th percentile: neither background nor a bright vessel rules it. */
    private static final double LOWER = 1;

    private static final double UPPER = 99.5;

    private final ViewInput m_input;

    /** @param input the node's; kept instead of its tables, which change when the node is executed again */
    public SliceService(final ViewInput input) {
        m_input = input;
    }

    /**
     * The acquired slice of an image, upright in radiological orientation.
     *
     * @param png PNG file in base 64: red and green are the high and the low byte of the level of a voxel, blue its label
     * @param low value of level 0
     * @param high value of level 65535
     * @param widthMm width of the picture in mm
     * @param heightMm height of the picture in mm
     * @param left which side of the patient is on the left of the picture: R, or A in sagittal slices
     * @param right likewise on the right: L, or P
     */
    public record Slice(String png, double low, double high, double widthMm, double heightMm, String left,
        String right) {
    }

    /** Which values are black and white at first. */
    public record Window(double black, double white) {
    }

    /** A row of the table. */
    private record Images(VolumeValue image, LabelVolumeValue labels) {
    }

    /**
     * The window of an image.
     *
     * @param row number of the series in the list, from 0
     * @throws IllegalArgumentException if there is no such series
     */
    public Window window(final int row) {
        final VolumeValue image = images(row).image;
        final int slices = image.geometry().size(2);
        final int sampled = Math.min(slices, SAMPLED_SLICES);
        final int plane = image.geometry().size(0) * image.geometry().size(1);
        final float[] voxels = new float[sampled * plane];
        for (int s = 0; s < sampled; s++) {
            System.arraycopy(image.slice((2 * s + 1) * slices / (2 * sampled)).voxels(), 0, voxels, s * plane, plane);
        }
        final IntensityWindow window = IntensityWindow.percentiles(
            new Volume(voxels, Geometry.axial(new int[]{image.geometry().size(0), image.geometry().size(1), sampled}, 1, 1,
                1), image.info()),
            LOWER, UPPER);
        return new Window(window.black(), window.white());
    }

    /**
     * One slice.
     *
     * @param row number of the series in the list, from 0
     * @param k index of the slice, from 0
     * @throws IllegalArgumentException if there is no such series
     * @throws IndexOutOfBoundsException if there is no such slice
     */
    public Slice slice(final int row, final int k) {
        final Images images = images(row);
        final Volume image = images.image.slice(k);
        final byte[] labels = images.labels == null ? null : labels(images.labels, image.geometry(), images.image.geometry(), k);
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (final float v : image.voxels()) {
            low = Float.isFinite(v) ? Math.min(low, v) : low;
            high = Float.isFinite(v) ? Math.max(high, v) : high;
        }
        if (!(low <= high)) {
            low = 0;
            high = 0;
        }
        final Plane plane = plane(image.geometry());
        final SliceGrid grid = new SliceGrid(image.geometry(), plane, 0);
        final BufferedImage picture = new BufferedImage(grid.width(), grid.height(), BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < grid.height(); y++) {
            for (int x = 0; x < grid.width(); x++) {
                final int voxel = grid.voxel(x, y);
                final int label = labels == null ? 0 : labels[voxel] & 0xff;
                picture.setRGB(x, y, level(image.voxels()[voxel], low, high) << 8 | label);
            }
        }
        return new Slice(Base64.getEncoder().encodeToString(SliceRenderer.png(picture)), low, high, grid.widthMm(),
            grid.heightMm(), plane == Plane.SAGITTAL ? "A" : "R", plane == Plane.SAGITTAL ? "P" : "L");
    }

    /** The labels of a slice; where they lie on another grid, each pixel has that of the nearest voxel. */
    private static byte[] labels(final LabelVolumeValue labels, final Geometry slice, final Geometry image, final int k) {
        if (labels.geometry().sameGrid(image)) {
            return labels.slice(k).voxels();
        }
        final LabelVolume all = labels.labelVolume();
        final Geometry grid = all.geometry();
        final byte[] nearest = new byte[slice.size(0) * slice.size(1)];
        for (int v = 0; v < nearest.length; v++) {
            final double[] at = grid.index(slice.position(v % slice.size(0), v / slice.size(0), 0));
            final int i = (int)Math.rint(at[0]);
            final int j = (int)Math.rint(at[1]);
            final int l = (int)Math.rint(at[2]);
            if (i >= 0 && i < grid.size(0) && j >= 0 && j < grid.size(1) && l >= 0 && l < grid.size(2)) {
                nearest[v] = (byte)all.get(i, j, l);
            }
        }
        return nearest;
    }

    /** Voxels without a finite value are as dark as the darkest. */
    private static int level(final float value, final double low, final double high) {
        return Float.isFinite(value) && high > low ? (int)Math.rint((value - low) / (high - low) * LEVELS)
            : value == Float.POSITIVE_INFINITY ? LEVELS : 0;
    }

    /** The plane of the acquired slices: the one whose normal is nearest to the direction of index axis k. */
    private static Plane plane(final Geometry geometry) {
        final double[] direction = geometry.direction();
        final double left = Math.abs(direction[6]);
        final double posterior = Math.abs(direction[7]);
        final double superior = Math.abs(direction[8]);
        return superior >= left && superior >= posterior ? Plane.AXIAL
            : posterior >= left ? Plane.CORONAL : Plane.SAGITTAL;
    }

    private Images images(final int row) {
        if (m_input.getInternalPortObjects() == null) {
            throw new IllegalArgumentException("The node has been reset. Execute it and open the view again.");
        }
        final BufferedDataTable table = m_input.getInternalTables()[0];
        final DataTableSpec spec = table.getDataTableSpec();
        if (row < 0 || row >= table.size()) {
            throw new IllegalArgumentException("There is no series " + row + " of " + table.size() + ".");
        }
        try (CloseableRowIterator rows = table.iterator()) {
            DataRow found = rows.next();
            for (int r = 0; r < row; r++) {
                found = rows.next();
            }
            final DataCell labels = found.getCell(spec.findColumnIndex(StudyTable.SEGMENTATION));
            return new Images((VolumeValue)found.getCell(spec.findColumnIndex(StudyTable.IMAGE)),
                labels.isMissing() ? null : (LabelVolumeValue)labels);
        }
    }
}
