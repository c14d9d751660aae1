package org.knime.node.standin.json;

/** Text that is not JSON, or a value that has no JSON form. */
public final class JsonException extends RuntimeException {

    /** @param message what is wrong and where */
    public JsonException(final String message) {
        super(message);
    }
}
