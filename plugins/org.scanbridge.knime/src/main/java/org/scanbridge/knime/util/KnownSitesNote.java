package org.scanbridge.knime.util;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

import org.knime.node.parameters.NodeParametersInput;
import org.knime.node.parameters.updates.StateProvider;
import org.knime.node.parameters.widget.message.TextMessage.Message;
import org.knime.node.parameters.widget.message.TextMessage.MessageType;

/** Tells which sites can be named, for KNIME versions whose dialogs cannot offer them ({@link KnownSites}). */
public final class KnownSitesNote implements StateProvider<Optional<Message>> {

    private Supplier<String> m_column;

    @Override
    public void init(final StateProviderInitializer initializer) {
        initializer.computeBeforeOpenDialog();
        m_column = initializer.computeFromValueSupplier(SiteColumn.class);
    }

    @Override
    public Optional<Message> computeState(final NodeParametersInput context) {
        final List<String> sites = KnownNames.values(context, m_column.get(), StudyTable.SITE);
        return sites.isEmpty() ? Optional.empty()
            : Optional.of(new Message("Sites of the table", String.join(", ", sites), MessageType.INFO));
    }
}
