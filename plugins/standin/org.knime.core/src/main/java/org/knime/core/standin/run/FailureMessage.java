package org.knime.core.standin.run;

import org.knime.core.node.KNIMEException;

/** How KNIME words the failure of an execution. */
final class FailureMessage {

    /** Shorter messages of exceptions say too little on their own. */
    private static final int MIN_LENGTH = 5;

    private FailureMessage() {
    }

    /** @return the message of a {@link KNIMEException} as it is; any other behind "Execute failed: " */
    static String of(final Throwable t) {
        if (t instanceof KNIMEException || t instanceof KNIMEException.KNIMERuntimeException) {
            return t.getMessage();
        }
        final String message = t.getMessage();
        return "Execute failed: " + (message != null && message.length() >= MIN_LENGTH ? message
            : "(\"" + t.getClass().getSimpleName() + "\"): " + message);
    }
}
