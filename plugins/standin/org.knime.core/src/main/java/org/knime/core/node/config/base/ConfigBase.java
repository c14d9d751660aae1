package org.knime.core.node.config.base;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;

import org.knime.core.node.InvalidSettingsException;
import org.knime.core.standin.HostOnly;

/**
 * A settings tree in memory. An array is a sub-tree with the entries {@code array-size}, {@code 0}, {@code 1}, ...; a
 * null array is an empty sub-tree.
 */
public abstract class ConfigBase extends AbstractConfigEntry implements ConfigBaseRO, ConfigBaseWO {

    private static final String ARRAY_SIZE = "array-size";

    private final Map<String, AbstractConfigEntry> m_entries = new LinkedHashMap<>();

    /** @param key the name of this tree in its parent */
    protected ConfigBase(final String key) {
        super(ConfigEntries.config, key);
    }

    /** @return a new, empty tree of the same kind */
    public abstract ConfigBase getInstance(String key);

    @Override
    public boolean containsKey(final String key) {
        return m_entries.containsKey(key);
    }

    @Override
    public Set<String> keySet() {
        return Collections.unmodifiableSet(m_entries.keySet());
    }

    @Override
    public int getChildCount() {
        return m_entries.size();
    }

    /** @return the entry of that name, or null */
    public AbstractConfigEntry getEntry(final String key) {
        return m_entries.get(key);
    }

    /** @return the entries, in order */
    @HostOnly
    public List<AbstractConfigEntry> entries() {
        return new ArrayList<>(m_entries.values());
    }

    /** Adds the entry, or replaces the one of the same name. */
    public void addEntry(final AbstractConfigEntry entry) {
        m_entries.put(entry.getKey(), entry);
    }

    /** Removes the entry of that name if there is one. */
    public void removeConfig(final String key) {
        m_entries.remove(key);
    }

    /** @return a new, empty sub-tree of that name */
    public ConfigBase addConfigBase(final String key) {
        final ConfigBase c = getInstance(Objects.requireNonNull(key, "key"));
        addEntry(c);
        return c;
    }

    /**
     * @return the sub-tree of that name
     * @throws InvalidSettingsException if there is none
     */
    public ConfigBase getConfigBase(final String key) throws InvalidSettingsException {
        if (m_entries.get(key) instanceof ConfigBase c) {
            return c;
        }
        throw notFound(ConfigEntries.config, key);
    }

    /** Copies every entry of this tree into the other one, sub-trees as copies. */
    public void copyTo(final ConfigBaseWO target) {
        final ConfigBase t = (ConfigBase)target;
        for (final AbstractConfigEntry e : m_entries.values()) {
            if (e instanceof ConfigBase c) {
                c.copyTo(t.addConfigBase(c.getKey()));
            } else {
                t.addEntry(e);
            }
        }
    }

    private static InvalidSettingsException notFound(final ConfigEntries type, final String key) {
        return new InvalidSettingsException(type.label() + " for key \"" + key + "\" not found.");
    }

    private Object value(final ConfigEntries type, final String key) throws InvalidSettingsException {
        if (m_entries.get(key) instanceof ConfigValueEntry e && e.getType() == type) {
            return e.getValue();
        }
        throw notFound(type, key);
    }

    private Object value(final ConfigEntries type, final String key, final Object defaultValue) {
        return m_entries.get(key) instanceof ConfigValueEntry e && e.getType() == type ? e.getValue() : defaultValue;
    }

    private void put(final ConfigEntries type, final String key, final Object value) {
        addEntry(new ConfigValueEntry(key, type, value));
    }

    /** The elements of an array, or null for a null array. */
    private Object[] array(final ConfigEntries type, final String key) throws InvalidSettingsException {
        if (!(m_entries.get(key) instanceof ConfigBase c)) {
            throw new InvalidSettingsException(type.label() + " array for key \"" + key + "\" not found.");
        }
        final int size = c.getInt(ARRAY_SIZE, -1);
        if (size < 0) {
            return null; // null arrays are part of the format
        }
        final Object[] result = new Object[size];
        for (int i = 0; i < size; i++) {
            result[i] = c.value(type, Integer.toString(i));
        }
        return result;
    }

    private ConfigBase putArray(final String key, final boolean isNull, final int size) {
        final ConfigBase c = addConfigBase(key);
        if (!isNull) {
            c.addInt(ARRAY_SIZE, size);
        }
        return c;
    }

    @Override
    public void addTransientString(final String key, final String value) {
        put(ConfigEntries.xtransientstring, key, value);
    }

    /** @return the transient string of that name, or null after a reload */
    public String getTransientString(final String key) {
        return (String)value(ConfigEntries.xtransientstring, key, null);
    }

    @Override
    public String toStringValue() {
        throw new NoSuchElementException("The config \"" + getKey() + "\" has no value of its own");
    }

    @Override
    public boolean isIdentical(final AbstractConfigEntry other) {
        return other instanceof ConfigBase c && getKey().equals(c.getKey())
            && new ArrayList<>(m_entries.keySet()).equals(new ArrayList<>(c.m_entries.keySet()))
            && m_entries.equals(c.m_entries);
    }

    @Override
    public int hashCode() {
        return Objects.hash(getKey(), m_entries.keySet());
    }

    @Override
    public String toString() {
        return getKey() + "=" + m_entries.values();
    }

    @Override
    public int getInt(final String key) throws InvalidSettingsException {
        return (Integer)value(ConfigEntries.xint, key);
    }

    @Override
    public int getInt(final String key, final int defaultValue) {
        return (Integer)value(ConfigEntries.xint, key, defaultValue);
    }

    @Override
    public int[] getIntArray(final String key) throws InvalidSettingsException {
        final Object[] a = array(ConfigEntries.xint, key);
        if (a == null) {
            return null; // null arrays are part of the format
        }
        final int[] result = new int[a.length];
        for (int i = 0; i < a.length; i++) {
            result[i] = (Integer)a[i];
        }
        return result;
    }

    @Override
    public int[] getIntArray(final String key, final int... defaultValue) {
        try {
            return getIntArray(key);
        } catch (InvalidSettingsException e) { // absence is what the default is for
            return defaultValue;
        }
    }

    @Override
    public void addInt(final String key, final int value) {
        put(ConfigEntries.xint, key, value);
    }

    @Override
    public void addIntArray(final String key, final int... values) {
        final ConfigBase c = putArray(key, values == null, values == null ? 0 : values.length);
        for (int i = 0; values != null && i < values.length; i++) {
            c.addInt(Integer.toString(i), values[i]);
        }
    }

    @Override
    public long getLong(final String key) throws InvalidSettingsException {
        return (Long)value(ConfigEntries.xlong, key);
    }

    @Override
    public long getLong(final String key, final long defaultValue) {
        return (Long)value(ConfigEntries.xlong, key, defaultValue);
    }

    @Override
    public long[] getLongArray(final String key) throws InvalidSettingsException {
        final Object[] a = array(ConfigEntries.xlong, key);
        if (a == null) {
            return null; // null arrays are part of the format
        }
        final long[] result = new long[a.length];
        for (int i = 0; i < a.length; i++) {
            result[i] = (Long)a[i];
        }
        return result;
    }

    @Override
    public long[] getLongArray(final String key, final long... defaultValue) {
        try {
            return getLongArray(key);
        } catch (InvalidSettingsException e) { // absence is what the default is for
            return defaultValue;
        }
    }

    @Override
    public void addLong(final String key, final long value) {
        put(ConfigEntries.xlong, key, value);
    }

    @Override
    public void addLongArray(final String key, final long... values) {
        final ConfigBase c = putArray(key, values == null, values == null ? 0 : values.length);
        for (int i = 0; values != null && i < values.length; i++) {
            c.addLong(Integer.toString(i), values[i]);
        }
    }

    @Override
    public short getShort(final String key) throws InvalidSettingsException {
        return (Short)value(ConfigEntries.xshort, key);
    }

    @Override
    public short getShort(final String key, final short defaultValue) {
        return (Short)value(ConfigEntries.xshort, key, defaultValue);
    }

    @Override
    public short[] getShortArray(final String key) throws InvalidSettingsException {
        final Object[] a = array(ConfigEntries.xshort, key);
        if (a == null) {
            return null; // null arrays are part of the format
        }
        final short[] result = new short[a.length];
        for (int i = 0; i < a.length; i++) {
            result[i] = (Short)a[i];
        }
        return result;
    }

    @Override
    public short[] getShortArray(final String key, final short... defaultValue) {
        try {
            return getShortArray(key);
        } catch (InvalidSettingsException e) { // absence is what the default is for
            return defaultValue;
        }
    }

    @Override
    public void addShort(final String key, final short value) {
        put(ConfigEntries.xshort, key, value);
    }

    @Override
    public void addShortArray(final String key, final short... values) {
        final ConfigBase c = putArray(key, values == null, values == null ? 0 : values.length);
        for (int i = 0; values != null && i < values.length; i++) {
            c.addShort(Integer.toString(i), values[i]);
        }
    }

    @Override
    public byte getByte(final String key) throws InvalidSettingsException {
        return (Byte)value(ConfigEntries.xbyte, key);
    }

    @Override
    public byte getByte(final String key, final byte defaultValue) {
        return (Byte)value(ConfigEntries.xbyte, key, defaultValue);
    }

    @Override
    public byte[] getByteArray(final String key) throws InvalidSettingsException {
        final Object[] a = array(ConfigEntries.xbyte, key);
        if (a == null) {
            return null; // null arrays are part of the format
        }
        final byte[] result = new byte[a.length];
        for (int i = 0; i < a.length; i++) {
            result[i] = (Byte)a[i];
        }
        return result;
    }

    @Override
    public byte[] getByteArray(final String key, final byte... defaultValue) {
        try {
            return getByteArray(key);
        } catch (InvalidSettingsException e) { // absence is what the default is for
            return defaultValue;
        }
    }

    @Override
    public void addByte(final String key, final byte value) {
        put(ConfigEntries.xbyte, key, value);
    }

    @Override
    public void addByteArray(final String key, final byte... values) {
        final ConfigBase c = putArray(key, values == null, values == null ? 0 : values.length);
        for (int i = 0; values != null && i < values.length; i++) {
            c.addByte(Integer.toString(i), values[i]);
        }
    }

    @Override
    public double getDouble(final String key) throws InvalidSettingsException {
        return (Double)value(ConfigEntries.xdouble, key);
    }

    @Override
    public double getDouble(final String key, final double defaultValue) {
        return (Double)value(ConfigEntries.xdouble, key, defaultValue);
    }

    @Override
    public double[] getDoubleArray(final String key) throws InvalidSettingsException {
        final Object[] a = array(ConfigEntries.xdouble, key);
        if (a == null) {
            return null; // null arrays are part of the format
        }
        final double[] result = new double[a.length];
        for (int i = 0; i < a.length; i++) {
            result[i] = (Double)a[i];
        }
        return result;
    }

    @Override
    public double[] getDoubleArray(final String key, final double... defaultValue) {
        try {
            return getDoubleArray(key);
        } catch (InvalidSettingsException e) { // absence is what the default is for
            return defaultValue;
        }
    }

    @Override
    public void addDouble(final String key, final double value) {
        put(ConfigEntries.xdouble, key, value);
    }

    @Override
    public void addDoubleArray(final String key, final double... values) {
        final ConfigBase c = putArray(key, values == null, values == null ? 0 : values.length);
        for (int i = 0; values != null && i < values.length; i++) {
            c.addDouble(Integer.toString(i), values[i]);
        }
    }

    @Override
    public float getFloat(final String key) throws InvalidSettingsException {
        return (Float)value(ConfigEntries.xfloat, key);
    }

    @Override
    public float getFloat(final String key, final float defaultValue) {
        return (Float)value(ConfigEntries.xfloat, key, defaultValue);
    }

    @Override
    public float[] getFloatArray(final String key) throws InvalidSettingsException {
        final Object[] a = array(ConfigEntries.xfloat, key);
        if (a == null) {
            return null; // null arrays are part of the format
        }
        final float[] result = new float[a.length];
        for (int i = 0; i < a.length; i++) {
            result[i] = (Float)a[i];
        }
        return result;
    }

    @Override
    public float[] getFloatArray(final String key, final float... defaultValue) {
        try {
            return getFloatArray(key);
        } catch (InvalidSettingsException e) { // absence is what the default is for
            return defaultValue;
        }
    }

    @Override
    public void addFloat(final String key, final float value) {
        put(ConfigEntries.xfloat, key, value);
    }

    @Override
    public void addFloatArray(final String key, final float... values) {
        final ConfigBase c = putArray(key, values == null, values == null ? 0 : values.length);
        for (int i = 0; values != null && i < values.length; i++) {
            c.addFloat(Integer.toString(i), values[i]);
        }
    }

    @Override
    public char getChar(final String key) throws InvalidSettingsException {
        return (Character)value(ConfigEntries.xchar, key);
    }

    @Override
    public char getChar(final String key, final char defaultValue) {
        return (Character)value(ConfigEntries.xchar, key, defaultValue);
    }

    @Override
    public char[] getCharArray(final String key) throws InvalidSettingsException {
        final Object[] a = array(ConfigEntries.xchar, key);
        if (a == null) {
            return null; // null arrays are part of the format
        }
        final char[] result = new char[a.length];
        for (int i = 0; i < a.length; i++) {
            result[i] = (Character)a[i];
        }
        return result;
    }

    @Override
    public char[] getCharArray(final String key, final char... defaultValue) {
        try {
            return getCharArray(key);
        } catch (InvalidSettingsException e) { // absence is what the default is for
            return defaultValue;
        }
    }

    @Override
    public void addChar(final String key, final char value) {
        put(ConfigEntries.xchar, key, value);
    }

    @Override
    public void addCharArray(final String key, final char... values) {
        final ConfigBase c = putArray(key, values == null, values == null ? 0 : values.length);
        for (int i = 0; values != null && i < values.length; i++) {
            c.addChar(Integer.toString(i), values[i]);
        }
    }

    @Override
    public boolean getBoolean(final String key) throws InvalidSettingsException {
        return (Boolean)value(ConfigEntries.xboolean, key);
    }

    @Override
    public boolean getBoolean(final String key, final boolean defaultValue) {
        return (Boolean)value(ConfigEntries.xboolean, key, defaultValue);
    }

    @Override
    public boolean[] getBooleanArray(final String key) throws InvalidSettingsException {
        final Object[] a = array(ConfigEntries.xboolean, key);
        if (a == null) {
            return null; // null arrays are part of the format
        }
        final boolean[] result = new boolean[a.length];
        for (int i = 0; i < a.length; i++) {
            result[i] = (Boolean)a[i];
        }
        return result;
    }

    @Override
    public boolean[] getBooleanArray(final String key, final boolean... defaultValue) {
        try {
            return getBooleanArray(key);
        } catch (InvalidSettingsException e) { // absence is what the default is for
            return defaultValue;
        }
    }

    @Override
    public void addBoolean(final String key, final boolean value) {
        put(ConfigEntries.xboolean, key, value);
    }

    @Override
    public void addBooleanArray(final String key, final boolean... values) {
        final ConfigBase c = putArray(key, values == null, values == null ? 0 : values.length);
        for (int i = 0; values != null && i < values.length; i++) {
            c.addBoolean(Integer.toString(i), values[i]);
        }
    }

    @Override
    public String getString(final String key) throws InvalidSettingsException {
        return (String)value(ConfigEntries.xstring, key);
    }

    @Override
    public String getString(final String key, final String defaultValue) {
        return (String)value(ConfigEntries.xstring, key, defaultValue);
    }

    @Override
    public String[] getStringArray(final String key) throws InvalidSettingsException {
        final Object[] a = array(ConfigEntries.xstring, key);
        return a == null ? null : Arrays.copyOf(a, a.length, String[].class);
    }

    @Override
    public String[] getStringArray(final String key, final String... defaultValue) {
        try {
            return getStringArray(key);
        } catch (InvalidSettingsException e) { // absence is what the default is for
            return defaultValue;
        }
    }

    @Override
    public void addString(final String key, final String value) {
        put(ConfigEntries.xstring, key, value);
    }

    @Override
    public void addStringArray(final String key, final String... values) {
        final ConfigBase c = putArray(key, values == null, values == null ? 0 : values.length);
        for (int i = 0; values != null && i < values.length; i++) {
            c.addString(Integer.toString(i), values[i]);
        }
    }
}
