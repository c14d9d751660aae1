package org.knime.node.standin.persistence;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;

import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.NodeSettingsRO;
import org.knime.core.node.NodeSettingsWO;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.NodeParametersInput;
import org.knime.node.parameters.persistence.Persistable;
import org.knime.node.parameters.persistence.Persistor;

/** Makes parameters, loads them from and saves them to settings, as KNIME does. */
public final class NodeParametersPersistence {

    private NodeParametersPersistence() {
    }

    /**
     * @param type the class of the parameters
     * @param settings the sub-tree {@code model} or {@code view} of a node's settings
     * @return new parameters
     * @throws InvalidSettingsException if an entry is missing or not valid; the values are not validated
     */
    public static <P extends Persistable> P load(final Class<P> type, final NodeSettingsRO settings)
        throws InvalidSettingsException {
        final Persistor custom = type.getAnnotation(Persistor.class);
        return type.cast(
            custom == null ? ObjectPersistor.of(type).load(settings) : CustomPersistor.of(custom.value()).load(settings));
    }

    /**
     * @param parameters what to save
     * @param settings the sub-tree {@code model} or {@code view} of a node's settings
     */
    public static void save(final Persistable parameters, final NodeSettingsWO settings) {
        final Persistor custom = parameters.getClass().getAnnotation(Persistor.class);
        if (custom == null) {
            ObjectPersistor.of(parameters.getClass()).save(parameters, settings);
        } else {
            CustomPersistor.of(custom.value()).save(parameters, settings);
        }
    }

    /**
     * @param type the class of the parameters
     * @return the defaults when nothing is known about the node's inputs
     */
    public static <P extends Persistable> P createDefaults(final Class<P> type) {
        return ObjectPersistor.newInstance(type);
    }

    /**
     * @param type the class of the parameters
     * @param input what is connected
     * @return the defaults made by the constructor with a NodeParametersInput, or, if there is none, by the other one
     */
    public static <P extends NodeParameters> P createDefaults(final Class<P> type, final NodeParametersInput input) {
        final Constructor<P> constructor;
        try {
            constructor = type.getDeclaredConstructor(NodeParametersInput.class);
        } catch (NoSuchMethodException e) { // the class does without
            return createDefaults(type);
        }
        constructor.setAccessible(true);
        try {
            return constructor.newInstance(input);
        } catch (InstantiationException | IllegalAccessException e) {
            throw new IllegalStateException("Cannot make parameters of " + type.getName(), e);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(
                "The constructor of the parameters class " + type.getName() + " failed: " + e.getCause(), e.getCause());
        }
    }
}
