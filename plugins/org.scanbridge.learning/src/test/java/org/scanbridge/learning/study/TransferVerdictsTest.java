package org.scanbridge.learning.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scanbridge.learning.method.TransferStudy.Row;
import org.scanbridge.learning.method.TransferStudy.Start;

/** Verdicts on made-up numbers that are exactly on and beside the limits; sums by hand. */
class TransferVerdictsTest {

    private static Row row(final Start start, final int tuned, final int cases, final long seed, final double dice) {
        return new Row(start, tuned, cases, seed, dice, dice / 2, (1 + dice) / 2);
    }

    /** Two seeds; depths 1 and 7 of 7; 2 and 8 cases. The second seed of the scratch networks is {@code spread} higher. */
    private static TransferResults results(final double home, final double away, final double last, final double all,
        final double scratch, final double spread, final double advantage) {
        final List<Row> rows = new ArrayList<>();
        rows.add(row(Start.SOURCE, 0, 0, 0, away));
        for (int seed = 1; seed <= 2; seed++) {
            rows.add(row(Start.FINE_TUNED, 1, 2, seed, last));
            rows.add(row(Start.FINE_TUNED, 7, 2, seed, all));
            rows.add(row(Start.SCRATCH, 7, 2, seed, scratch + (seed == 2 ? spread : -spread)));
            rows.add(row(Start.FINE_TUNED, 1, 8, seed, 0.5 + advantage));
            rows.add(row(Start.FINE_TUNED, 7, 8, seed, 0.5 + advantage));
            rows.add(row(Start.SCRATCH, 7, 8, seed, 0.5));
        }
        return new TransferResults(rows, Optional.of(row(Start.SOURCE, 0, 0, 0, home)));
    }

    private static List<Boolean> met(final TransferResults results) {
        return TransferVerdicts.of(results).stream().map(Verdict::met).toList();
    }

    @Test
    void knowsTheLimits() {
        assertEquals(List.of(true, true, true, true), met(results(0.75, 0.375, 0.625, 0.625, 0.5, 0, 0)));
        assertEquals(List.of(false, false, false, false), met(results(0.75, 0.376, 0.5, 0.625, 0.5, 0, 0.2)));
        // the mean is 0.125 higher, but the second repetition's is not
        assertEquals(List.of(true, false, true, true), met(results(0.75, 0, 0.625, 0.625, 0.5, 0.2, 0.1)));
    }

    @Test
    void leavesOutWhatWasNotTrained() {
        final List<Row> rows = results(0.75, 0.1, 0.6, 0.6, 0.4, 0, 0).rows();
        assertEquals(List.of("T2", "T3", "T4"),
            TransferVerdicts.of(new TransferResults(rows, Optional.empty())).stream().map(Verdict::name).toList());
        assertEquals(List.of(), TransferVerdicts.of(new TransferResults(
            rows.stream().filter(r -> r.start() != Start.SCRATCH).toList(), Optional.empty())));
        assertEquals(List.of("T2", "T4"), TransferVerdicts.of(new TransferResults(
            rows.stream().filter(r -> r.cases() != 8).toList(), Optional.empty())).stream().map(Verdict::name).toList());
    }

    @Test
    void writesEveryNetworkAndTheMeans(@TempDir final Path folder) throws Exception {
        TransferStudyFiles.write(results(0.75, 0.1, 0.6, Double.NaN, 0.4, 0.1, 0), folder);
        final List<String> csv = Files.readAllLines(folder.resolve("networks.csv"));
        assertEquals(1 + 1 + 1 + 12, csv.size());
        assertEquals("source,source,0,0,0,0.750000,0.375000,0.875000", csv.get(1));
        assertTrue(csv.contains("fine_tuned,new,7,2,1,,,"), "a missing number is an empty field");
        final String page = Files.readString(folder.resolve("transfer-learning.md"));
        // 0.3 and 0.5: mean 0.4, sample standard deviation 0.2 / sqrt(2) = 0.141
        assertTrue(page.contains("| 2 | 0.600 ± 0.000 | – | 0.400 ± 0.141 |"), page);
        assertTrue(page.contains("| 2 | 0.300 ± 0.000 | – | 0.200 ± 0.071 |"), page);
        assertTrue(page.contains("| 2 | 0.800 ± 0.000 | – | 0.700 ± 0.071 |"), page);
        assertTrue(page.contains("| the new site | 0.100 | 0.050 | 0.550 |"), page);
    }
}
