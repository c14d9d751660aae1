package org.scanbridge.knime.util;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;

import org.knime.core.data.DataTableSpec;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.knime.data.VolumeValue;

/** Columns with the probabilities of a segmentation's classes, which are called {@code prediction p(liver)}. */
public final class ProbabilityColumns {

    /** What the background is called. */
    public static final String BACKGROUND = "background";

    private static final String BEGIN = " p(";

    private static final String END = ")";

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
     * names the maps of classes that were given by value; empty if there is no such class.
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
        return OptionalInt.empty();
    }
}
