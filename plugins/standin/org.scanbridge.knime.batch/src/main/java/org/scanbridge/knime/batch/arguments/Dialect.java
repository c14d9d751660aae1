package org.scanbridge.knime.batch.arguments;

import java.util.List;
import java.util.Set;

/** Whose command line is spoken; it decides the exit codes. */
public enum Dialect {

    /** KNIME's own batch executor, part of KNIME up to 5.8: {@code -reset -nosave -workflowDir=DIR}. */
    KNIME,

    /** NodePit Batch, which is used with later ones: {@code --reset --no-save DIR}. */
    NODEPIT;

    private static final Set<String> OPTIONS = Set.of("--reset", "--no-save");

    /**
     * Tells by the first argument that only one of them has.
     *
     * @param arguments the command line
     * @return {@link #KNIME} if nothing tells
     */
    public static Dialect of(final List<String> arguments) {
        for (final String argument : arguments) {
            if (OPTIONS.contains(argument) || !argument.startsWith("-")) {
                return NODEPIT;
            }
            if (!argument.startsWith("-workflow.variable=") && !argument.startsWith("-option=")) {
                return KNIME;
            }
        }
        return KNIME;
    }
}
