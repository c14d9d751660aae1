package org.knime.core.node.message;

import java.util.Objects;

/** A message for the user. The stand-in keeps only its summary. */
public final class Message {

    private final String m_summary;

    private Message(final String summary) {
        m_summary = Objects.requireNonNull(summary, "summary");
    }

    /** @return a message of one sentence */
    public static Message fromSummary(final String summary) {
        return new Message(summary);
    }

    /** @return the sentence shown to the user */
    public String getSummary() {
        return m_summary;
    }

    @Override
    public String toString() {
        return m_summary;
    }
}
