package org.scanbridge.knime.util;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import org.knime.node.parameters.NodeParametersInput;
import org.knime.node.parameters.updates.StateProvider;
import org.knime.node.parameters.widget.message.TextMessage.Message;
import org.knime.node.parameters.widget.message.TextMessage.MessageType;

/**
 * Tells which classes the segmentations of the tables have, where a dialog wants several of them in one text. Nothing before
 * the nodes in front were executed: only the rows know.
 */
public final class KnownClassesNote implements StateProvider<Optional<Message>> {

    private static final int MOST = 40;

    @Override
    public void init(final StateProviderInitializer initializer) {
        initializer.computeBeforeOpenDialog();
    }

    @Override
    public Optional<Message> computeState(final NodeParametersInput context) {
        final Map<Integer, Set<String>> classes = KnownNames.classes(context);
        if (classes.isEmpty()) {
            return Optional.empty();
        }
        final String text = classes.entrySet().stream().sorted(Map.Entry.comparingByKey()).limit(MOST)
            .map(e -> e.getKey() + " = " + String.join(" or ", e.getValue())).collect(Collectors.joining(", "));
        return Optional.of(new Message("Classes of the table", text
            + (classes.size() > MOST ? " and " + (classes.size() - MOST) + " more" : ""), MessageType.INFO));
    }
}
