package org.knime.node.standin.json;

import java.lang.reflect.Array;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Converts parsed JSON to a Java type. Numbers may come as strings, whole numbers with a fraction. */
public final class JsonConversion {

    private JsonConversion() {
    }

    /**
     * @param json what {@link JsonParser} returned
     * @param target a primitive, its box, String, an enum, a record, Optional, List, Collection, Map with string keys,
     *            an array of these, or Object
     * @return the converted value
     * @throws JsonException if it cannot be converted
     */
    public static Object convert(final Object json, final Type target) {
        if (target instanceof ParameterizedType parameterized) {
            return generic(json, parameterized);
        }
        if (target instanceof GenericArrayType array) {
            return array(json, array.getGenericComponentType());
        }
        if (!(target instanceof Class<?> type)) {
            return json;
        }
        if (json == null) {
            return type.isPrimitive() ? Array.get(Array.newInstance(type, 1), 0) : null;
        }
        if (type.isArray()) {
            return array(json, type.getComponentType());
        }
        if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants()).filter(c -> ((Enum<?>)c).name().equals(json)).findFirst()
                .orElseThrow(() -> mismatch(json, type));
        }
        if (type.isRecord()) {
            return record(json, type);
        }
        return scalar(json, type);
    }

    private static Object scalar(final Object json, final Class<?> type) {
        try {
            if (type == int.class || type == Integer.class) {
                return Math.toIntExact(toLong(json));
            } else if (type == long.class || type == Long.class) {
                return toLong(json);
            } else if (type == short.class || type == Short.class) {
                return Short.valueOf(Long.toString(toLong(json)));
            } else if (type == byte.class || type == Byte.class) {
                return Byte.valueOf(Long.toString(toLong(json)));
            } else if (type == double.class || type == Double.class) {
                return Double.valueOf(json.toString());
            } else if (type == float.class || type == Float.class) {
                return Float.valueOf(json.toString());
            }
        } catch (ArithmeticException | NumberFormatException e) { // not a number of that type
            throw mismatch(json, type);
        }
        if (type == String.class && !(json instanceof Map) && !(json instanceof List)) {
            return json.toString();
        }
        final boolean wantsBoolean = type == boolean.class || type == Boolean.class;
        if (wantsBoolean && (json instanceof Boolean || "true".equals(json) || "false".equals(json))) {
            return Boolean.valueOf(json.toString());
        }
        if (type.isInstance(json)) {
            return json;
        }
        throw mismatch(json, type);
    }

    private static long toLong(final Object json) {
        if (json instanceof Long whole) {
            return whole;
        }
        return json instanceof Double fraction ? (long)fraction.doubleValue() : Long.parseLong(json.toString());
    }

    private static Object array(final Object json, final Type component) {
        if (json == null) {
            return null;
        }
        if (!(json instanceof List<?> list)) {
            throw mismatch(json, component);
        }
        final Class<?> raw = component instanceof Class<?> c ? c : (Class<?>)((ParameterizedType)component).getRawType();
        final Object array = Array.newInstance(raw, list.size());
        for (int i = 0; i < list.size(); i++) {
            Array.set(array, i, convert(list.get(i), component));
        }
        return array;
    }

    private static Object generic(final Object json, final ParameterizedType type) {
        final Class<?> raw = (Class<?>)type.getRawType();
        final Type[] arguments = type.getActualTypeArguments();
        if (raw == Optional.class) {
            return Optional.ofNullable(convert(json, arguments[0]));
        }
        if (json == null) {
            return null;
        }
        if ((raw == List.class || raw == Collection.class || raw == Iterable.class) && json instanceof List<?> list) {
            final List<Object> converted = new ArrayList<>();
            list.forEach(element -> converted.add(convert(element, arguments[0])));
            return converted;
        }
        if (raw == Map.class && json instanceof Map<?, ?> map) {
            final Map<Object, Object> converted = new LinkedHashMap<>();
            map.forEach((key, value) -> converted.put(convert(key, arguments[0]), convert(value, arguments[1])));
            return converted;
        }
        throw mismatch(json, type);
    }

    private static Object record(final Object json, final Class<?> type) {
        if (!(json instanceof Map<?, ?> map)) {
            throw mismatch(json, type);
        }
        final RecordComponent[] components = type.getRecordComponents();
        final Object[] values = new Object[components.length];
        final Class<?>[] types = new Class<?>[components.length];
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            values[i] = convert(map.get(components[i].getName()), components[i].getGenericType());
        }
        try {
            final var constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (NoSuchMethodException | InstantiationException | IllegalAccessException e) {
            throw new IllegalStateException("Cannot make a " + type.getName(), e);
        } catch (InvocationTargetException e) {
            throw new JsonException("The constructor of " + type.getName() + " failed: " + e.getCause());
        }
    }

    private static JsonException mismatch(final Object json, final Type type) {
        return new JsonException("Cannot convert " + JsonWriter.write(json) + " to " + type.getTypeName());
    }
}
