package org.scanbridge.tensorflow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The processor of this machine.
 *
 * @param model its name as the operating system gives it; {@code unknown} where it does not
 * @param instructionSets those that TensorFlow's kernels are chosen by, in the order of {@link #KNOWN}; empty where the
 *            operating system does not tell
 */
public record Processor(String model, List<String> instructionSets) {

    /** Instruction sets that are looked for, from old to new, as Linux names them. */
    static final List<String> KNOWN =
        List.of("sse4_1", "avx", "fma", "avx2", "avx512f", "avx_vnni", "avx512_vnni", "avx512_bf16", "avx512_fp16", "amx_tile");

    private static final Path LINUX = Path.of("/proc/cpuinfo");

    private static final String UNKNOWN = "unknown";

    /** Copies the list. */
    public Processor {
        instructionSets = List.copyOf(instructionSets);
    }

    /** The processor that this runs on. */
    static Processor ofThisMachine() {
        try {
            return Files.isReadable(LINUX) ? parse(Files.readAllLines(LINUX))
                : new Processor(Optional.ofNullable(System.getenv("PROCESSOR_IDENTIFIER")).orElse(UNKNOWN), List.of());
        } catch (final IOException e) {
            return new Processor(UNKNOWN, List.of()); // it only informs
        }
    }

    /** Reads what Linux writes about its first processor. */
    static Processor parse(final List<String> cpuinfo) {
        final Set<String> flags = Set.copyOf(List.of(value(cpuinfo, "flags").orElse("").split("\\s+")));
        return new Processor(value(cpuinfo, "model name").orElse(UNKNOWN), KNOWN.stream().filter(flags::contains).toList());
    }

    private static Optional<String> value(final List<String> cpuinfo, final String key) {
        final Stream<String[]> pairs = cpuinfo.stream().map(line -> line.split(":", 2)).filter(pair -> pair.length == 2);
        return pairs.filter(pair -> pair[0].strip().equals(key)).map(pair -> pair[1].strip()).findFirst();
    }

    /** Whether an instruction set is there; true where the operating system does not tell. */
    boolean has(final String instructionSet) {
        return instructionSets.isEmpty() || instructionSets.contains(instructionSet);
    }
}
