package org.knime.node.standin.json;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.reflect.Type;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** JSON by RFC 8259, values in the form KNIME's views get. */
class JsonTest {

    record Init(String title, int[] dims, List<String> names, Double nothing) {
    }

    public static final class Bean {
        public int number = 1;

        public String getText() {
            return "t";
        }

        public boolean isGood() {
            return true;
        }
    }

    @Test
    void writesTheKindsOfValuesAsKnimeDoes() {
        final Map<String, Object> m = new LinkedHashMap<>();
        m.put("nan", Double.NaN);
        m.put("inf", Float.POSITIVE_INFINITY);
        m.put("fa", new float[]{1f, Float.NaN});
        m.put("bytes", new byte[]{1, 2, 3});
        m.put("opt", Optional.of(3));
        m.put("optE", Optional.empty());
        m.put("en", Thread.State.NEW);
        m.put("long", 9007199254740993L);
        assertEquals("{\"nan\":\"NaN\",\"inf\":\"Infinity\",\"fa\":[1.0,\"NaN\"],\"bytes\":\"AQID\",\"opt\":3,"
            + "\"optE\":null,\"en\":\"NEW\",\"long\":9007199254740993}", JsonWriter.write(m));
    }

    @Test
    void writesRecordsAndBeans() {
        assertEquals("{\"title\":\"a\\\"b\\\\\\u0001\\n\",\"dims\":[1,2],\"names\":[\"x\"],\"nothing\":null}",
            JsonWriter.write(new Init("a\"b\\\u0001\n", new int[]{1, 2}, List.of("x"), null)));
        assertEquals("{\"good\":true,\"number\":1,\"text\":\"t\"}", JsonWriter.write(new Bean()));
    }

    @Test
    void hasNoFormForDatesAndForObjectsWithoutProperties() {
        assertEquals("Java 8 date/time type `java.time.LocalDate` not supported by default",
            assertThrows(JsonException.class, () -> JsonWriter.write(LocalDate.EPOCH)).getMessage());
        assertThrows(JsonException.class, () -> JsonWriter.write(new Object()));
    }

    @Test
    void readsAllKindsOfValues() {
        final Map<String, Object> expected = new LinkedHashMap<>();
        expected.put("a", new ArrayList<>(List.of(1L, -2.5e3, "é\u2028\"/\n")));
        expected.put("b", new LinkedHashMap<>());
        expected.put("c", null);
        expected.put("d", new BigInteger("9223372036854775808"));
        assertEquals(expected, JsonParser.parse(
            " { \"a\" : [1, -2.5E+3, \"\\u00e9\\u2028\\\"\\/\\n\"],\"b\":{}, \"c\":null ,\"d\":9223372036854775808}\t"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[1,]", "{\"a\"}", "01", "1.", "-", "tru", "\"a", "\"\t\"", "\"\\x\"", "\"\\u12g4\"",
        "{} {}", "nul", "{a:1}", "[1 2]", "+1", "NaN"})
    void refusesWhatIsNotJson(final String text) {
        assertThrows(JsonException.class, () -> JsonParser.parse(text));
    }

    @Provide
    Arbitrary<Object> json() {
        final Arbitrary<Object> leaf = Arbitraries.oneOf(Arbitraries.strings().map(s -> (Object)s),
            Arbitraries.longs().map(l -> (Object)l), Arbitraries.doubles().map(d -> (Object)d),
            Arbitraries.of(true, false).map(b -> (Object)b));
        return Arbitraries.recursive(() -> leaf,
            inner -> Arbitraries.oneOf(inner.list().ofMaxSize(3).map(l -> (Object)l),
                Arbitraries.maps(Arbitraries.strings().ofMaxLength(4), inner).ofMaxSize(3).map(m -> (Object)m)),
            0, 3);
    }

    @Property(tries = 200)
    void readsWhatItWrites(@ForAll("json") final Object value) {
        assertEquals(value, JsonParser.parse(JsonWriter.write(value)));
    }

    @SuppressWarnings("unused")
    private static void types(final List<Integer> list, final Map<String, Double> map, final Optional<String> text) {
    }

    private static Object convert(final String json, final int parameter) {
        for (final var method : JsonTest.class.getDeclaredMethods()) {
            if (method.getName().equals("types")) {
                final Type type = method.getGenericParameterTypes()[parameter];
                return JsonConversion.convert(JsonParser.parse(json), type);
            }
        }
        throw new AssertionError();
    }

    @Test
    void convertsLenientlyLikeKnime() {
        assertEquals(0, JsonConversion.convert("0", int.class));
        assertEquals(0, JsonConversion.convert(0.0, int.class));
        assertEquals(7.0, JsonConversion.convert(7L, double.class));
        assertEquals(Thread.State.NEW, JsonConversion.convert("NEW", Thread.State.class));
        assertNull(JsonConversion.convert(null, String.class));
        assertArrayEquals(new int[]{1, 2}, (int[])JsonConversion.convert(List.of(1L, 2L), int[].class));
        assertEquals(List.of(1, 2), convert("[1,2]", 0));
        assertEquals(Map.of("a", 2.0), convert("{\"a\":2}", 1));
        assertEquals(Optional.of("x"), convert("\"x\"", 2));
        final Init init = (Init)JsonConversion.convert(JsonParser.parse("{\"title\":\"t\",\"dims\":[3]}"), Init.class);
        assertEquals("t", init.title());
        assertArrayEquals(new int[]{3}, init.dims());
    }

    @Test
    void refusesWhatDoesNotFit() {
        assertThrows(JsonException.class, () -> JsonConversion.convert("a", int.class));
        assertThrows(JsonException.class, () -> JsonConversion.convert(3_000_000_000L, int.class));
        assertThrows(JsonException.class, () -> JsonConversion.convert(300L, byte.class));
        assertThrows(JsonException.class, () -> JsonConversion.convert(Map.of(), String.class));
        assertThrows(JsonException.class, () -> JsonConversion.convert("OLD", Thread.State.class));
        assertThrows(JsonException.class, () -> convert("{}", 0));
    }
}
