package org.scanbridge.knime.batch.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

import org.junit.jupiter.api.Test;

class RunLogTest {

    private final ByteArrayOutputStream m_bytes = new ByteArrayOutputStream();

    private long m_now;

    private final RunLog m_log = new RunLog(new PrintStream(m_bytes, true, StandardCharsets.UTF_8),
        Duration.ofSeconds(10), () -> m_now);

    private void at(final double seconds) {
        m_now = Math.round(seconds * 1e9);
    }

    private List<String> lines() {
        return m_bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void progressIsThrottledToTheNewestNews() {
        m_log.started("Learner (#5)");
        for (int i = 1; i <= 100; i++) {
            at(i * 0.1);
            m_log.progressed("Learner (#5)", OptionalDouble.of(i / 200.0), "Step " + i);
        }
        at(12);
        m_log.progressed("Learner (#5)", OptionalDouble.of(0.6), "Step 120");
        at(20);
        m_log.tick();
        at(63.25);
        m_log.finished("Learner (#5)", NodeOutcome.EXECUTED, Duration.ofMillis(63_250));
        assertEquals(List.of( //
            "[  0:00.0] INFO  Learner (#5)  started", //
            "[  0:10.0] INFO  Learner (#5)  50 %  Step 100  (running for 10.0 s)", //
            "[  0:20.0] INFO  Learner (#5)  60 %  Step 120  (running for 20.0 s)", //
            "[  1:03.2] INFO  Learner (#5)  executed in 1:03 min"), lines());
    }

    @Test
    void aNodesLastNewsAreItsResultUnlessItFailed() {
        m_log.started("Report (#9)");
        m_log.progressed("Report (#9)", OptionalDouble.of(0.5), "Painting");
        m_log.progressed("Report (#9)", OptionalDouble.of(1), "Report: /results/report.html");
        m_log.finished("Report (#9)", NodeOutcome.EXECUTED, Duration.ofSeconds(2));
        m_log.started("Report (#9)");
        m_log.progressed("Report (#9)", OptionalDouble.of(1), "Report: /results/report.html");
        m_log.finished("Report (#9)", NodeOutcome.FAILED, Duration.ofSeconds(2));
        assertEquals("[  0:00.0] INFO  Report (#9)  executed in 2.0 s: Report: /results/report.html", lines().get(1));
        assertEquals("[  0:00.0] INFO  Report (#9)  failed in 2.0 s", lines().get(3));
    }

    @Test
    void silentNodesAreSeenToRun() {
        m_log.started("Writer (#2)");
        for (int second = 1; second <= 61; second++) {
            at(second);
            m_log.tick();
        }
        assertEquals("[  1:00.0] INFO  Writer (#2)  still running  (running for 1:00 min)", lines().get(1));
        assertEquals(2, lines().size());
    }

    @Test
    void newsAfterTheEndAreDropped() {
        m_log.started("A (#1)");
        m_log.finished("A (#1)", NodeOutcome.CANCELED, Duration.ZERO);
        at(30);
        m_log.progressed("A (#1)", OptionalDouble.empty(), "late");
        assertEquals(2, lines().size());
    }

    @Test
    void summary() {
        assertEquals("""
            Node               State             Time  Message
            DICOM Reader (#2)  EXECUTED        12.3 s  2 files could not be read
            Scorer (#10)       CONFIGURED           -
            """,
            SummaryTable.format(List.of(
                new NodeReport("DICOM Reader (#2)", NodeOutcome.EXECUTED, Optional.of(Duration.ofMillis(12_345)),
                    Optional.of("2 files\n could not be read")),
                new NodeReport("Scorer (#10)", NodeOutcome.CONFIGURED, Optional.empty(), Optional.empty()))));
    }
}
