package org.knime.node.standin.json;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Writes values as KNIME's views do: records and beans by their properties, enums by name, byte arrays as base64,
 * empty optionals as null, NaN and infinities as strings. Types of {@code java.time} have no form.
 */
public final class JsonWriter {

    private final StringBuilder m_out = new StringBuilder();

    private JsonWriter() {
    }

    /**
     * @param value the value
     * @return JSON without white space
     * @throws JsonException if a value has no JSON form
     */
    public static String write(final Object value) {
        final JsonWriter writer = new JsonWriter();
        writer.value(value);
        return writer.m_out.toString();
    }

    private void value(final Object value) {
        if (value == null || value instanceof Boolean) {
            m_out.append(value);
        } else if (value instanceof Number number) {
            number(number);
        } else if (value instanceof String || value instanceof Character) {
            string(value.toString());
        } else if (value instanceof Enum<?> constant) {
            string(constant.name());
        } else if (value instanceof byte[] bytes) {
            string(Base64.getEncoder().encodeToString(bytes));
        } else if (value instanceof char[] chars) {
            string(new String(chars));
        } else if (value instanceof Optional<?> optional) {
            value(optional.orElse(null));
        } else if (value instanceof Map<?, ?> map) {
            object(map);
        } else if (value instanceof Iterable<?> elements) {
            array(elements);
        } else if (value.getClass().isArray()) {
            array(value);
        } else {
            object(properties(value));
        }
    }

    private void number(final Number number) {
        final double d = number.doubleValue();
        final boolean floating = number instanceof Double || number instanceof Float;
        if (floating && (Double.isNaN(d) || Double.isInfinite(d))) {
            string(number.toString());
        } else {
            m_out.append(number);
        }
    }

    private void string(final String s) {
        m_out.append('"');
        for (int i = 0; i < s.length(); i++) {
            final char c = s.charAt(i);
            switch (c) {
                case '"' -> m_out.append("\\\"");
                case '\\' -> m_out.append("\\\\");
                case '\n' -> m_out.append("\\n");
                case '\r' -> m_out.append("\\r");
                case '\t' -> m_out.append("\\t");
                case '\b' -> m_out.append("\\b");
                case '\f' -> m_out.append("\\f");
                default -> {
                    if (c < ' ') {
                        m_out.append(String.format("\\u%04X", (int)c));
                    } else {
                        m_out.append(c);
                    }
                }
            }
        }
        m_out.append('"');
    }

    private void object(final Map<?, ?> map) {
        m_out.append('{');
        String separator = "";
        for (final Map.Entry<?, ?> entry : map.entrySet()) {
            m_out.append(separator);
            string(entry.getKey() instanceof Enum<?> constant ? constant.name() : String.valueOf(entry.getKey()));
            m_out.append(':');
            value(entry.getValue());
            separator = ",";
        }
        m_out.append('}');
    }

    private void array(final Iterable<?> elements) {
        m_out.append('[');
        String separator = "";
        for (final Object element : elements) {
            m_out.append(separator);
            value(element);
            separator = ",";
        }
        m_out.append(']');
    }

    private void array(final Object array) {
        m_out.append('[');
        for (int i = 0; i < Array.getLength(array); i++) {
            m_out.append(i == 0 ? "" : ",");
            value(Array.get(array, i));
        }
        m_out.append(']');
    }

    private static Map<String, Object> properties(final Object value) {
        final Class<?> type = value.getClass();
        if (type.getName().startsWith("java.time.")) {
            throw new JsonException("Java 8 date/time type `" + type.getName() + "` not supported by default");
        }
        final Map<String, Object> properties = type.isRecord() ? components(value) : beanProperties(value);
        if (properties.isEmpty() && !type.isRecord()) {
            throw new JsonException("No serializer found for class " + type.getName());
        }
        return properties;
    }

    private static Map<String, Object> components(final Object value) {
        final Map<String, Object> properties = new LinkedHashMap<>();
        for (final RecordComponent component : value.getClass().getRecordComponents()) {
            properties.put(component.getName(), invoke(component.getAccessor(), value));
        }
        return properties;
    }

    /** Public fields and public getters, sorted by name. */
    private static Map<String, Object> beanProperties(final Object value) {
        final Map<String, Object> properties = new TreeMap<>();
        for (final Field field : value.getClass().getFields()) {
            if (!Modifier.isStatic(field.getModifiers())) {
                field.setAccessible(true);
                try {
                    properties.put(field.getName(), field.get(value));
                } catch (IllegalAccessException e) {
                    throw new IllegalStateException("Cannot read " + field, e);
                }
            }
        }
        for (final Method method : value.getClass().getMethods()) {
            final String name = method.getName();
            final int prefix = name.matches("get\\p{Upper}.*") ? 3 : name.matches("is\\p{Upper}.*") ? 2 : 0;
            final boolean getter = prefix > 0 && method.getParameterCount() == 0
                && !Modifier.isStatic(method.getModifiers()) && method.getDeclaringClass() != Object.class
                && method.getReturnType() != void.class;
            if (getter) {
                properties.put(Character.toLowerCase(name.charAt(prefix)) + name.substring(prefix + 1),
                    invoke(method, value));
            }
        }
        return properties;
    }

    private static Object invoke(final Method getter, final Object value) {
        getter.setAccessible(true);
        try {
            return getter.invoke(value);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("Cannot call " + getter, e);
        } catch (InvocationTargetException e) {
            throw new JsonException(getter + " failed: " + e.getCause());
        }
    }
}
