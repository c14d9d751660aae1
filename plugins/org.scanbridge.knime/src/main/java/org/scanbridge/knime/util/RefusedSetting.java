package org.scanbridge.knime.util;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

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
        try {
            final NodeParameters defaults = fresh(parameters.getClass());
            @SuppressWarnings("unchecked")
            final P tried = (P)copy(parameters);
            final Set<String> titles = new LinkedHashSet<>();
            collect(tried, defaults, () -> !refusal(tried, check).equals(Optional.of(message)), titles);
            return titles;
        } catch (final ReflectiveOperationException e) {
            throw new IllegalStateException(parameters.getClass() + " has fields that nothing can copy", e);
        }
    }

    /** Whether the check says something else now. */
    @FunctionalInterface
    private interface Otherwise {

        boolean holds();
    }

    /** The titles of those settings with whose defaults alone the check says something else. */
    private static void collect(final NodeParameters tried, final NodeParameters defaults, final Otherwise otherwise,
        final Set<String> titles) throws IllegalAccessException {
        for (final Field field : fields(tried.getClass())) {
            final Object value = field.get(tried);
            final Object usual = field.get(defaults);
            if (value instanceof NodeParameters group && usual instanceof NodeParameters groupsDefaults
                && group.getClass() == groupsDefaults.getClass()) {
                collect(group, groupsDefaults, otherwise, titles);
            } else if (isNumber(field) && !Objects.equals(value, usual)) {
                field.set(tried, usual);
                if (otherwise.holds()) {
                    titles.add(field.getAnnotation(Widget.class).title());
                }
                field.set(tried, value);
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

    /** The same settings; what cannot change is shared. */
    private static Object copy(final Object value) throws ReflectiveOperationException {
        if (value instanceof NodeParameters parameters) {
            final NodeParameters copy = fresh(parameters.getClass());
            for (final Field field : fields(parameters.getClass())) {
                field.set(copy, copy(field.get(parameters)));
            }
            return copy;
        }
        if (value instanceof Object[] array) {
            final Object[] copy = (Object[])Array.newInstance(array.getClass().getComponentType(), array.length);
            for (int n = 0; n < array.length; n++) {
                copy[n] = copy(array[n]);
            }
            return copy;
        }
        return value;
    }

    /** As KNIME makes them, too. */
    private static NodeParameters fresh(final Class<? extends NodeParameters> type) throws ReflectiveOperationException {
        final var constructor = type.getDeclaredConstructor();
        constructor.setAccessible(true);
        return constructor.newInstance();
    }

    private static List<Field> fields(final Class<?> type) {
        final List<Field> fields = new ArrayList<>();
        for (Class<?> t = type; t != null && t != Object.class; t = t.getSuperclass()) {
            Arrays.stream(t.getDeclaredFields())
                .filter(f -> !Modifier.isStatic(f.getModifiers()) && !Modifier.isFinal(f.getModifiers()) && !f.isSynthetic())
                .forEach(f -> {
                    f.setAccessible(true);
                    fields.add(f);
                });
        }
        return fields;
    }
}
