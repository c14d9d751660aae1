package org.knime.core.node;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * KNIME's logger. In KNIME's default configuration only errors of packages outside {@code org.knime} appear anywhere;
 * so here errors go to the JVM's system logger as errors, everything below as debug messages that nobody sees unless
 * the logger is configured for it. What a user must see belongs into a warning message, a table or an exception.
 */
public final class NodeLogger {

    private final Logger m_logger;

    private NodeLogger(final String name) {
        m_logger = System.getLogger(name);
    }

    /** @return the logger named like the class */
    public static NodeLogger getLogger(final Class<?> c) {
        return getLogger(c.getName());
    }

    /** @return the logger of that name */
    public static NodeLogger getLogger(final String name) {
        return new NodeLogger(name);
    }

    /** Logs a debug message. */
    public void debug(final Object o) {
        m_logger.log(Level.DEBUG, String.valueOf(o));
    }

    /** Logs a debug message with its cause. */
    public void debug(final Object o, final Throwable t) {
        m_logger.log(Level.DEBUG, String.valueOf(o), t);
    }

    /** Logs a formatted debug message, see {@link String#format}. */
    public void debugWithFormat(final String format, final Object... args) {
        debug(String.format(format, args));
    }

    /** Logs an information; invisible by default, as in KNIME. */
    public void info(final Object o) {
        debug(o);
    }

    /** Logs an information with its cause; invisible by default, as in KNIME. */
    public void info(final Object o, final Throwable t) {
        debug(o, t);
    }

    /** Logs a formatted information, see {@link String#format}. */
    public void infoWithFormat(final String format, final Object... args) {
        debugWithFormat(format, args);
    }

    /** Logs a warning; invisible by default, as in KNIME. */
    public void warn(final Object o) {
        debug(o);
    }

    /** Logs a warning with its cause; invisible by default, as in KNIME. */
    public void warn(final Object o, final Throwable t) {
        debug(o, t);
    }

    /** Logs a formatted warning, see {@link String#format}. */
    public void warnWithFormat(final String format, final Object... args) {
        debugWithFormat(format, args);
    }

    /** Logs an error. */
    public void error(final Object o) {
        m_logger.log(Level.ERROR, String.valueOf(o));
    }

    /** Logs an error with its cause. */
    public void error(final Object o, final Throwable t) {
        m_logger.log(Level.ERROR, String.valueOf(o), t);
    }

    /** Logs a formatted error, see {@link String#format}. */
    public void errorWithFormat(final String format, final Object... args) {
        error(String.format(format, args));
    }

    /** Logs a fatal error. */
    public void fatal(final Object o) {
        error(o);
    }

    /** Logs a fatal error with its cause. */
    public void fatal(final Object o, final Throwable t) {
        error(o, t);
    }

    /** Logs a mistake of the programmer. */
    public void coding(final Object o) {
        error("CODING PROBLEM " + o);
    }

    /** Logs a mistake of the programmer with its cause. */
    public void coding(final Object o, final Throwable t) {
        error("CODING PROBLEM " + o, t);
    }
}
