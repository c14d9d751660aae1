package org.scanbridge.knime.util;

import java.util.Optional;
import java.util.function.Supplier;

import org.knime.node.parameters.NodeParametersInput;
import org.knime.node.parameters.updates.ParameterReference;
import org.knime.node.parameters.updates.StateProvider;
import org.knime.node.parameters.widget.message.TextMessage.Message;
import org.knime.node.parameters.widget.message.TextMessage.MessageType;

/** Warns of the key that everybody knows, and tells which of two keys counts. */
public final class PseudonymKeyNote implements StateProvider<Optional<Message>> {

    /** The key of new nodes. */
    public static final String DEFAULT_KEY = "ScanBridge";

    /** Stands for the key. */
    public static final class Key implements ParameterReference<String> {
    }

    /** Stands for the file with the key. */
    public static final class KeyFile implements ParameterReference<String> {
    }

    private Supplier<String> m_key;

    private Supplier<String> m_file;

    @Override
    public void init(final StateProviderInitializer initializer) {
        initializer.computeBeforeOpenDialog();
        m_key = initializer.computeFromValueSupplier(Key.class);
        m_file = initializer.computeFromValueSupplier(KeyFile.class);
    }

    @Override
    public Optional<Message> computeState(final NodeParametersInput context) {
        if (m_file.get() != null && !m_file.get().isBlank()) {
            return Optional.of(new Message("The key is read from the file", "\"Pseudonym key\" is not used.",
                MessageType.INFO));
        }
        return DEFAULT_KEY.equals(m_key.get()) ? Optional.of(new Message("The key is the one of every new node",
            "Whoever knows a patient's ID can tell the pseudonym. Choose a key of your own, and keep it secret, before results"
                + " leave the hospital.", MessageType.WARNING)) : Optional.empty();
    }
}
