package org.scanbridge.tensorflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

class EngineSettingsTest {

    private static final Processor AVX2 = new Processor("p", List.of("sse4_1", "avx", "fma", "avx2"));

    private static EngineSettings of(final Map<String, String> properties, final Map<String, String> environment,
        final Processor processor, final int cores, final boolean x86) {
        return EngineSettings.of(properties::get, environment, processor, cores, x86);
    }

    @Test
    void portableDoesNotDependOnTheMachine() {
        final EngineSettings expected = new EngineSettings(Reproducibility.PORTABLE, 2, "AVX2", true);
        assertEquals(expected, of(Map.of(), Map.of(), AVX2, 1, true));
        assertEquals(expected, of(Map.of(), Map.of(),
            new Processor("q", List.of("sse4_1", "avx", "fma", "avx2", "avx512f")), 64, true));
        assertEquals(expected, of(Map.of(), Map.of(), new Processor("not told", List.of()), 8, true));
    }

    @Test
    void fastestTakesAllThereIs() {
        assertEquals(new EngineSettings(Reproducibility.FASTEST, 6, "ALL", true),
            of(Map.of(Reproducibility.PROPERTY, "Fastest"), Map.of(), AVX2, 6, true));
    }

    @Test
    void nothingIsPromisedWhereItCannotBeKept() {
        assertEquals(Reproducibility.CUSTOM,
            of(Map.of(), Map.of(), new Processor("old", List.of("sse4_1", "avx")), 2, true).reproducibility());
        assertEquals(new EngineSettings(Reproducibility.CUSTOM, 8, "ALL", true),
            of(Map.of(), Map.of(), new Processor("ARM", List.of()), 8, false));
    }

    @Test
    void propertiesGoBeforeTheEnvironment() {
        final Map<String, String> environment = Map.of("TF_ENABLE_ONEDNN_OPTS", "0", "ONEDNN_MAX_CPU_ISA", "avx512_core");
        assertEquals(new EngineSettings(Reproducibility.CUSTOM, 2, "AVX512_CORE", false),
            of(Map.of(), environment, AVX2, 4, true));
        assertEquals(new EngineSettings(Reproducibility.CUSTOM, 3, "SSE41", true),
            of(Map.of(TensorFlowRuntime.ONEDNN_PROPERTY, "true", TensorFlowRuntime.INSTRUCTIONS_PROPERTY, "SSE41",
                TensorFlowRuntime.THREADS_PROPERTY, "3"), environment, AVX2, 4, true));
    }

    /** As left empty by a build that passes properties on. */
    @Test
    void emptyPropertiesAreNone() {
        assertEquals(new EngineSettings(Reproducibility.PORTABLE, 2, "AVX2", true),
            of(Map.of(TensorFlowRuntime.THREADS_PROPERTY, " ", TensorFlowRuntime.INSTRUCTIONS_PROPERTY, ""),
                Map.of("ONEDNN_MAX_CPU_ISA", ""), AVX2, 4, true));
    }

    @Test
    void refusesWhatDoesNotExist() {
        for (final String value : List.of("0", "-2", "many")) {
            final String message = assertThrows(TensorFlowUnavailableException.class,
                () -> of(Map.of(TensorFlowRuntime.THREADS_PROPERTY, value), Map.of(), AVX2, 4, true)).getMessage();
            assertTrue(message.contains('"' + value + '"') && message.contains(TensorFlowRuntime.THREADS_PROPERTY), message);
        }
        final String message = assertThrows(TensorFlowUnavailableException.class,
            () -> of(Map.of(), Map.of("TF_ENABLE_ONEDNN_OPTS", "maybe"), AVX2, 4, true)).getMessage();
        assertTrue(message.contains("\"maybe\"") && message.contains("TF_ENABLE_ONEDNN_OPTS"), message);
    }
}
