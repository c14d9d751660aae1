package org.knime.core.node.config.base;

import java.util.Iterator;
import java.util.Set;

import org.knime.core.node.InvalidSettingsException;

/**
 * Read access to a settings tree. Every getter without default fails with
 * {@code <Type> for key "<key>" not found.} if the key is missing or has another type; there is no conversion between
 * types. Keys keep the order in which they were added.
 */
public interface ConfigBaseRO extends Iterable<String> {

    /** @return whether there is an entry of that name, of any type */
    boolean containsKey(String key);

    /** @return the names of the entries, in order */
    Set<String> keySet();

    @Override
    default Iterator<String> iterator() {
        return keySet().iterator();
    }

    /** @return the name of this tree in its parent */
    String getKey();

    /** @return the number of entries */
    int getChildCount();

    /**
     * @return the int of that name
     * @throws InvalidSettingsException if there is none
     */
    int getInt(String key) throws InvalidSettingsException;

    /** @return the int of that name, or the default if there is none */
    int getInt(String key, int defaultValue);

    /**
     * @return the int array of that name (null if null was added)
     * @throws InvalidSettingsException if there is none
     */
    int[] getIntArray(String key) throws InvalidSettingsException;

    /** @return the int array of that name, or the default if there is none */
    int[] getIntArray(String key, int... defaultValue);

    /**
     * @return the long of that name
     * @throws InvalidSettingsException if there is none
     */
    long getLong(String key) throws InvalidSettingsException;

    /** @return the long of that name, or the default if there is none */
    long getLong(String key, long defaultValue);

    /**
     * @return the long array of that name (null if null was added)
     * @throws InvalidSettingsException if there is none
     */
    long[] getLongArray(String key) throws InvalidSettingsException;

    /** @return the long array of that name, or the default if there is none */
    long[] getLongArray(String key, long... defaultValue);

    /**
     * @return the short of that name
     * @throws InvalidSettingsException if there is none
     */
    short getShort(String key) throws InvalidSettingsException;

    /** @return the short of that name, or the default if there is none */
    short getShort(String key, short defaultValue);

    /**
     * @return the short array of that name (null if null was added)
     * @throws InvalidSettingsException if there is none
     */
    short[] getShortArray(String key) throws InvalidSettingsException;

    /** @return the short array of that name, or the default if there is none */
    short[] getShortArray(String key, short... defaultValue);

    /**
     * @return the byte of that name
     * @throws InvalidSettingsException if there is none
     */
    byte getByte(String key) throws InvalidSettingsException;

    /** @return the byte of that name, or the default if there is none */
    byte getByte(String key, byte defaultValue);

    /**
     * @return the byte array of that name (null if null was added)
     * @throws InvalidSettingsException if there is none
     */
    byte[] getByteArray(String key) throws InvalidSettingsException;

    /** @return the byte array of that name, or the default if there is none */
    byte[] getByteArray(String key, byte... defaultValue);

    /**
     * @return the double of that name
     * @throws InvalidSettingsException if there is none
     */
    double getDouble(String key) throws InvalidSettingsException;

    /** @return the double of that name, or the default if there is none */
    double getDouble(String key, double defaultValue);

    /**
     * @return the double array of that name (null if null was added)
     * @throws InvalidSettingsException if there is none
     */
    double[] getDoubleArray(String key) throws InvalidSettingsException;

    /** @return the double array of that name, or the default if there is none */
    double[] getDoubleArray(String key, double... defaultValue);

    /**
     * @return the float of that name
     * @throws InvalidSettingsException if there is none
     */
    float getFloat(String key) throws InvalidSettingsException;

    /** @return the float of that name, or the default if there is none */
    float getFloat(String key, float defaultValue);

    /**
     * @return the float array of that name (null if null was added)
     * @throws InvalidSettingsException if there is none
     */
    float[] getFloatArray(String key) throws InvalidSettingsException;

    /** @return the float array of that name, or the default if there is none */
    float[] getFloatArray(String key, float... defaultValue);

    /**
     * @return the char of that name
     * @throws InvalidSettingsException if there is none
     */
    char getChar(String key) throws InvalidSettingsException;

    /** @return the char of that name, or the default if there is none */
    char getChar(String key, char defaultValue);

    /**
     * @return the char array of that name (null if null was added)
     * @throws InvalidSettingsException if there is none
     */
    char[] getCharArray(String key) throws InvalidSettingsException;

    /** @return the char array of that name, or the default if there is none */
    char[] getCharArray(String key, char... defaultValue);

    /**
     * @return the boolean of that name
     * @throws InvalidSettingsException if there is none
     */
    boolean getBoolean(String key) throws InvalidSettingsException;

    /** @return the boolean of that name, or the default if there is none */
    boolean getBoolean(String key, boolean defaultValue);

    /**
     * @return the boolean array of that name (null if null was added)
     * @throws InvalidSettingsException if there is none
     */
    boolean[] getBooleanArray(String key) throws InvalidSettingsException;

    /** @return the boolean array of that name, or the default if there is none */
    boolean[] getBooleanArray(String key, boolean... defaultValue);

    /**
     * @return the String of that name (may be null)
     * @throws InvalidSettingsException if there is none
     */
    String getString(String key) throws InvalidSettingsException;

    /** @return the String of that name, or the default if there is none */
    String getString(String key, String defaultValue);

    /**
     * @return the String array of that name (null if null was added)
     * @throws InvalidSettingsException if there is none
     */
    String[] getStringArray(String key) throws InvalidSettingsException;

    /** @return the String array of that name, or the default if there is none */
    String[] getStringArray(String key, String... defaultValue);
}
