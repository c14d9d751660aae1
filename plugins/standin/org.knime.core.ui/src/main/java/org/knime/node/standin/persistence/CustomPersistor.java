package org.knime.node.standin.persistence;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;

import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.NodeSettingsRO;
import org.knime.core.node.NodeSettingsWO;
import org.knime.node.parameters.persistence.NodeParametersPersistor;

/** Leaves loading and saving to a class of the node. What it throws unchecked is reported as its bug. */
record CustomPersistor(NodeParametersPersistor<Object> persistor) implements FieldPersistor {

    @SuppressWarnings("unchecked")
    static CustomPersistor of(final Class<? extends NodeParametersPersistor<?>> type) {
        try {
            final Constructor<? extends NodeParametersPersistor<?>> constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            return new CustomPersistor((NodeParametersPersistor<Object>)constructor.newInstance());
        } catch (NoSuchMethodException | InstantiationException | IllegalAccessException e) {
            throw new IllegalStateException(
                "The persistor " + type.getName() + " needs a constructor without arguments.", e);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(
                "The constructor of the persistor " + type.getName() + " failed: " + e.getCause(), e.getCause());
        }
    }

    @Override
    public Object load(final NodeSettingsRO settings) throws InvalidSettingsException {
        try {
            return persistor.load(settings);
        } catch (RuntimeException e) {
            throw new InvalidSettingsException("Coding issue: " + e.getMessage(), e);
        }
    }

    @Override
    public void save(final Object value, final NodeSettingsWO settings) {
        persistor.save(value, settings);
    }

    @Override
    public boolean isPresent(final NodeSettingsRO settings) {
        return Arrays.stream(persistor.getConfigPaths()).anyMatch(path -> exists(settings, path));
    }

    private static boolean exists(final NodeSettingsRO settings, final String[] path) {
        NodeSettingsRO at = settings;
        for (int i = 0; i < path.length - 1; i++) {
            if (!at.containsKey(path[i])) {
                return false;
            }
            try {
                at = at.getNodeSettings(path[i]);
            } catch (InvalidSettingsException e) { // an entry where the path has a tree: the path does not exist
                return false;
            }
        }
        return path.length > 0 && at.containsKey(path[path.length - 1]);
    }
}
