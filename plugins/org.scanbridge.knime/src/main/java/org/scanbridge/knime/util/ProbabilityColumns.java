package org.scanbridge.knime.util;

import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;

import org.knime.core.data.DataTableSpec;
import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.knime.data.VolumeValue;

/** Columns with the probabilities of a segmentation's classes, which are called {@code prediction p(liver)}. */
public final class ProbabilityColumns {

    /** What the background is called. */
    public static final String BACKGROUND = "background";

    private static final String BEGIN = " p(";

    private static final String END = ")";

    /** How far a probability may be outside [0, 1], as the dense CRF allows: files in half precision. */
    private static final double TOLERANCE = 1e-2;

    private ProbabilityColumns() {
    }

    /** The name of the column of a class. */
    public static String name(final String segmentation, final String className) {
        return segmentation + BEGIN + className + END;
    }

    /** Indices of the columns of a segmentation by the name of the class, in table order. */
    public static Map<String, Integer> of(final DataTableSpec spec, final String segmentation) {
        final Map<String, Integer> columns = new LinkedHashMap<>();
        for (final String column : Columns.names(spec, VolumeValue.class)) {
            if (column.startsWith(segmentation + BEGIN) && column.endsWith(END)) {
                columns.put(column.substring(segmentation.length() + BEGIN.length(), column.length() - END.length()),
                    spec.findColumnIndex(column));
            }
        }
        return columns;
    }

    /**
     * The label value of a class by its name, also of one that has none, or else by its label value as text, as Label Fusion
     * names the maps of classes that were given by value, or else by its name in other capitals, if one class only is called
     * that; empty if there is no such class.
     */
    public static OptionalInt value(final String className, final LabelSet labels) {
        if (className.equals(BACKGROUND)) {
            return OptionalInt.of(0);
        }
        for (int value = 1; value <= 255; value++) {
            if (labels.name(value).equals(className)) {
                return OptionalInt.of(value);
            }
        }
        if (className.matches("\\d{1,3}") && Integer.parseInt(className) <= 255) {
            return OptionalInt.of(Integer.parseInt(className));
        }
        final int[] values =
            IntStream.rangeClosed(0, 255).filter(value -> labels.name(value).equalsIgnoreCase(className)).toArray();
        return values.length == 1 ? OptionalInt.of(values[0]) : OptionalInt.empty();
    }

    /**
     * The names of the maps that are those of a class.
     *
     * @param maps those of a segmentation, see {@link #of}
     * @param label value of the class
     * @param labels names of all classes
     * @return the map with the name of the class before those with its value, or its name in other capitals
     */
    public static List<String> fitting(final Collection<String> maps, final int label, final LabelSet labels) {
        return maps.stream().filter(map -> value(map, labels).equals(OptionalInt.of(label)))
            .sorted(Comparator.comparing(map -> !map.equals(labels.name(label)))).toList();
    }

    /**
     * Makes sure of a map of probabilities.
     *
     * @param title the name of its column
     * @param map what the column holds
     * @param grid that of the segmentation
     * @throws ImagingException if it lies on another grid or has a voxel that is not within [0, 1], but for rounding
     */
    public static void require(final String title, final Volume map, final Geometry grid) {
        requireGrid(title, map, grid);
        final float[] p = map.voxels();
        for (int v = 0; v < p.length; v++) {
            // NaN fails too
            if (!(p[v] >= -TOLERANCE && p[v] <= 1 + TOLERANCE)) {
                throw new ImagingException("\"" + title + "\" has the probability " + p[v] + " in voxel (" + v % grid.size(0) + ", "
                    + v / grid.size(0) % grid.size(1) + ", " + v / grid.size(0) / grid.size(1) + "), which is not between 0 and 1."
                    + " Connect the maps that the Segmentation Predictor appends with \"Probabilities\", or leave the column out"
                    + " with the Column Filter.");
            }
        }
    }

    /**
     * Makes sure that a map lies where the segmentation does.
     *
     * @param title the name of its column
     * @param map what the column holds
     * @param grid that of the segmentation
     * @throws ImagingException if it lies on another grid
     */
    public static void requireGrid(final String title, final Volume map, final Geometry grid) {
        if (!map.geometry().sameGrid(grid)) {
            throw new ImagingException("The probabilities \"" + title + "\" and the segmentation lie on different grids: "
                + map.geometry() + " and " + grid.beside(map.geometry()) + ". Resample them to one grid with the Volume"
                + " Resampler.");
        }
    }
}
