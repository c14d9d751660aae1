package org.knime.core.data;

import java.util.Collections;
import java.util.Enumeration;
import java.util.Map;
import java.util.TreeMap;

/** Free annotations of a column: text under text keys. */
public final class DataColumnProperties {

    private final Map<String, String> m_content;

    /** No properties. */
    public DataColumnProperties() {
        this(Map.of());
    }

    /** @param content the properties */
    public DataColumnProperties(final Map<String, String> content) {
        m_content = Collections.unmodifiableMap(new TreeMap<>(content));
    }

    /** @return whether there is a property of that key */
    public boolean containsProperty(final String key) {
        return m_content.containsKey(key);
    }

    /** @return the property of that key, or null */
    public String getProperty(final String key) {
        return m_content.get(key);
    }

    /** @return the property of that key, or the default */
    public String getProperty(final String key, final String defaultValue) {
        return m_content.getOrDefault(key, defaultValue);
    }

    /** @return the keys, sorted */
    public Enumeration<String> properties() {
        return Collections.enumeration(m_content.keySet());
    }

    /** @return the number of properties */
    public int size() {
        return m_content.size();
    }

    @Override
    public boolean equals(final Object o) {
        return o instanceof DataColumnProperties p && m_content.equals(p.m_content);
    }

    @Override
    public int hashCode() {
        return m_content.hashCode();
    }

    @Override
    public String toString() {
        return m_content.toString();
    }
}
