package org.scanbridge.knime.nodes.sitecurriculum;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.knime.core.data.DataRow;
import org.knime.core.data.StringValue;
import org.knime.core.data.container.CloseableRowIterator;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.InvalidSettingsException;
import org.scanbridge.knime.util.Columns;

/** Rows of a table that a study of sites cannot use, by their sites: those without one, and those of sites outside its order. */
final class UnplacedRows {

    private static final int LISTED = 5;

    private final String m_table;

    private final String m_column;

    private final List<String> m_without = new ArrayList<>();

    private final Map<String, List<String>> m_bySite = new TreeMap<>();

    /**
     * Reads the sites, no images.
     *
     * @param name what the table is for, such as {@code training}
     * @param column name of the site column
     * @throws InvalidSettingsException if the table lacks the column
     */
    UnplacedRows(final String name, final BufferedDataTable table, final String column) throws InvalidSettingsException {
        m_table = name;
        m_column = column;
        final int site = Columns.index(table.getDataTableSpec(), column, StringValue.class, "Site column");
        try (CloseableRowIterator rows = table.iterator()) {
            while (rows.hasNext()) {
                final DataRow row = rows.next();
                final String text = Columns.text(row, site);
                (text.isBlank() ? m_without : m_bySite.computeIfAbsent(text, s -> new ArrayList<>()))
                    .add(row.getKey().getString());
            }
        }
    }

    /** What to tell of the rows without a site; empty if all have one. */
    Optional<String> withoutSite() {
        return m_without.isEmpty() ? Optional.empty()
            : Optional.of("Rows of the " + m_table + " table without a site, which are left out: " + list(m_without)
                + ". Fill column \"" + m_column + "\".");
    }

    /**
     * What to tell of the rows of sites that are not in the order; empty if there are none.
     *
     * @param order the sites of the study
     * @param use what is not done with them, such as {@code measured}
     */
    Optional<String> outside(final Collection<String> order, final String use) {
        final Map<String, List<String>> others = new TreeMap<>(m_bySite);
        others.keySet().removeAll(order);
        return others.isEmpty() ? Optional.empty()
            : Optional.of("Rows of the " + m_table + " table of sites that are not trained on, which are not " + use + ": "
                + others.entrySet().stream().map(e -> "\"" + e.getKey() + "\" (" + list(e.getValue()) + ")")
                    .collect(Collectors.joining(", "))
                + ". The order of the study is " + String.join(", ", order) + ".");
    }

    private static String list(final List<String> rows) {
        final int listed = Math.min(LISTED, rows.size());
        return String.join(", ", rows.subList(0, listed))
            + (listed < rows.size() ? ", and " + (rows.size() - listed) + " more" : "");
    }
}
