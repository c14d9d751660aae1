package org.knime.core.data.container;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataColumnSpec;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DataTableSpecCreator;
import org.knime.core.data.def.DefaultRow;
import org.knime.core.data.filestore.FileStoreFactory;
import org.knime.core.standin.HostOnly;

/** Describes how the columns of a table are kept, removed, replaced and extended, row by row. */
public class ColumnRearranger {

    /** A column of the result: the one at an index of the input (factory null), or of what a factory computes. */
    private record Source(CellFactory factory, int index, DataColumnSpec spec) {
    }

    private final DataTableSpec m_original;

    private final List<Source> m_columns = new ArrayList<>();

    /** @param original the columns of the input; at first all are kept */
    public ColumnRearranger(final DataTableSpec original) {
        m_original = original;
        for (int i = 0; i < original.getNumColumns(); i++) {
            m_columns.add(new Source(null, i, original.getColumnSpec(i)));
        }
    }

    private static List<Source> sources(final CellFactory factory) {
        final DataColumnSpec[] specs = factory.getColumnSpecs();
        final List<Source> result = new ArrayList<>();
        for (int i = 0; i < specs.length; i++) {
            result.add(new Source(factory, i, specs[i]));
        }
        return result;
    }

    /** @return the present index of the column, or -1 */
    public final int indexOf(final String name) {
        for (int i = 0; i < m_columns.size(); i++) {
            if (m_columns.get(i).spec().getName().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    private int existing(final String name) {
        final int i = indexOf(name);
        if (i < 0) {
            throw new IllegalArgumentException("No such column: \"" + name + '"');
        }
        return i;
    }

    /** @return the present number of columns */
    public int getColumnCount() {
        return m_columns.size();
    }

    /** Appends the factory's columns. */
    public final void append(final CellFactory factory) {
        m_columns.addAll(sources(factory));
    }

    /** Inserts the factory's columns before the present index. */
    public final void insertAt(final int position, final CellFactory factory) {
        m_columns.addAll(position, sources(factory));
    }

    /** Replaces the columns of these names, one by one, by the factory's columns. */
    public final void replace(final CellFactory factory, final String... names) {
        replace(factory, Arrays.stream(names).mapToInt(this::existing).toArray());
    }

    /** Replaces the columns at these present indexes, one by one, by the factory's columns. */
    public final void replace(final CellFactory factory, final int... indexes) {
        final List<Source> sources = sources(factory);
        if (sources.size() != indexes.length) {
            throw new IllegalArgumentException("Arguments don't apply: the factory makes " + sources.size()
                + " columns, to replace are " + indexes.length);
        }
        for (int i = 0; i < indexes.length; i++) {
            m_columns.set(indexes[i], sources.get(i));
        }
    }

    /** Removes the columns of these names. */
    public final void remove(final String... names) {
        remove(Arrays.stream(names).mapToInt(this::existing).toArray());
    }

    /** Removes the columns at these present indexes. */
    public final void remove(final int... indexes) {
        final int[] sorted = Arrays.stream(indexes).distinct().sorted().toArray();
        for (int i = sorted.length - 1; i >= 0; i--) {
            m_columns.remove(sorted[i]);
        }
    }

    /** Removes all columns but those of these names, whose order stays. */
    public final void keepOnly(final String... names) {
        keepOnly(Arrays.stream(names).mapToInt(this::existing).toArray());
    }

    /** Removes all columns but those at these present indexes, whose order stays. */
    public final void keepOnly(final int... indexes) {
        final Set<Integer> keep = new HashSet<>();
        for (final int i : indexes) {
            keep.add(i);
        }
        final List<Source> kept = new ArrayList<>();
        for (int i = 0; i < m_columns.size(); i++) {
            if (keep.contains(i)) {
                kept.add(m_columns.get(i));
            }
        }
        m_columns.clear();
        m_columns.addAll(kept);
    }

    /**
     * @return the columns of the result
     * @throws IllegalArgumentException if two have the same name
     */
    public final DataTableSpec createSpec() {
        final DataTableSpecCreator creator = new DataTableSpecCreator().setName(m_original.getName());
        m_columns.forEach(s -> creator.addColumns(s.spec()));
        return creator.createSpec();
    }

    /** For the host: tells the factories where file stores are created. */
    @HostOnly
    public final void setFileStoreFactory(final FileStoreFactory fileStores) {
        for (final Source s : m_columns) {
            if (s.factory() instanceof AbstractCellFactory f) {
                f.setFileStoreFactory(fileStores);
            }
        }
    }

    /**
     * For the host: computes a row of the result; each factory is asked once.
     *
     * @param row a row of the input
     * @param rowIndex its index, counted from 0
     * @return the row of the result
     */
    @HostOnly
    public final DataRow apply(final DataRow row, final long rowIndex) {
        final Map<CellFactory, DataCell[]> computed = new LinkedHashMap<>();
        final DataCell[] cells = new DataCell[m_columns.size()];
        for (int i = 0; i < cells.length; i++) {
            final Source s = m_columns.get(i);
            if (s.factory() == null) {
                cells[i] = row.getCell(s.index());
            } else {
                cells[i] = computed.computeIfAbsent(s.factory(), f -> f.getCells(row, rowIndex))[s.index()];
            }
        }
        return new DefaultRow(row.getKey(), cells);
    }
}
