package org.knime.core.node.port;

import java.io.IOException;
import java.lang.reflect.ParameterizedType;

/**
 * The class to which a serializer binds its type argument.
 *
 * @param <T> that class
 */
record BoundClass<T>(Class<T> type) {

    /**
     * @param serializerClass a class whose direct super class has one literal type argument
     * @return the type argument
     * @throws IllegalStateException if the class does not bind it literally
     */
    @SuppressWarnings("unchecked") // the serializer's own declaration says so
    static <T> BoundClass<T> ofSerializer(final Class<?> serializerClass) {
        if (serializerClass.getGenericSuperclass() instanceof ParameterizedType p
            && p.getActualTypeArguments()[0] instanceof Class<?> c) {
            return new BoundClass<>((Class<T>)c);
        }
        throw new IllegalStateException("Serializer " + serializerClass.getName()
            + " must extend its abstract serializer directly with a class as type argument");
    }

    T newInstance() throws IOException {
        try {
            return type.getConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IOException(
                type.getName() + " needs a public constructor without parameters in a public class: " + e, e);
        }
    }
}
