package org.scanbridge.tensorflow;

import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * What TensorFlow is told before it is loaded. A system property of one setting goes before the environment variable
 * that TensorFlow or oneDNN itself reads, and both go before what {@link Reproducibility} asks for.
 *
 * @param reproducibility what these settings amount to
 * @param threads threads inside one operation, 1 or more
 * @param instructionCap value of {@code ONEDNN_MAX_CPU_ISA}; {@link Computation#ALL} for no cap
 * @param oneDnn whether oneDNN is to be used
 */
record EngineSettings(Reproducibility reproducibility, int threads, String instructionCap, boolean oneDnn) {

    /** Environment variable of TensorFlow that turns oneDNN on (1) or off (0). */
    static final String ONEDNN_VARIABLE = "TF_ENABLE_ONEDNN_OPTS";

    /** Environment variable of oneDNN with the highest instruction set it may use. */
    static final String CAP_VARIABLE = "ONEDNN_MAX_CPU_ISA";

    /**
     * Threads of the portable setting. It has to be one number for all machines, because oneDNN and Eigen divide their sums
     * by the number of threads; two is what the smallest machine has, and more cores are used by choosing another number.
     */
    static final int PORTABLE_THREADS = 2;

    private static final String PORTABLE_CAP = "AVX2";

    /**
     * The settings for this process.
     *
     * @param property system properties
     * @param environment environment variables
     * @param processor of this machine
     * @param cores number of its cores
     * @param x86 whether it is an x86-64 machine; no other has a portable setting, nor oneDNN's names of instruction sets
     * @throws TensorFlowUnavailableException if a property has a value that does not exist
     */
    static EngineSettings of(final Function<String, String> property, final Map<String, String> environment,
        final Processor processor, final int cores, final boolean x86) {
        final Reproducibility wanted = Reproducibility.of(property.apply(Reproducibility.PROPERTY));
        final boolean portable = wanted == Reproducibility.PORTABLE && x86;
        final int usualThreads = portable ? PORTABLE_THREADS : cores;
        final String usualCap = portable ? PORTABLE_CAP : Computation.ALL;
        final int threads = threads(property.apply(TensorFlowRuntime.THREADS_PROPERTY), usualThreads);
        final String cap = first(property.apply(TensorFlowRuntime.INSTRUCTIONS_PROPERTY), environment.get(CAP_VARIABLE),
            usualCap).toUpperCase(Locale.ROOT);
        final boolean oneDnn = oneDnn(first(property.apply(TensorFlowRuntime.ONEDNN_PROPERTY),
            environment.get(ONEDNN_VARIABLE), "1"));
        final boolean asUsual = threads == usualThreads && usualCap.equals(capName(cap)) && oneDnn;
        final boolean kept = asUsual && (wanted == Reproducibility.FASTEST
            || x86 && processor.has("avx2") && processor.has("fma"));
        return new EngineSettings(kept ? wanted : Reproducibility.CUSTOM, threads, capName(cap), oneDnn);
    }

    /** oneDNN knows two names for no cap. */
    private static String capName(final String cap) {
        return "DEFAULT".equals(cap) ? Computation.ALL : cap;
    }

    private static String first(final String... values) {
        for (final String value : values) {
            if (value != null && !value.isBlank()) {
                return value.strip();
            }
        }
        throw new IllegalStateException("no default");
    }

    private static int threads(final String value, final int usual) {
        if (value == null || value.isBlank()) {
            return usual;
        }
        try {
            final int threads = Integer.parseInt(value.strip());
            if (threads > 0) {
                return threads;
            }
        } catch (final NumberFormatException e) {
            // told below, as for a number that is too small
        }
        throw new TensorFlowUnavailableException("The system property " + TensorFlowRuntime.THREADS_PROPERTY + " is \""
            + value + "\". Set it to a number of threads, 1 or more, or leave it out.", null);
    }

    private static boolean oneDnn(final String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "1", "true" -> true;
            case "0", "false" -> false;
            default -> throw new TensorFlowUnavailableException("oneDNN is to be \"" + value + "\". Set the system property "
                + TensorFlowRuntime.ONEDNN_PROPERTY + " (or " + ONEDNN_VARIABLE + ") to true or false, or leave it out.",
                null);
        };
    }
}
