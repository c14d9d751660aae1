package org.scanbridge.tensorflow;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;

class ComputationTest {

    private static final List<String> NEW = List.of("avx2", "avx512f");

    private static Computation of(final Reproducibility kind, final int threads, final String cap, final String processor,
        final List<String> sets) {
        return new Computation(kind, threads, cap, true, processor, sets);
    }

    private static final Computation PORTABLE =
        of(Reproducibility.PORTABLE, 2, "AVX2", "old", List.of("avx2"));

    @Test
    void portableIsTheSameOnAnotherProcessor() {
        assertEquals(Optional.empty(), PORTABLE.difference(of(Reproducibility.PORTABLE, 2, "AVX2", "new", NEW)));
    }

    @Test
    void fastestIsTheSameOnTheSameProcessorOnly() {
        final Computation fastest = of(Reproducibility.FASTEST, 2, Computation.ALL, "new", NEW);
        assertEquals(Optional.empty(), fastest.difference(fastest));
        assertEquals(Optional.of("processor new instead of old"),
            fastest.difference(of(Reproducibility.FASTEST, 2, Computation.ALL, "old", List.of("avx2"))));
    }

    @Test
    void namesAllThatDiffers() {
        final Computation other = new Computation(Reproducibility.FASTEST, 16, Computation.ALL, false, "old", List.of("avx2"));
        assertEquals(Optional.of("with oneDNN instead of without, instruction sets up to AVX2 instead of ALL, 2 threads"
            + " instead of 16"), PORTABLE.difference(other));
        assertEquals("16 threads, without oneDNN (fastest)", other.describe());
    }

    @Test
    void saysNothingWhereNothingIsKnown() {
        assertEquals(Optional.empty(), PORTABLE.difference(Computation.UNKNOWN));
        assertEquals(Optional.empty(), Computation.UNKNOWN.difference(PORTABLE));
    }

    /** Lines as Linux writes them for an AMD processor of 2019, shortened. */
    @Test
    void readsWhatLinuxTellsOfTheProcessor() {
        final Processor processor = Processor.parse(List.of("processor\t: 0", "vendor_id\t: AuthenticAMD",
            "model name\t: AMD EPYC 7452 32-Core Processor", "flags\t\t: fpu sse sse2 fma sse4_1 sse4_2 avx f16c avx2 bmi2",
            "processor\t: 1", "model name\t: another"));
        assertEquals(new Processor("AMD EPYC 7452 32-Core Processor", List.of("sse4_1", "avx", "fma", "avx2")), processor);
        assertEquals(new Processor("unknown", List.of()), Processor.parse(List.of()));
    }
}
