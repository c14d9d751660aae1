package org.knime.core.node;

import org.knime.core.node.message.Message;

/** An execution failure whose message is meant for the user; it is shown without the prefix "Execute failed:". */
public class KNIMEException extends Exception {

    private static final long serialVersionUID = 1;

    /** @param message what failed, with which value, and the way out */
    public KNIMEException(final String message) {
        super(message);
    }

    /**
     * @param message what failed, with which value, and the way out
     * @param cause the reason
     */
    public KNIMEException(final String message, final Throwable cause) {
        super(message, cause);
    }

    /** @return an exception carrying the message's summary */
    public static KNIMEException of(final Message message) {
        return new KNIMEException(message.getSummary());
    }

    /** @return an exception carrying the message's summary and the cause */
    public static KNIMEException of(final Message message, final Throwable cause) {
        return new KNIMEException(message.getSummary(), cause);
    }

    /** @return this exception wrapped, for code that may not throw checked exceptions; shown like this exception */
    public KNIMERuntimeException toUnchecked() {
        return new KNIMERuntimeException(getMessage(), this);
    }

    /** The unchecked form of {@link KNIMEException}. */
    public static final class KNIMERuntimeException extends RuntimeException {

        private static final long serialVersionUID = 1;

        private KNIMERuntimeException(final String message, final KNIMEException cause) {
            super(message, cause);
        }
    }
}
