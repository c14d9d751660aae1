package org.scanbridge.knime.batch.report;

import java.time.Duration;
import java.util.Optional;

/**
 * What the summary says about one node.
 *
 * @param label name and id of the node
 * @param outcome how it stood at the end
 * @param elapsed how long it ran; empty if it did not
 * @param message its error, else its warning; empty if there was none
 */
public record NodeReport(String label, NodeOutcome outcome, Optional<Duration> elapsed, Optional<String> message) {
}
