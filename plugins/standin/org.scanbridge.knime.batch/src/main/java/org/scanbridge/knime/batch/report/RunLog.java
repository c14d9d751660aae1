package org.scanbridge.knime.batch.report;

import java.io.PrintStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.LongSupplier;

/**
 * Writes a run's events as lines of time, node and text. Progress comes far more often than anyone reads: each node
 * gets a line at most every {@code interval}, the newest news of it. Call {@link #tick()} about once a second, so that
 * news held back appear, and a node that is silent for long is still seen to run.
 */
public final class RunLog implements RunListener {

    /** After this time a node that said nothing is reported as still running. */
    private static final Duration SILENCE = Duration.ofSeconds(60);

    private static final int LINE_LENGTH = 200;

    private final PrintStream m_out;

    private final Duration m_interval;

    private final LongSupplier m_nanos;

    private final long m_begin;

    private final Map<String, Running> m_running = new LinkedHashMap<>();

    /** A node that executes: when it began and last got a line, and what is to be said next. */
    private static final class Running {
        private final long m_started;

        private long m_printed;

        private String m_pending;

        private String m_last = "";

        /** What the node said when it was done, which often names its result. */
        private String m_result = "";

        Running(final long now) {
            m_started = now;
            m_printed = now;
        }
    }

    /**
     * @param out where lines go
     * @param interval the shortest time between two progress lines of one node
     * @param nanos the clock, as {@link System#nanoTime()}
     */
    public RunLog(final PrintStream out, final Duration interval, final LongSupplier nanos) {
        m_out = out;
        m_interval = interval;
        m_nanos = nanos;
        m_begin = nanos.getAsLong();
    }

    /** @param text a line that concerns the whole run */
    public synchronized void info(final String text) {
        line("INFO ", text);
    }

    /** @param text a warning that concerns the whole run */
    public synchronized void warn(final String text) {
        line("WARN ", text);
    }

    /** @param text an error that concerns the whole run */
    public synchronized void error(final String text) {
        line("ERROR", text);
    }

    /** @param text lines that are printed as they are, between empty lines */
    public synchronized void table(final String text) {
        m_out.print("\n" + text + "\n");
        m_out.flush();
    }

    @Override
    public synchronized void started(final String label) {
        m_running.put(label, new Running(m_nanos.getAsLong()));
        line("INFO ", label + "  started");
    }

    @Override
    public synchronized void progressed(final String label, final OptionalDouble fraction, final String message) {
        final Running node = m_running.get(label);
        if (node == null) {
            return; // late news of a node that has ended
        }
        if (fraction.isPresent() && fraction.getAsDouble() >= 1) {
            node.m_result = message;
        }
        final String percent =
            fraction.isPresent() ? String.format(Locale.ROOT, "%3.0f %%", 100 * fraction.getAsDouble()) : "     ";
        final String text = (percent + "  " + message).stripTrailing();
        if (!text.equals(node.m_last)) {
            node.m_pending = text;
            flush(label, node);
        }
    }

    @Override
    public synchronized void warned(final String label, final String message) {
        line("WARN ", label + "  " + message);
    }

    @Override
    public synchronized void failed(final String label, final String message, final Optional<Throwable> cause) {
        line("ERROR", label + "  " + message);
        cause.map(Texts::stackTrace).ifPresent(m_out::print);
    }

    @Override
    public synchronized void finished(final String label, final NodeOutcome outcome, final Duration elapsed) {
        final Running node = m_running.remove(label);
        final String result = node == null || node.m_result.isEmpty() || outcome != NodeOutcome.EXECUTED ? ""
            : ": " + Texts.oneLine(node.m_result, LINE_LENGTH);
        line("INFO ", label + "  " + outcome.name().toLowerCase(Locale.ROOT) + " in " + Texts.time(elapsed) + result);
    }

    /** Writes what was held back long enough. */
    public synchronized void tick() {
        m_running.forEach(this::flush);
    }

    private void flush(final String label, final Running node) {
        final long now = m_nanos.getAsLong();
        final Duration since = Duration.ofNanos(now - node.m_printed);
        if (node.m_pending != null && since.compareTo(m_interval) >= 0) {
            node.m_last = node.m_pending;
            node.m_pending = null;
        } else if (since.compareTo(SILENCE) < 0) {
            return;
        }
        node.m_printed = now;
        final String running = "  (running for " + Texts.time(Duration.ofNanos(now - node.m_started)) + ")";
        line("INFO ", label + "  " + Texts.oneLine(node.m_last.isEmpty() ? "still running" : node.m_last, LINE_LENGTH)
            + running);
    }

    private void line(final String level, final String text) {
        final Duration since = Duration.ofNanos(m_nanos.getAsLong() - m_begin);
        m_out.println(String.format(Locale.ROOT, "[%3d:%02d.%d] %s %s", since.toMinutes(), since.toSecondsPart(),
            since.toMillisPart() / 100, level, text));
        m_out.flush();
    }
}
