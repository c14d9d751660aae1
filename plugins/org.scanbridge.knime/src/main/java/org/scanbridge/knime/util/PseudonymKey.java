package org.scanbridge.knime.util;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

import org.knime.core.node.InvalidSettingsException;

/**
 * The key of the hash that makes pseudonyms: entered in the dialog, or kept in a file so that it is not stored in the
 * workflow, which travels. It never appears in a message.
 *
 * @param setting the entered key
 * @param file a text file that holds the key; blank to take the entered one
 */
public record PseudonymKey(String setting, String file) {

    private static final int MAX_BYTES = 4096;

    /** Null counts as blank: that is how KNIME loads an unset text. */
    public PseudonymKey {
        setting = setting == null ? "" : setting;
        file = PathSetting.text(file);
    }

    /** @throws InvalidSettingsException if neither gives a key */
    public void validate() throws InvalidSettingsException {
        if (setting.isEmpty() && file.isEmpty()) {
            throw new InvalidSettingsException("\"Pseudonym key\" is empty; give any text, or the file that holds it.");
        }
    }

    /**
     * The key.
     *
     * @throws InvalidSettingsException if the file cannot be read or holds nothing
     */
    public String text() throws InvalidSettingsException {
        validate();
        if (file.isEmpty()) {
            return setting;
        }
        try {
            final Path path = Path.of(file);
            if (Files.size(path) > MAX_BYTES) {
                throw new InvalidSettingsException("\"Pseudonym key file\" " + file + " has " + Files.size(path)
                    + " bytes; a key has one line. Choose the right file.");
            }
            final String key = Files.readString(path).strip();
            if (key.isEmpty()) {
                throw new InvalidSettingsException("\"Pseudonym key file\" " + file + " is empty; write the key into it.");
            }
            return key;
        } catch (final IOException | InvalidPathException e) {
            throw new InvalidSettingsException("\"Pseudonym key file\" " + file + " cannot be read as text ("
                + e.getClass().getSimpleName() + "). Check the path and its permissions, or enter the key instead.", e);
        }
    }
}
