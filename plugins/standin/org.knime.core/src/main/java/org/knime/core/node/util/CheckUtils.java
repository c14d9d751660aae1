package org.knime.core.node.util;

import org.knime.core.node.InvalidSettingsException;

/** Checks that throw. Messages are {@link String#format} patterns if there are arguments. */
public final class CheckUtils {

    private CheckUtils() {
    }

    private static String message(final String template, final Object... args) {
        return args.length == 0 ? template : String.format(template, args);
    }

    /** @throws InvalidSettingsException if the condition does not hold */
    public static void checkSetting(final boolean predicate, final String templateMsg, final Object... templateArgs)
        throws InvalidSettingsException {
        if (!predicate) {
            throw new InvalidSettingsException(message(templateMsg, templateArgs));
        }
    }

    /**
     * @return the value
     * @throws InvalidSettingsException if it is null
     */
    public static <T> T checkSettingNotNull(final T value, final String templateMsg, final Object... templateArgs)
        throws InvalidSettingsException {
        checkSetting(value != null, templateMsg, templateArgs);
        return value;
    }

    /** @throws IllegalArgumentException if the condition does not hold */
    public static void checkArgument(final boolean predicate, final String templateMsg,
        final Object... templateArgs) {
        if (!predicate) {
            throw new IllegalArgumentException(message(templateMsg, templateArgs));
        }
    }

    /**
     * @return the value
     * @throws IllegalArgumentException if it is null
     */
    public static <T> T checkArgumentNotNull(final T value, final String templateMsg, final Object... templateArgs) {
        checkArgument(value != null, templateMsg, templateArgs);
        return value;
    }

    /** @throws IllegalStateException if the condition does not hold */
    public static void checkState(final boolean predicate, final String templateMsg, final Object... templateArgs) {
        if (!predicate) {
            throw new IllegalStateException(message(templateMsg, templateArgs));
        }
    }
}
