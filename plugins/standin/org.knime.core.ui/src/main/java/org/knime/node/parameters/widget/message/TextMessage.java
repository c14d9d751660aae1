package org.knime.node.parameters.widget.message;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Optional;

import org.knime.node.parameters.updates.StateProvider;

/**
 * Shows a message in the dialog. The field has type Void and is neither stored nor listed.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
public @interface TextMessage {

    /** @return what computes the message; empty for none */
    Class<? extends StateProvider<Optional<Message>>> value();

    /**
     * A message.
     *
     * @param title the heading
     * @param description the text
     * @param type its severity
     */
    record Message(String title, String description, MessageType type) {
    }

    /** The severity of a message. */
    enum MessageType {
        /** For information. */
        INFO,
        /** Good news. */
        SUCCESS,
        /** Something the user should know. */
        WARNING,
        /** Something that keeps the node from working. */
        ERROR
    }
}
