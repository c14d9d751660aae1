package org.scanbridge.knime.nodes.subjectsplitter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.scanbridge.knime.testing.TinyStudy.subject;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knime.core.data.DataRow;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.standin.run.NodeExecutionException;
import org.scanbridge.knime.testing.Bench;
import org.scanbridge.knime.testing.Bench.Result;
import org.scanbridge.knime.testing.TinyStudy;
import org.scanbridge.knime.testing.TinyStudy.Subject;

class SubjectSplitterNodeTest {

    private static final List<String> ROLES = List.of("training", "validation", "test");

    @TempDir
    Path m_folder;

    private Bench m_bench;

    @BeforeEach
    void open() throws Exception {
        m_bench = new Bench(m_folder);
    }

    @AfterEach
    void close() {
        m_bench.close();
    }

    /** Ten subjects at A with two rows each, five at B with one. */
    private static List<Subject> study() {
        final List<Subject> subjects = new ArrayList<>();
        for (int s = 0; s < 20; s++) {
            subjects.add(subject("a" + s % 10, "A", new float[8]));
        }
        for (int s = 0; s < 5; s++) {
            subjects.add(subject("b" + s, "B", new float[8]));
        }
        return subjects;
    }

    private Result run(final Bench.Change change, final List<Subject> subjects) throws Exception {
        final BufferedDataTable table = TinyStudy.table(m_bench, List.of(), subjects.toArray(Subject[]::new));
        return m_bench.run(new SubjectSplitterNodeFactory(), change, table);
    }

    /** By port: the subjects of a site. */
    private static Set<String> subjects(final Result result, final int port, final String site) {
        final Set<String> names = new TreeSet<>();
        for (final DataRow row : result.rows(port)) {
            if (row.getCell(1).toString().equals(site)) {
                names.add(row.getCell(0).toString());
            }
        }
        return names;
    }

    @Test
    void everySiteIsDividedAlikeAndNoSubjectTwice() throws Exception {
        final Result result = run(s -> {
        }, study());
        final Map<String, Integer> portOf = new HashMap<>();
        long rows = 0;
        for (int port = 0; port < 3; port++) {
            for (final DataRow row : result.rows(port)) {
                assertEquals(ROLES.get(port), row.getCell(3).toString());
                final Integer before = portOf.put(row.getCell(0).toString(), port);
                assertTrue(before == null || before == port, "subject in two parts: " + row);
                rows++;
            }
        }
        assertEquals(25, rows);
        // 0.6, 0.2, 0.2 of ten and of five.
        assertEquals(List.of(6, 2, 2), sizes(result, "A"));
        assertEquals(List.of(3, 1, 1), sizes(result, "B"));
    }

    private static List<Integer> sizes(final Result result, final String site) {
        return List.of(subjects(result, 0, site).size(), subjects(result, 1, site).size(),
            subjects(result, 2, site).size());
    }

    @Test
    void theSplitFollowsTheSeedAndNotTheOrderOfRows() throws Exception {
        final List<Subject> reversed = study();
        Collections.reverse(reversed);
        final Result first = run(s -> {
        }, study());
        final Result second = run(s -> {
        }, reversed);
        final Result other = run(s -> s.addLong("seed", 2), study());
        assertEquals(subjects(first, 0, "A"), subjects(second, 0, "A"));
        assertEquals(subjects(first, 2, "B"), subjects(second, 2, "B"));
        assertNotEquals(subjects(first, 0, "A"), subjects(other, 0, "A"));
    }

    @Test
    void sizesMayBeNumbersOfSubjects() throws Exception {
        final Result result = run(s -> {
            s.addString("unit", "SUBJECTS");
            s.addDouble("training", 1);
            s.addDouble("validation", 1);
            s.addDouble("test", 2);
        }, study());
        assertEquals(List.of(7, 1, 2), sizes(result, "A"));
        assertEquals(List.of(2, 1, 2), sizes(result, "B"));
    }

    /** A volunteer who was scanned at both sites stays in one part, and that is said; on request the node stops. */
    @Test
    void aTravelingSubjectStaysInOnePart() throws Exception {
        final List<Subject> study = study();
        study.add(subject("a3", "B", new float[8]));
        study.add(subject("v", "A", new float[8]));
        study.add(subject("v", "B", new float[8]));
        final Result result = run(s -> {
        }, study);
        for (final String traveler : List.of("a3", "v")) {
            final Set<Integer> ports = new TreeSet<>();
            for (int port = 0; port < 3; port++) {
                if (subjects(result, port, "A").contains(traveler) || subjects(result, port, "B").contains(traveler)) {
                    ports.add(port);
                }
            }
            assertEquals(1, ports.size(), traveler);
        }
        assertTrue(result.warning().startsWith("2 subjects have images from several sites and stay in one part each, such"
            + " as a3 (A, B)."), result.warning());
        final String stopped = assertThrows(NodeExecutionException.class,
            () -> run(s -> s.addString("travelers", "STOP"), study)).getMessage();
        assertTrue(stopped.contains("Subject a3 belongs to site A and site B"), stopped);
    }

    @Test
    void tooFewSubjectsIsAClearError() {
        final String message = assertThrows(NodeExecutionException.class, () -> run(s -> {
        }, study().subList(18, 22))).getMessage();
        assertTrue(message.contains("Site A has 2 subject(s), the split needs 3"), message);
    }

    @Test
    void aRowWithoutASubjectIsAClearError() {
        final String message = assertThrows(NodeExecutionException.class, () -> run(s -> {
        }, List.of(subject("a", "A", null), subject(null, "A", null)))).getMessage();
        assertTrue(message.contains("Row1 has no subject"), message);
    }

    @Test
    void anEmptyTableIsAClearError() {
        assertTrue(assertThrows(NodeExecutionException.class, () -> run(s -> {
        }, List.of())).getMessage().contains("no rows"));
    }

    @Test
    void boundsHoldWithoutADialog() {
        assertThrows(InvalidSettingsException.class, () -> run(s -> s.addDouble("training", -0.1), study()));
        assertThrows(InvalidSettingsException.class, () -> run(s -> s.addString("unit", "SUBJECTS"), study()),
            "0.6 subjects");
        assertThrows(InvalidSettingsException.class, () -> run(s -> {
            s.addDouble("training", 0);
            s.addDouble("validation", 0);
            s.addDouble("test", 0);
        }, study()));
    }

    /** By subject, each site evenly; only what is trained on. */
    @Test
    void trainingSubjectsAreDividedIntoFolds() throws Exception {
        final Result result = run(s -> {
            s.addString("unit", "SUBJECTS");
            s.addDouble("training", 0);
            s.addDouble("validation", 1);
            s.addDouble("test", 0);
            s.addInt("folds", 3);
        }, study());
        final Map<String, String> folds = new HashMap<>();
        for (final DataRow row : result.rows(0)) {
            final String before = folds.put(row.getCell(0).toString(), row.getCell(4).toString());
            assertTrue(before == null || before.equals(row.getCell(4).toString()), "subject in two folds: " + row);
        }
        // nine subjects of A and four of B remain
        final List<Long> sizes = new ArrayList<>();
        for (final String fold : List.of("1", "2", "3")) {
            assertEquals(3, folds.entrySet().stream().filter(e -> e.getKey().startsWith("a") && e.getValue().equals(fold)).count());
            sizes.add(folds.entrySet().stream().filter(e -> e.getKey().startsWith("b") && e.getValue().equals(fold)).count());
        }
        Collections.sort(sizes);
        assertEquals(List.of(1L, 1L, 2L), sizes);
        assertTrue(result.rows(1).stream().allMatch(r -> r.getCell(4).isMissing()));
        assertThrows(InvalidSettingsException.class, () -> run(s -> s.addInt("folds", 1), study()));
        final NodeExecutionException e =
            assertThrows(NodeExecutionException.class, () -> run(s -> s.addInt("folds", 40), study()));
        assertTrue(e.getMessage().contains("for 40 folds"), e.getMessage());
    }

    /** A learner that is told nothing else takes the column Fold: it must be the new one. */
    @Test
    void newFoldsReplaceThoseOfAnotherDivision() throws Exception {
        final Result first = run(s -> s.addInt("folds", 2), study());
        final Result second =
            m_bench.run(new SubjectSplitterNodeFactory(), s -> s.addInt("folds", 3), first.table(0));
        assertEquals(List.of("Subject", "Site", "Image", "Role", "Role (#1)", "Fold"),
            List.of(second.table(0).getDataTableSpec().getColumnNames()));
        assertEquals(Set.of("1", "2", "3"),
            new TreeSet<>(second.rows(0).stream().map(r -> r.getCell(5).toString()).toList()));
        assertTrue(second.warning().startsWith("Column \"Fold\" of the input table was replaced"), second.warning());
        // without new folds the old ones stay
        final Result kept = m_bench.run(new SubjectSplitterNodeFactory(), s -> s.addInt("folds", 0), first.table(0));
        assertEquals(first.table(0).getDataTableSpec().findColumnIndex("Fold"),
            kept.table(0).getDataTableSpec().findColumnIndex("Fold"));
    }
}
