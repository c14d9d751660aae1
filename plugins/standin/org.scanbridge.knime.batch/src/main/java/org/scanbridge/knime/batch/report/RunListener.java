package org.scanbridge.knime.batch.report;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;

/** Hears what happens during a run. Called from the nodes' threads. */
public interface RunListener {

    /** @param label the node that begins to execute */
    void started(String label);

    /**
     * @param label a node that executes
     * @param fraction how far it is, 0 to 1; empty if it never said
     * @param message what it does; empty text if it never said
     */
    void progressed(String label, OptionalDouble fraction, String message);

    /**
     * @param label a node
     * @param message what it warns of
     */
    void warned(String label, String message);

    /**
     * @param label a node
     * @param message why it failed
     * @param cause the exception, if its stack trace may help; empty if the message says all
     */
    void failed(String label, String message, Optional<Throwable> cause);

    /**
     * @param label a node that executed
     * @param outcome how it ended
     * @param elapsed how long it ran
     */
    void finished(String label, NodeOutcome outcome, Duration elapsed);
}
