package org.knime.node.standin.persistence;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;

/** The fields of a class that KNIME stores: of an instance, not private, not transient, inherited ones first. */
public final class ParameterFields {

    private ParameterFields() {
    }

    /**
     * @param type a class of parameters
     * @return its fields, made accessible; fields of type Void only carry messages of the dialog and are left out
     */
    public static List<Field> of(final Class<?> type) {
        final List<Field> fields = new ArrayList<>();
        if (type.getSuperclass() != null && type.getSuperclass() != Object.class) {
            fields.addAll(of(type.getSuperclass()));
        }
        for (final Field field : type.getDeclaredFields()) {
            final int modifiers = field.getModifiers();
            final boolean hidden =
                Modifier.isPrivate(modifiers) || Modifier.isStatic(modifiers) || Modifier.isTransient(modifiers);
            if (!hidden && !field.isSynthetic() && field.getType() != Void.class) {
                field.setAccessible(true);
                fields.add(field);
            }
        }
        return fields;
    }
}
