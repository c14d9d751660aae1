package org.knime.core.webui.data;

/** Thrown by the data of a view to tell the user something; any other exception counts as a bug. */
public class DataServiceException extends RuntimeException {

    private final String m_details;

    /**
     * @param message one line
     * @param details more; may be null
     */
    public DataServiceException(final String message, final String details) {
        super(message);
        m_details = details;
    }

    /** @return more than the message; may be null */
    public String getDetails() {
        return m_details;
    }
}
