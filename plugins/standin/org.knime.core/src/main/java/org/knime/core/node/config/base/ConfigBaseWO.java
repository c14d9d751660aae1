package org.knime.core.node.config.base;

/** Write access to a settings tree. Adding under an existing key replaces the entry. */
public interface ConfigBaseWO {

    /** @return the name of this tree in its parent */
    String getKey();

    /** Adds a string that is not written to disk. */
    void addTransientString(String key, String value);

    /** Adds the int. */
    void addInt(String key, int value);

    /** Adds the int array; null is allowed. */
    void addIntArray(String key, int... values);

    /** Adds the long. */
    void addLong(String key, long value);

    /** Adds the long array; null is allowed. */
    void addLongArray(String key, long... values);

    /** Adds the short. */
    void addShort(String key, short value);

    /** Adds the short array; null is allowed. */
    void addShortArray(String key, short... values);

    /** Adds the byte. */
    void addByte(String key, byte value);

    /** Adds the byte array; null is allowed. */
    void addByteArray(String key, byte... values);

    /** Adds the double. */
    void addDouble(String key, double value);

    /** Adds the double array; null is allowed. */
    void addDoubleArray(String key, double... values);

    /** Adds the float. */
    void addFloat(String key, float value);

    /** Adds the float array; null is allowed. */
    void addFloatArray(String key, float... values);

    /** Adds the char. */
    void addChar(String key, char value);

    /** Adds the char array; null is allowed. */
    void addCharArray(String key, char... values);

    /** Adds the boolean. */
    void addBoolean(String key, boolean value);

    /** Adds the boolean array; null is allowed. */
    void addBooleanArray(String key, boolean... values);

    /** Adds the String (may be null). */
    void addString(String key, String value);

    /** Adds the String array; null is allowed. */
    void addStringArray(String key, String... values);
}
