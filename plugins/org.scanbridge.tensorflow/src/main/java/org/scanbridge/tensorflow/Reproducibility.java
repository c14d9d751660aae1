package org.scanbridge.tensorflow;

import java.util.Locale;

/** What is wanted of the last bits: the same on every x86-64 processor, or the most speed of this one. */
public enum Reproducibility {
    /**
     * oneDNN's kernels, held to AVX2, and a number of threads that does not depend on the machine: the same seed gives the
     * same bits on every x86-64 processor with AVX2. The default.
     */
    PORTABLE,
    /** Every instruction set and every core of this machine: the same bits on machines with the same processor only. */
    FASTEST,
    /** Neither: the user set single properties or environment variables, or this processor cannot do what portable asks. */
    CUSTOM;

    /** System property with the wanted setting, {@code portable} or {@code fastest}; default: portable. */
    public static final String PROPERTY = "org.scanbridge.tensorflow.reproducibility";

    /**
     * The setting that a property's value names.
     *
     * @param value {@code portable} or {@code fastest} in any case; {@code null} for the default
     * @throws TensorFlowUnavailableException if it is neither
     */
    static Reproducibility of(final String value) {
        return switch (value == null ? "portable" : value.strip().toLowerCase(Locale.ROOT)) {
            case "portable" -> PORTABLE;
            case "fastest" -> FASTEST;
            default -> throw new TensorFlowUnavailableException("The system property " + PROPERTY + " is \"" + value
                + "\". Set it to portable (the same bits on every x86-64 processor with AVX2) or to fastest.", null);
        };
    }

    /** For manifests and messages: the name in lower case. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
