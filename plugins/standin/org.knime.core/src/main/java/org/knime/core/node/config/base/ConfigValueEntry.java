package org.knime.core.node.config.base;

import java.util.Objects;

import org.knime.core.standin.HostOnly;

/** A leaf of a settings tree. Only strings may be null. */
@HostOnly
public final class ConfigValueEntry extends AbstractConfigEntry {

    private final Object m_value;

    /**
     * @param key the name
     * @param type the type, not {@link ConfigEntries#config}
     * @param value the value, boxed
     */
    public ConfigValueEntry(final String key, final ConfigEntries type, final Object value) {
        super(type, key);
        m_value = value;
    }

    /**
     * Reads a value from its text.
     *
     * @param key the name
     * @param type the type, not {@link ConfigEntries#config}
     * @param text the value's text; null only for strings
     * @return the entry
     * @throws IllegalArgumentException if the text is no value of the type
     */
    public static ConfigValueEntry parse(final String key, final ConfigEntries type, final String text) {
        if (text == null && type != ConfigEntries.xstring && type != ConfigEntries.xpassword) {
            throw new IllegalArgumentException("null is no value of type " + type);
        }
        final Object value = switch (type) {
            case xint -> Integer.valueOf(text);
            case xlong -> Long.valueOf(text);
            case xshort -> Short.valueOf(text);
            case xbyte -> Byte.valueOf(text);
            case xdouble -> Double.valueOf(text);
            case xfloat -> Float.valueOf(text);
            case xboolean -> parseBoolean(text);
            case xchar -> parseChar(text);
            case xstring, xpassword, xtransientstring -> text;
            case config -> throw new IllegalArgumentException("A config has no value");
        };
        return new ConfigValueEntry(key, type, value);
    }

    private static Boolean parseBoolean(final String text) {
        if (!text.equals("true") && !text.equals("false")) {
            throw new IllegalArgumentException('"' + text + "\" is neither true nor false");
        }
        return Boolean.valueOf(text);
    }

    private static Character parseChar(final String text) {
        if (text.length() != 1) {
            throw new IllegalArgumentException('"' + text + "\" is not one character");
        }
        return text.charAt(0);
    }

    /** @return the boxed value, or null */
    public Object getValue() {
        return m_value;
    }

    @Override
    public String toStringValue() {
        return m_value == null ? null : m_value.toString();
    }

    @Override
    public boolean isIdentical(final AbstractConfigEntry other) {
        return other instanceof ConfigValueEntry e && getKey().equals(e.getKey()) && getType() == e.getType()
            && Objects.equals(m_value, e.m_value);
    }

    @Override
    public String toString() {
        return getKey() + ":" + getType() + "->" + m_value;
    }
}
