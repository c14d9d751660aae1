package org.scanbridge.knime.util;

import java.lang.reflect.Field;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

import org.knime.core.node.InvalidSettingsException;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.Widget;

/**
 * Names the setting that a check refuses as the dialog names it. What the numbers of a dialog are for is checked where they are
 * used, in the words of the field ("zoom of low resolution"), while the user looks for "Lowest resolution", or for the flow
 * variable that sets it. Which setting it is follows from the check itself: with the default in its place the check says
 * something else, or nothing.
 */
public final class RefusedSetting {

    /** A check of settings. */
    @FunctionalInterface
    public interface Check<P extends NodeParameters> {

        /** @throws InvalidSettingsException in whatever words, if the settings cannot be used */
        void run(P parameters) throws InvalidSettingsException;
    }

    private RefusedSetting() {
    }

    /**
     * Runs a check.
     *
     * @param parameters of a node, with all groups; they stay as they are
     * @param check of them
     * @throws InvalidSettingsException as the check says it, after the title of each setting that alone decides it, where the
     *             check does not name it
     */
    public static <P extends NodeParameters> void named(final P parameters, final Check<P> check)
        throws InvalidSettingsException {
        try {
            check.run(parameters);
        } catch (final InvalidSettingsException e) {
            final Set<String> titles = titles(parameters, check, e.getMessage());
            if (titles.isEmpty() || titles.stream().anyMatch(t -> names(e.getMessage(), t))) {
                throw e;
            }
            throw new InvalidSettingsException('"' + String.join("\" or \"", titles) + "\": " + e.getMessage(), e);
        }
    }

    private static boolean names(final String message, final String title) {
        return message.toLowerCase(Locale.ROOT).contains(title.toLowerCase(Locale.ROOT));
    }

    private static <P extends NodeParameters> Set<String> titles(final P parameters, final Check<P> check, final String message) {
        final P tried = SettingFields.copy(parameters);
        final Set<String> titles = new LinkedHashSet<>();
        collect(tried, SettingFields.defaults(parameters), () -> !refusal(tried, check).equals(Optional.of(message)), titles);
        return titles;
    }

    /**
     * The titles of those settings with whose defaults alone the check says something else.
     *
     * @param otherwise whether it does now
     */
    private static void collect(final NodeParameters tried, final NodeParameters defaults, final BooleanSupplier otherwise,
        final Set<String> titles) {
        for (final Field field : SettingFields.of(tried.getClass())) {
            final Object value = SettingFields.get(field, tried);
            final Object usual = SettingFields.get(field, defaults);
            if (value instanceof NodeParameters group && usual instanceof NodeParameters groupsDefaults
                && group.getClass() == groupsDefaults.getClass()) {
                collect(group, groupsDefaults, otherwise, titles);
            } else if (isNumber(field) && !Objects.equals(value, usual)) {
                SettingFields.set(field, tried, usual);
                if (otherwise.getAsBoolean()) {
                    titles.add(field.getAnnotation(Widget.class).title());
                }
                SettingFields.set(field, tried, value);
            }
        }
    }

    private static boolean isNumber(final Field field) {
        return field.isAnnotationPresent(Widget.class) && field.getType().isPrimitive() && field.getType() != boolean.class;
    }

    private static <P extends NodeParameters> Optional<String> refusal(final P parameters, final Check<P> check) {
        try {
            check.run(parameters);
            return Optional.empty();
        } catch (final InvalidSettingsException e) {
            return Optional.of(e.getMessage());
        }
    }
}
