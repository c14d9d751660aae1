package org.scanbridge.knime.util;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.StringValue;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.KNIMEException;

/**
 * The folder of a study: entered in the dialog, or else named by a table.
 *
 * @param setting the entered folder; blank to take the table's
 * @param column the text column that names the folder
 */
public record StudyFolder(String setting, String column) {

    /** KNIME's file stores: {@code knime_<workflow>_<n>/fs-<node>/000/000/<name>} in a temporary folder. */
    private static final Pattern FILE_STORE =
        Pattern.compile("(^|[/\\\\])knime_[^/\\\\]+[/\\\\]fs-.+?[/\\\\]\\d{3}[/\\\\]\\d{3}[/\\\\]");

    /** Null counts as blank: that is how KNIME loads an unset text. */
    public StudyFolder {
        setting = PathSetting.text(setting);
    }

    /**
     * Checks what can be checked before execution.
     *
     * @param spec the table; null if none is connected
     * @throws InvalidSettingsException if neither names a folder
     */
    public void check(final DataTableSpec spec) throws InvalidSettingsException {
        if (setting.isEmpty()) {
            if (spec == null) {
                throw new InvalidSettingsException("No study is chosen. Enter its folder in the dialog, or connect a"
                    + " table that names it.");
            }
            Columns.index(spec, column, StringValue.class, "Folder column");
        }
    }

    /**
     * @param table the table; null if none is connected
     * @return an existing folder, or a file such as a DICOMDIR
     * @throws InvalidSettingsException if the table names no or several folders
     * @throws KNIMEException if the folder does not exist
     */
    public Path path(final BufferedDataTable table) throws InvalidSettingsException, KNIMEException {
        check(table == null ? null : table.getDataTableSpec());
        final Path folder = PathSetting.path(setting.isEmpty() ? named(table) : setting, "the folder of a study");
        if (!Files.exists(folder)) {
            throw new KNIMEException("The study folder \"" + folder + "\" does not exist. " + advice(folder.toString()));
        }
        return folder;
    }

    /** A path into the temporary files of a session means nothing in the next one. */
    private static String advice(final String folder) {
        return FILE_STORE.matcher(folder).find()
            ? "It lay among the temporary files of another KNIME session. Reset and run the node that wrote it again, such"
                + " as Synthetic Sites; its \"Output folder\" keeps a study for good."
            : "Check the path.";
    }

    private String named(final BufferedDataTable table) throws InvalidSettingsException {
        final int index = Columns.index(table.getDataTableSpec(), column, StringValue.class, "Folder column");
        final Set<String> folders = new TreeSet<>();
        for (final DataRow row : table) {
            folders.add(Columns.text(row, index));
        }
        folders.remove("");
        if (folders.size() != 1) {
            throw new InvalidSettingsException("Column \"" + column + "\" names "
                + (folders.isEmpty() ? "no folder" : folders.size() + " folders (" + String.join(", ", folders) + ")")
                + "; it must name exactly one. Filter the table's rows, or enter the folder in the dialog.");
        }
        return folders.iterator().next();
    }
}
