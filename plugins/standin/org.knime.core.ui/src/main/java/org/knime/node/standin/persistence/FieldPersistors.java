package org.knime.node.standin.persistence;

import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

import org.knime.node.parameters.persistence.Persist;
import org.knime.node.parameters.persistence.Persistable;
import org.knime.node.parameters.persistence.Persistor;

/** Chooses how a field is stored, by its annotations and its type. */
final class FieldPersistors {

    private FieldPersistors() {
    }

    /** @throws IllegalStateException if KNIME has no storage for the field's type */
    static FieldPersistor of(final Field field) {
        final Persistor custom = field.isAnnotationPresent(Persistor.class) ? field.getAnnotation(Persistor.class)
            : field.getType().getAnnotation(Persistor.class);
        if (custom != null) {
            return CustomPersistor.of(custom.value());
        }
        final String key = key(field);
        final Class<?> type = field.getType();
        if (type == Optional.class) {
            final Class<?> content = typeArgument(field);
            return new OptionalPersistor(key, leafOrEnum(key, content).orElseThrow(() -> unsupported(field)));
        }
        if (List.class == type || Collection.class == type) {
            return elements(key, typeArgument(field), false, field);
        }
        if (type.isArray() && !LeafPersistor.supports(type)) {
            return elements(key, type.getComponentType(), true, field);
        }
        if (Persistable.class.isAssignableFrom(type)) {
            return new NestedPersistor(key, ObjectPersistor.of(type));
        }
        return leafOrEnum(key, type).orElseThrow(() -> unsupported(field));
    }

    private static String key(final Field field) {
        final Persist persist = field.getAnnotation(Persist.class);
        final String name = field.getName();
        final String standard = name.startsWith("m_") ? name.substring(2) : name;
        if (persist == null) {
            return standard;
        }
        return (persist.configKey().isEmpty() ? standard : persist.configKey())
            + (persist.hidden() ? "_Internals" : "");
    }

    private static Optional<FieldPersistor> leafOrEnum(final String key, final Class<?> type) {
        if (type.isEnum()) {
            return Optional.of(new EnumPersistor(key, type));
        }
        return LeafPersistor.supports(type) ? Optional.of(LeafPersistor.of(key, type)) : Optional.empty();
    }

    private static FieldPersistor elements(final String key, final Class<?> element, final boolean asArray,
        final Field field) {
        if (!Persistable.class.isAssignableFrom(element)) {
            throw unsupported(field);
        }
        return new ElementsPersistor(key, element, ObjectPersistor.of(element), asArray);
    }

    private static Class<?> typeArgument(final Field field) {
        if (field.getGenericType() instanceof ParameterizedType parameterized) {
            final Type argument = parameterized.getActualTypeArguments()[0];
            if (argument instanceof Class<?> type) {
                return type;
            }
        }
        throw unsupported(field);
    }

    private static IllegalStateException unsupported(final Field field) {
        return new IllegalStateException("No default persistor available for type \"" + field.getGenericType()
            + "\" of field \"" + field.getName() + "\" in " + field.getDeclaringClass().getName()
            + ". Annotate it with @Persistor.");
    }
}
