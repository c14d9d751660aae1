package org.knime.node.standin.persistence;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;

import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.NodeSettingsRO;
import org.knime.core.node.NodeSettingsWO;
import org.knime.node.parameters.migration.LoadDefaultsForAbsentFields;
import org.knime.node.parameters.migration.Migrate;

/** Loads and saves an object field by field; what is absent keeps its default only where the class allows it. */
final class ObjectPersistor {

    private final Class<?> m_type;

    private final List<Member> m_members = new ArrayList<>();

    private ObjectPersistor(final Class<?> type) {
        m_type = type;
    }

    static ObjectPersistor of(final Class<?> type) {
        final ObjectPersistor persistor = new ObjectPersistor(type);
        for (final Field field : ParameterFields.of(type)) {
            persistor.m_members
                .add(new Member(field, FieldPersistors.of(field), keepsDefaultIfAbsent(field)));
        }
        return persistor;
    }

    Object load(final NodeSettingsRO settings) throws InvalidSettingsException {
        final Object object = newInstance(m_type);
        for (final Member member : m_members) {
            if (!member.keepsDefaultIfAbsent() || member.persistor().isPresent(settings)) {
                member.set(object, member.persistor().load(settings));
            }
        }
        return object;
    }

    void save(final Object object, final NodeSettingsWO settings) {
        for (final Member member : m_members) {
            member.persistor().save(member.get(object), settings);
        }
    }

    /** @throws IllegalStateException if the class has no constructor without arguments or it fails */
    static <T> T newInstance(final Class<T> type) {
        try {
            final Constructor<T> constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            return constructor.newInstance();
        } catch (NoSuchMethodException | InstantiationException | IllegalAccessException e) {
            throw new IllegalStateException(
                "The parameters class " + type.getName() + " needs a constructor without arguments.", e);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(
                "The constructor of the parameters class " + type.getName() + " failed: " + e.getCause(), e.getCause());
        }
    }

    private static boolean keepsDefaultIfAbsent(final Field field) {
        final Migrate migrate = field.getAnnotation(Migrate.class);
        return migrate != null && migrate.loadDefaultIfAbsent()
            || field.getDeclaringClass().isAnnotationPresent(LoadDefaultsForAbsentFields.class);
    }

    private record Member(Field field, FieldPersistor persistor, boolean keepsDefaultIfAbsent) {

        Object get(final Object object) {
            try {
                return field.get(object);
            } catch (IllegalAccessException e) {
                throw new IllegalStateException("Cannot read " + field, e);
            }
        }

        void set(final Object object, final Object value) {
            try {
                field.set(object, value);
            } catch (IllegalAccessException e) {
                throw new IllegalStateException("Cannot set " + field, e);
            }
        }
    }
}
