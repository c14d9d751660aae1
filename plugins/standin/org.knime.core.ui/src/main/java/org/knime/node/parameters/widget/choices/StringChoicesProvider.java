package org.knime.node.parameters.widget.choices;

import java.util.List;

import org.knime.node.parameters.NodeParametersInput;

/** Choices given as strings that are stored as they are shown. Override either method. */
public interface StringChoicesProvider extends ChoicesStateProvider<StringChoice> {

    /** @return the choices */
    default List<String> choices(final NodeParametersInput context) {
        return List.of();
    }

    @Override
    default List<StringChoice> computeState(final NodeParametersInput context) {
        return choices(context).stream().map(text -> new StringChoice(text, text)).toList();
    }
}
