package org.scanbridge.imaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;

import org.junit.jupiter.api.Test;

class ProgressTest {

    @Test
    void partMapsItsWholeOntoItsShare() {
        final List<String> reports = new ArrayList<>();
        final Progress progress = (fraction, message) -> reports.add(fraction + " " + message);
        final Progress part = progress.part(0.25, 0.75);
        part.report(0, "start");
        part.report(0.5, "half");
        part.part(0.5, 1).report(1, "end");
        assertEquals(List.of("0.25 start", "0.5 half", "0.75 end"), reports);
    }

    @Test
    void cancellationPassesThroughAPart() {
        final Progress cancelled = (fraction, message) -> {
            throw new CancellationException();
        };
        assertThrows(CancellationException.class, () -> cancelled.part(0, 0.5).report(0, ""));
        Progress.NONE.part(0, 0.5).report(1, "nobody listens");
    }
}
