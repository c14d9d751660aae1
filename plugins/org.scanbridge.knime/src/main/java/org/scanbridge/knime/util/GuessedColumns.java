package org.scanbridge.knime.util;

/** Parameters that depend on what was guessed for their blank columns; see {@link ColumnGuesses}. */
public interface GuessedColumns {

    /**
     * Whether a column matters under the other settings; a guess that does not is not told to the user.
     *
     * @param setting title of the setting in the dialog
     */
    default boolean reads(final String setting) {
        return true;
    }

    /** Called once the columns are filled in, on a copy that only one configure or execute sees. */
    default void columnsGuessed() {
        // usually nothing else depends on the columns
    }
}
