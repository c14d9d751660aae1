package org.knime.node.parameters.updates;

import java.util.function.Supplier;

import org.knime.core.webui.node.dialog.defaultdialog.util.updates.StateComputationFailureException;
import org.knime.node.parameters.NodeParametersInput;

/**
 * Computes a value or a property of a dialog's field when other fields change. Never called headless.
 *
 * @param <S> what is computed
 */
public interface StateProvider<S> {

    /** Declares when to compute and from which values. */
    void init(StateProviderInitializer initializer);

    /**
     * @param context what is connected to the node
     * @return the computed state
     * @throws StateComputationFailureException if nothing that depends on it should be updated
     */
    S computeState(NodeParametersInput context) throws StateComputationFailureException;

    /** Declares triggers and dependencies. */
    interface StateProviderInitializer {

        /** @return what is connected to the node */
        NodeParametersInput getNodeParametersInput();

        /** Triggers on changes of a field and depends on its value. */
        <T> Supplier<T> computeFromValueSupplier(Class<? extends ParameterReference<T>> ref);

        /** Depends on the value of a field without being triggered by it. */
        <T> Supplier<T> getValueSupplier(Class<? extends ParameterReference<T>> ref);

        /** Triggers on changes of a field without depending on its value. */
        <T> void computeOnValueChange(Class<? extends ParameterReference<T>> id);

        /** Triggers on and depends on another provider. */
        <T> Supplier<T> computeFromProvidedState(Class<? extends StateProvider<T>> stateProviderClass);

        /** Triggers before the dialog opens. */
        void computeBeforeOpenDialog();

        /** Triggers right after the dialog has opened. */
        void computeAfterOpenDialog();
    }
}
