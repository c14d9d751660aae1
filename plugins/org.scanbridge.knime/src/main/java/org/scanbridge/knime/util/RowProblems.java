package org.scanbridge.knime.util;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.knime.core.data.DataCell;
import org.knime.core.data.MissingCell;
import org.knime.core.node.KNIMEException;

/**
 * Rows that cannot be worked on because of what is in them. One such row does not cost the table: its results are missing
 * cells that know the reason, and a warning counts the rows and tells the first reason. Where no row at all could be worked
 * on, that is a failure of the node.
 */
public final class RowProblems {

    private static final int LISTED = 5;

    private final String m_done;

    private final List<String> m_rows = new ArrayList<>();

    private String m_first = "";

    /** @param done what could not be done, such as {@code normalized} */
    public RowProblems(final String done) {
        m_done = done;
    }

    /**
     * Remembers a row.
     *
     * @param row its key
     * @param reason a sentence for the user
     * @return the cell of its result
     */
    public DataCell add(final String row, final String reason) {
        m_first = m_rows.isEmpty() ? reason : m_first;
        m_rows.add(row);
        return new MissingCell(RowName.first(row) + ": " + reason);
    }

    /** Number of rows so far. */
    public int count() {
        return m_rows.size();
    }

    /**
     * For the node's warning; empty if there was no such row.
     *
     * @param rows number of rows of the table
     */
    public Optional<String> warning(final long rows) {
        if (m_rows.isEmpty()) {
            return Optional.empty();
        }
        final int listed = Math.min(LISTED, m_rows.size());
        final String names = String.join(", ", m_rows.subList(0, listed))
            + (listed < m_rows.size() ? ", and " + (m_rows.size() - listed) + " more" : "");
        return Optional.of(m_rows.size() + " of " + rows + " rows could not be " + m_done + " and have missing cells ("
            + names + "). " + (m_rows.size() == 1 ? "" : "The first: ") + m_first);
    }

    /**
     * What a node that could work on no row at all says.
     *
     * @throws IllegalStateException if there was no such row
     */
    public String failure() {
        if (m_rows.isEmpty()) {
            throw new IllegalStateException("no row had a problem");
        }
        final String row = m_rows.get(0);
        return m_rows.size() == 1
            ? RowName.first(row) + " could not be " + m_done + ", and there is no other. " + m_first
            : "None of " + m_rows.size() + " rows could be " + m_done + ". The first, " + RowName.of(row) + ": " + m_first;
    }

    /**
     * Fails if nothing at all could be done.
     *
     * @param worked number of rows that could be worked on
     * @throws KNIMEException with the reason of the first row
     */
    public void requireAny(final long worked) throws KNIMEException {
        if (worked == 0 && !m_rows.isEmpty()) {
            throw new KNIMEException(failure());
        }
    }
}
