package org.knime.node.standin.json;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads JSON (RFC 8259) into Map, List, String, Long or BigInteger, Double, Boolean and null.
 */
public final class JsonParser {

    private final String m_text;

    private int m_at;

    private JsonParser(final String text) {
        m_text = text;
    }

    /**
     * @param text one JSON value, white space around it allowed
     * @return the value
     * @throws JsonException if the text is not JSON
     */
    public static Object parse(final String text) {
        final JsonParser parser = new JsonParser(text);
        parser.skipSpace();
        final Object value = parser.value();
        parser.skipSpace();
        if (parser.m_at < text.length()) {
            throw parser.unexpected();
        }
        return value;
    }

    private Object value() {
        final char c = peek();
        switch (c) {
            case '{':
                return object();
            case '[':
                return array();
            case '"':
                return string();
            case 't':
                return literal("true", Boolean.TRUE);
            case 'f':
                return literal("false", Boolean.FALSE);
            case 'n':
                return literal("null", null);
            default:
                return number();
        }
    }

    private Map<String, Object> object() {
        final Map<String, Object> object = new LinkedHashMap<>();
        m_at++;
        skipSpace();
        if (peek() == '}') {
            m_at++;
            return object;
        }
        while (true) {
            skipSpace();
            if (peek() != '"') {
                throw unexpected();
            }
            final String key = string();
            skipSpace();
            expect(':');
            skipSpace();
            object.put(key, value());
            skipSpace();
            if (peek() == '}') {
                m_at++;
                return object;
            }
            expect(',');
        }
    }

    private List<Object> array() {
        final List<Object> array = new ArrayList<>();
        m_at++;
        skipSpace();
        if (peek() == ']') {
            m_at++;
            return array;
        }
        while (true) {
            skipSpace();
            array.add(value());
            skipSpace();
            if (peek() == ']') {
                m_at++;
                return array;
            }
            expect(',');
        }
    }

    private String string() {
        final StringBuilder s = new StringBuilder();
        m_at++;
        while (true) {
            final char c = peek();
            m_at++;
            if (c == '"') {
                return s.toString();
            }
            if (c < ' ') {
                m_at--;
                throw unexpected();
            }
            s.append(c == '\\' ? escaped() : c);
        }
    }

    private char escaped() {
        final char c = peek();
        m_at++;
        switch (c) {
            case '"', '\\', '/':
                return c;
            case 'b':
                return '\b';
            case 'f':
                return '\f';
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'u':
                return hex();
            default:
                m_at--;
                throw unexpected();
        }
    }

    private char hex() {
        int code = 0;
        for (int i = 0; i < 4; i++) {
            final int digit = Character.digit(peek(), 16);
            if (digit < 0) {
                throw unexpected();
            }
            code = code * 16 + digit;
            m_at++;
        }
        return (char)code;
    }

    private Object literal(final String word, final Object value) {
        if (!m_text.startsWith(word, m_at)) {
            throw unexpected();
        }
        m_at += word.length();
        return value;
    }

    private Number number() {
        final int start = m_at;
        boolean integral = true;
        skip('-');
        if (!skip('0')) {
            digits();
        }
        if (skip('.')) {
            integral = false;
            digits();
        }
        if (skip('e') || skip('E')) {
            integral = false;
            if (!skip('+')) {
                skip('-');
            }
            digits();
        }
        final String number = m_text.substring(start, m_at);
        if (!integral) {
            return Double.valueOf(number);
        }
        final BigInteger value = new BigInteger(number);
        return value.bitLength() < Long.SIZE ? (Number)value.longValue() : value;
    }

    private void digits() {
        final int start = m_at;
        while (m_at < m_text.length() && m_text.charAt(m_at) >= '0' && m_text.charAt(m_at) <= '9') {
            m_at++;
        }
        if (m_at == start) {
            throw unexpected();
        }
    }

    private boolean skip(final char c) {
        if (m_at < m_text.length() && m_text.charAt(m_at) == c) {
            m_at++;
            return true;
        }
        return false;
    }

    private void skipSpace() {
        while (m_at < m_text.length() && " \t\r\n".indexOf(m_text.charAt(m_at)) >= 0) {
            m_at++;
        }
    }

    private char peek() {
        if (m_at >= m_text.length()) {
            throw new JsonException("JSON ends unexpectedly at character " + m_at);
        }
        return m_text.charAt(m_at);
    }

    private void expect(final char c) {
        if (peek() != c) {
            throw unexpected();
        }
        m_at++;
    }

    private JsonException unexpected() {
        return m_at >= m_text.length() ? new JsonException("JSON ends unexpectedly at character " + m_at)
            : new JsonException("Unexpected '" + m_text.charAt(m_at) + "' in JSON at character " + m_at);
    }
}
