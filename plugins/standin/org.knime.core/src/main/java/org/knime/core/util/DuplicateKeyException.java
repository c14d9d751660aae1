package org.knime.core.util;

/** A name was given twice where names are unique. */
public class DuplicateKeyException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String m_key;

    /**
     * @param message the message
     * @param key the name
     */
    public DuplicateKeyException(final String message, final String key) {
        super(message);
        m_key = key;
    }

    /** @return the name */
    public String getKey() {
        return m_key;
    }
}
