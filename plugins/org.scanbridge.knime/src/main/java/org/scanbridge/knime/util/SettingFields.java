package org.scanbridge.knime.util;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.knime.node.parameters.NodeParameters;

/** The settings of nodes by their fields, as KNIME sees them. */
final class SettingFields {

    private SettingFields() {
    }

    /** The settings of a class and of those that it extends; they can be read and written. */
    static List<Field> of(final Class<?> type) {
        final List<Field> fields = new ArrayList<>();
        for (Class<?> c = type; c != null && NodeParameters.class.isAssignableFrom(c); c = c.getSuperclass()) {
            Arrays.stream(c.getDeclaredFields()).filter(f -> !Modifier.isStatic(f.getModifiers()) && !f.isSynthetic())
                .forEach(fields::add);
        }
        fields.forEach(f -> f.setAccessible(true));
        return fields;
    }

    /** Settings as a new node has them. */
    @SuppressWarnings("unchecked")
    static <P extends NodeParameters> P defaults(final P like) {
        return (P)make(like.getClass());
    }

    /** Calls the constructor without arguments, whoever may see it. */
    static <T> T make(final Class<T> type) {
        try {
            final Constructor<T> constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            return constructor.newInstance();
        } catch (final ReflectiveOperationException e) {
            throw new IllegalStateException(type + " cannot be made", e);
        }
    }

    /** Groups of settings are copied too, everything else is shared. */
    static <P extends NodeParameters> P copy(final P original) {
        final P copy = defaults(original);
        for (final Field field : of(original.getClass())) {
            final Object value = get(field, original);
            set(field, copy, value instanceof NodeParameters group ? copy(group) : value);
        }
        return copy;
    }

    static Object get(final Field field, final NodeParameters parameters) {
        try {
            return field.get(parameters);
        } catch (final IllegalAccessException e) {
            throw new IllegalStateException(field + " cannot be read", e);
        }
    }

    static void set(final Field field, final NodeParameters parameters, final Object value) {
        try {
            field.set(parameters, value);
        } catch (final IllegalAccessException e) {
            throw new IllegalStateException(field + " cannot be written", e);
        }
    }
}
