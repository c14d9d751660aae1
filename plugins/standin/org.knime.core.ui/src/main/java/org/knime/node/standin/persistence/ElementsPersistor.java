package org.knime.node.standin.persistence;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.NodeSettingsRO;
import org.knime.core.node.NodeSettingsWO;

/**
 * Stores an array or list of objects in a sub-tree with one sub-tree {@code 0}, {@code 1}, … for each element and no
 * entry for their number. Null is stored as the entry {@code is_null}.
 *
 * @param asArray whether the field is an array and not a list or collection
 */
record ElementsPersistor(String key, Class<?> elementType, ObjectPersistor element, boolean asArray)
    implements FieldPersistor {

    private static final String IS_NULL = "is_null";

    @Override
    public Object load(final NodeSettingsRO settings) throws InvalidSettingsException {
        final NodeSettingsRO tree = settings.getNodeSettings(key);
        if (tree.getBoolean(IS_NULL, false)) {
            return null;
        }
        final int n = (int)tree.keySet().stream().filter(k -> k.matches("\\d+")).count();
        final List<Object> elements = new ArrayList<>(n);
        for (int i = 0; i < n; i++) {
            elements.add(element.load(tree.getNodeSettings(Integer.toString(i))));
        }
        if (!asArray) {
            return elements;
        }
        final Object array = Array.newInstance(elementType, n);
        for (int i = 0; i < n; i++) {
            Array.set(array, i, elements.get(i));
        }
        return array;
    }

    @Override
    public void save(final Object value, final NodeSettingsWO settings) {
        final NodeSettingsWO tree = settings.addNodeSettings(key);
        if (value == null) {
            tree.addBoolean(IS_NULL, true);
            return;
        }
        int i = 0;
        for (final Object e : asArray ? Arrays.asList((Object[])value) : (Collection<?>)value) {
            element.save(e, tree.addNodeSettings(Integer.toString(i++)));
        }
    }

    @Override
    public boolean isPresent(final NodeSettingsRO settings) {
        return settings.containsKey(key);
    }
}
