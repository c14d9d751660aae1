package org.scanbridge.imaging;

import java.util.concurrent.CancellationException;

/**
 * How long work reports where it stands and learns that nobody waits for it any more. The node layer maps it onto
 * KNIME's execution monitor; a test or a {@code main} passes {@link #NONE}.
 */
@FunctionalInterface
public interface Progress {

    /** Reports to nobody and is never cancelled. */
    Progress NONE = (fraction, message) -> {
    };

    /**
     * Reports progress; called between units of work that take well under a second.
     *
     * @param fraction done so far, in [0, 1]
     * @param message what is being done, for the user; patient data never belongs here
     * @throws CancellationException if the work is to stop now; the caller lets it pass through
     */
    void report(double fraction, String message);

    /** The part [from, to] of this progress, for a sub-task that counts from 0 to 1. */
    default Progress part(final double from, final double to) {
        return (fraction, message) -> report(from + fraction * (to - from), message);
    }
}
