package org.knime.node.standin.persistence;

import java.util.HashMap;
import java.util.Map;

import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.NodeSettingsRO;
import org.knime.core.node.NodeSettingsWO;

/**
 * Stores a value in one entry, or an array in one sub-tree, of the type that belongs to its Java type. A short has
 * none: KNIME has no default storage for it.
 */
final class LeafPersistor implements FieldPersistor {

    private static final Map<Class<?>, Leaf<?>> LEAVES = leaves();

    private final String m_key;

    private final Leaf<Object> m_leaf;

    private LeafPersistor(final String key, final Leaf<Object> leaf) {
        m_key = key;
        m_leaf = leaf;
    }

    static boolean supports(final Class<?> type) {
        return LEAVES.containsKey(type);
    }

    static LeafPersistor of(final String key, final Class<?> type) {
        @SuppressWarnings("unchecked")
        final Leaf<Object> leaf = (Leaf<Object>)LEAVES.get(type);
        return new LeafPersistor(key, leaf);
    }

    @Override
    public Object load(final NodeSettingsRO settings) throws InvalidSettingsException {
        return m_leaf.reader().read(settings, m_key);
    }

    @Override
    public void save(final Object value, final NodeSettingsWO settings) {
        m_leaf.writer().write(settings, m_key, value);
    }

    @Override
    public boolean isPresent(final NodeSettingsRO settings) {
        return settings.containsKey(m_key);
    }

    /** Writes the value that stands for an Optional without value. */
    void saveEmpty(final NodeSettingsWO settings) {
        save(m_leaf.empty(), settings);
    }

    private static Map<Class<?>, Leaf<?>> leaves() {
        final Map<Class<?>, Leaf<?>> m = new HashMap<>();
        put(m, int.class, Integer.class, NodeSettingsRO::getInt, NodeSettingsWO::addInt, 0);
        put(m, long.class, Long.class, NodeSettingsRO::getLong, NodeSettingsWO::addLong, 0L);
        put(m, double.class, Double.class, NodeSettingsRO::getDouble, NodeSettingsWO::addDouble, 0.0);
        put(m, float.class, Float.class, NodeSettingsRO::getFloat, NodeSettingsWO::addFloat, 0f);
        put(m, byte.class, Byte.class, NodeSettingsRO::getByte, NodeSettingsWO::addByte, (byte)0);
        put(m, char.class, Character.class, NodeSettingsRO::getChar, NodeSettingsWO::addChar, (char)0);
        put(m, boolean.class, Boolean.class, NodeSettingsRO::getBoolean, NodeSettingsWO::addBoolean, false);
        put(m, String.class, String.class, NodeSettingsRO::getString, NodeSettingsWO::addString, null);
        put(m, int[].class, int[].class, NodeSettingsRO::getIntArray, NodeSettingsWO::addIntArray, null);
        put(m, long[].class, long[].class, NodeSettingsRO::getLongArray, NodeSettingsWO::addLongArray, null);
        put(m, double[].class, double[].class, NodeSettingsRO::getDoubleArray, NodeSettingsWO::addDoubleArray, null);
        put(m, float[].class, float[].class, NodeSettingsRO::getFloatArray, NodeSettingsWO::addFloatArray, null);
        put(m, byte[].class, byte[].class, NodeSettingsRO::getByteArray, NodeSettingsWO::addByteArray, null);
        put(m, char[].class, char[].class, NodeSettingsRO::getCharArray, NodeSettingsWO::addCharArray, null);
        put(m, boolean[].class, boolean[].class, NodeSettingsRO::getBooleanArray, NodeSettingsWO::addBooleanArray,
            null);
        put(m, String[].class, String[].class, NodeSettingsRO::getStringArray, NodeSettingsWO::addStringArray, null);
        return Map.copyOf(m);
    }

    private static <T> void put(final Map<Class<?>, Leaf<?>> leaves, final Class<?> primitive, final Class<T> boxed,
        final Reader<T> reader, final Writer<T> writer, final T empty) {
        final Leaf<T> leaf = new Leaf<>(reader, writer, empty);
        leaves.put(primitive, leaf);
        leaves.put(boxed, leaf);
    }

    private record Leaf<T>(Reader<T> reader, Writer<T> writer, T empty) {
    }

    @FunctionalInterface
    private interface Reader<T> {
        T read(NodeSettingsRO settings, String key) throws InvalidSettingsException;
    }

    @FunctionalInterface
    private interface Writer<T> {
        void write(NodeSettingsWO settings, String key, T value);
    }
}
