package org.knime.core.data;

/** A cell without a value, with an optional reason. All missing cells are equal. */
public final class MissingCell extends DataCell implements MissingValue {

    private static final long serialVersionUID = 1;

    static final MissingCell INSTANCE = new MissingCell(null);

    private final String m_error;

    /** @param error why the value is missing, or null */
    public MissingCell(final String error) {
        m_error = error;
    }

    @Override
    public String getError() {
        return m_error;
    }

    @Override
    public boolean isMissing() {
        return true;
    }

    @Override
    public String toString() {
        return "?";
    }

    @Override
    protected boolean equalsDataCell(final DataCell dc) {
        return true;
    }

    @Override
    public int hashCode() {
        return MissingCell.class.getName().hashCode();
    }
}
