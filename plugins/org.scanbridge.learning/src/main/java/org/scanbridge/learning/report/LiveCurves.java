package org.scanbridge.learning.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

import org.scanbridge.learning.files.Placement;
import org.scanbridge.learning.train.StepMetrics;
import org.scanbridge.learning.train.TrainingListener;

/**
 * Writes the curves of a running training to {@code training.html} beside its checkpoints, a page that a browser reloads by
 * itself: KNIME shows the view of a node only when it is done. Writes nothing where there are no checkpoints.
 */
public final class LiveCurves implements TrainingListener {

    private static final String FILE = "training.html";

    private static final long INTERVAL_NANOS = 2_000_000_000L;

    private static final int REFRESH_SECONDS = 3;

    private final List<StepMetrics> m_curve = new ArrayList<>();

    private Optional<Path> m_file = Optional.empty();

    private int m_steps;

    private long m_last;

    @Override
    public void started(final int steps, final Optional<Path> folder) {
        m_file = folder.map(f -> f.resolve(FILE));
        m_steps = steps;
        m_last = System.nanoTime() - INTERVAL_NANOS;
    }

    @Override
    public void ended(final int keptStep) {
        write("Done after " + m_curve.size() + " steps; the weights of step " + keptStep + " are kept.",
            OptionalInt.empty());
    }

    @Override
    public void step(final StepMetrics metrics) {
        m_curve.add(metrics);
        final long now = System.nanoTime();
        if (now - m_last >= INTERVAL_NANOS) {
            m_last = now;
            write("Step " + metrics.step() + " of " + m_steps + "; this page renews itself.",
                OptionalInt.of(REFRESH_SECONDS));
        }
    }

    private void write(final String status, final OptionalInt refreshSeconds) {
        if (m_file.isEmpty()) {
            return;
        }
        final Path file = m_file.get();
        try {
            Files.createDirectories(file.getParent());
            final Path temporary = file.resolveSibling(FILE + ".tmp");
            Files.write(temporary,
                TrainingCurves.page(m_curve, status, refreshSeconds).getBytes(StandardCharsets.UTF_8));
            Placement.replace(temporary, file);
        } catch (final IOException e) {
            throw new UncheckedIOException("The page with the curves cannot be written to " + file + ": "
                + e.getMessage(), e);
        }
    }
}
