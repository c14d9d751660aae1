package org.scanbridge.knime.util;

import java.util.Optional;
import java.util.function.Supplier;

import org.knime.node.parameters.NodeParametersInput;
import org.knime.node.parameters.updates.ParameterReference;
import org.knime.node.parameters.updates.StateProvider;
import org.knime.node.parameters.widget.message.TextMessage.Message;
import org.knime.node.parameters.widget.message.TextMessage.MessageType;

/** Tells which folder counts where both the dialog and the last input table name one. */
public final class FolderNote implements StateProvider<Optional<Message>> {

    /** Stands for the folder of the dialog. */
    public static final class Folder implements ParameterReference<String> {
    }

    private Supplier<String> m_folder;

    @Override
    public void init(final StateProviderInitializer initializer) {
        initializer.computeBeforeOpenDialog();
        m_folder = initializer.computeFromValueSupplier(Folder.class);
    }

    @Override
    public Optional<Message> computeState(final NodeParametersInput context) {
        final int last = context.getInPortTypes().length - 1;
        return m_folder.get() == null || m_folder.get().isBlank() || context.getInTableSpec(last).isEmpty() ? Optional.empty()
            : Optional.of(new Message("The folder of the dialog is read",
                "The connected table names a folder, too, which is not used. Empty the setting above to read that one.",
                MessageType.INFO));
    }
}
