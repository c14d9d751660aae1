package org.knime.core.webui.data;

import java.util.ArrayList;
import java.util.List;

/** Collects the warnings of one call of a view's data, on the thread of the call. */
public final class DataServiceContext {

    private static final ThreadLocal<DataServiceContext> CURRENT = ThreadLocal.withInitial(DataServiceContext::new);

    private final List<String> m_warnings = new ArrayList<>();

    private DataServiceContext() {
    }

    /** @return the context of the call that runs on this thread */
    public static DataServiceContext get() {
        return CURRENT.get();
    }

    /** Removes the context of this thread. To be called after each call. */
    public static void remove() {
        CURRENT.remove();
    }

    /** @param message a warning to show in the page */
    public void addWarningMessage(final String message) {
        m_warnings.add(message);
    }

    /** @return the warnings so far */
    public String[] getWarningMessages() {
        return m_warnings.toArray(String[]::new);
    }
}
