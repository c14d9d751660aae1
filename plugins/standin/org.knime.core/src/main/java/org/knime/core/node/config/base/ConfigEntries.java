package org.knime.core.node.config.base;

/** The types of the entries of a settings tree; the constants' names are the {@code type} attributes in the XML. */
public enum ConfigEntries {
    /** A sub-tree. */
    config("Config"),
    /** int. */
    xint("Int"),
    /** long. */
    xlong("Long"),
    /** short. */
    xshort("Short"),
    /** byte. */
    xbyte("Byte"),
    /** double. */
    xdouble("Double"),
    /** float. */
    xfloat("Float"),
    /** char. */
    xchar("Char"),
    /** boolean. */
    xboolean("Boolean"),
    /** String, may be null. */
    xstring("String"),
    /** An encrypted string; carried along, never read. */
    xpassword("Password"),
    /** A string that is not written to disk. */
    xtransientstring("Transient string");

    private final String m_label;

    ConfigEntries(final String label) {
        m_label = label;
    }

    /** @return the type as messages name it, for instance "Int" in {@code Int for key "size" not found.} */
    String label() {
        return m_label;
    }
}
