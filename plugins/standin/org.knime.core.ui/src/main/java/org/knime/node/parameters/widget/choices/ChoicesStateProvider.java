package org.knime.node.parameters.widget.choices;

import java.util.List;

import org.knime.node.parameters.updates.StateProvider;

/**
 * Computes the choices of a field, by default before the dialog opens.
 *
 * @param <T> what is chosen
 */
public interface ChoicesStateProvider<T> extends StateProvider<List<T>> {

    @Override
    default void init(final StateProviderInitializer initializer) {
        initializer.computeBeforeOpenDialog();
    }
}
