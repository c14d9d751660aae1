package org.scanbridge.knime.nodes.syntheticsites;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.knime.core.data.DataRow;
import org.knime.core.node.CanceledExecutionException;
import org.knime.core.node.DefaultNodeProgressMonitor;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.standin.run.NodeExecutionException;
import org.scanbridge.knime.testing.Bench;
import org.scanbridge.knime.testing.Bench.Result;

class SyntheticSitesNodeTest {

    @TempDir
    Path m_folder;

    private Bench m_bench;

    @BeforeEach
    void open() throws Exception {
        m_bench = new Bench(Files.createDirectory(m_folder.resolve("run")));
    }

    @AfterEach
    void close() {
        m_bench.close();
    }

    private Result run(final Bench.Change change) throws Exception {
        return m_bench.run(new SyntheticSitesNodeFactory(), s -> {
            s.addInt("size", 16);
            s.addInt("subjectsPerSite", 2);
            change.apply(s);
        });
    }

    private static String text(final DataRow row, final int column) {
        return row.getCell(column).toString();
    }

    @Test
    void writesDicomForEverySubject() throws Exception {
        final Path study = m_folder.resolve("study");
        final Result result = run(s -> s.addString("folder", study.toString()));
        assertEquals(List.of("A-001 A", "A-002 A", "B-001 B", "B-002 B"),
            result.rows(0).stream().map(r -> text(r, 0) + " " + text(r, 1)).toList());
        result.rows(0).forEach(r -> assertEquals(study.toString(), text(r, 2)));
        for (final String subject : List.of("A/A-001", "A/A-002", "B/B-001", "B/B-002")) {
            try (var files = Files.walk(study.resolve(subject))) {
                final List<Path> dicom = files.filter(Files::isRegularFile).toList();
                assertEquals(17, dicom.size(), "16 slices and a segmentation");
                for (final Path file : dicom) {
                    // PS3.10 7.1: 128 bytes of preamble, then the prefix.
                    assertEquals("DICM", new String(Files.readAllBytes(file), 128, 4, "US-ASCII"));
                }
            }
        }
    }

    /** Off, and stored without the setting, it is the study it was; on, only files in folders T1 are added. */
    @ParameterizedTest
    @CsvSource({"LESIONS,S", "FLAIR,P"})
    void asksForT1ImagesOfLesions(final String sites, final String source) throws Exception {
        final Path without = m_folder.resolve("without");
        run(s -> {
            s.addString("sites", sites);
            s.addString("folder", without.toString());
            s.removeConfig("t1");
        });
        final Path with = m_folder.resolve("with");
        final Result result = run(s -> {
            s.addString("sites", sites);
            s.addString("folder", with.toString());
            s.addBoolean("t1", true);
        });
        assertEquals(4, result.rows(0).size());
        try (var files = Files.walk(with)) {
            for (final Path file : files.filter(Files::isRegularFile).toList()) {
                final Path other = without.resolve(with.relativize(file));
                final boolean t1 = "T1".equals(file.getParent().getFileName().toString());
                assertEquals(!t1, Files.exists(other), file.toString());
                assertTrue(t1 || Files.mismatch(file, other) < 0, file.toString());
            }
        }
        try (var files = Files.list(with.resolve(source + "/" + source + "-001/T1"))) {
            assertEquals(16, files.count());
        }
        try (var files = Files.walk(without)) {
            assertEquals(4 * 17, files.filter(Files::isRegularFile).count());
        }
    }

    /** One image and one segmentation a subject, of the classes of detectors that the sites have (PS3.4 B.5). */
    @Test
    void exposesRadiographs() throws Exception {
        final Path study = m_folder.resolve("study");
        final Result result = run(s -> {
            s.addString("sites", "RADIOGRAPHS_3");
            s.addString("folder", study.toString());
        });
        assertEquals(List.of("V-001 V", "V-002 V", "W-001 W", "W-002 W", "X-001 X", "X-002 X"),
            result.rows(0).stream().map(r -> text(r, 0) + " " + text(r, 1)).toList());
        for (final String[] expected : new String[][]{{"V", "1.2.840.10008.5.1.4.1.1.1.1", "MONOCHROME2"},
            {"W", "1.2.840.10008.5.1.4.1.1.1", "MONOCHROME1"}, {"X", "1.2.840.10008.5.1.4.1.1.1.1", "MONOCHROME2"}}) {
            final Path subject = study.resolve(expected[0]).resolve(expected[0] + "-002");
            try (var files = Files.list(subject)) {
                assertEquals(List.of("IM0001.dcm", "SEG.dcm"),
                    files.map(f -> f.getFileName().toString()).sorted().toList());
            }
            final String file = new String(Files.readAllBytes(subject.resolve("IM0001.dcm")), "ISO-8859-1");
            assertTrue(file.contains(expected[1] + '\0'), expected[0]);
            assertTrue(file.contains(expected[2]), expected[0]);
        }
        final Path again = m_folder.resolve("again");
        run(s -> {
            s.addString("sites", "RADIOGRAPHS");
            s.addString("folder", again.toString());
        });
        assertEquals(-1, Files.mismatch(study.resolve("W/W-002/IM0001.dcm"), again.resolve("W/W-002/IM0001.dcm")));
    }

    @Test
    void withoutAFolderTheStudyBelongsToTheNode() throws Exception {
        final Path study = Path.of(text(run(s -> {
        }).rows(0).get(0), 2));
        assertTrue(study.startsWith(m_folder.resolve("run")) && Files.isDirectory(study.resolve("A")));
    }

    @Test
    void anExistingStudyIsHandedOn() throws Exception {
        final Path mine = Files.createDirectory(m_folder.resolve("mine"));
        final Result result = run(s -> s.addString("existingStudy", " " + mine + " "));
        assertEquals(1, result.rows(0).size());
        assertTrue(result.rows(0).get(0).getCell(0).isMissing() && result.rows(0).get(0).getCell(1).isMissing());
        assertEquals(mine.toString(), text(result.rows(0).get(0), 2));
        try (var files = Files.list(mine)) {
            assertEquals(0, files.count());
        }
    }

    @Test
    void anExistingStudyThatIsNotThereIsRefused() {
        final String message = assertThrows(NodeExecutionException.class,
            () -> run(s -> s.addString("existingStudy", "/no/such/study"))).getMessage();
        assertTrue(message.contains("/no/such/study") && message.contains("is no folder"), message);
    }

    @Test
    void aFolderWithOtherThingsIsNotTouched() throws Exception {
        final Path study = Files.createDirectory(m_folder.resolve("study"));
        Files.writeString(study.resolve("thesis.txt"), "years of work");
        final String message = assertThrows(NodeExecutionException.class,
            () -> run(s -> s.addString("folder", study.toString()))).getMessage();
        assertTrue(message.contains(study.toString()), message);
        assertEquals("years of work", Files.readString(study.resolve("thesis.txt")));
    }

    @Test
    void aFolderThatCannotBeMadeIsAClearError() throws Exception {
        // A file in the way: also refuses the administrator, whom permissions do not stop.
        final Path file = Files.writeString(m_folder.resolve("file"), "x");
        final String message = assertThrows(NodeExecutionException.class,
            () -> run(s -> s.addString("folder", file.resolve("study").toString()))).getMessage();
        assertTrue(message.contains(file.toString()) && !message.startsWith("Execute failed"), message);
    }

    @Test
    void aCancelledRunLeavesNothing() {
        final Path study = m_folder.resolve("study");
        final DefaultNodeProgressMonitor progress = new DefaultNodeProgressMonitor();
        progress.setExecuteCanceled();
        assertThrows(CanceledExecutionException.class,
            () -> m_bench.run(new SyntheticSitesNodeFactory(), progress, s -> s.addString("folder", study.toString())));
        assertFalse(Files.exists(study));
    }

    @Test
    void boundsHoldWithoutADialog() {
        refused("Subjects per site", s -> s.addInt("subjectsPerSite", 0));
        refused("Subjects per site", s -> s.addInt("subjectsPerSite", 101));
        refused("Image size", s -> s.addInt("size", 15));
        refused("Image size", s -> s.addInt("size", 129));
        refused("MiB of memory", s -> {
            s.addInt("size", 128);
            s.addInt("subjectsPerSite", 100);
        });
    }

    private void refused(final String part, final Bench.Change change) {
        final String message =
            assertThrows(InvalidSettingsException.class, () -> run(change)).getMessage();
        assertTrue(message.contains(part), message);
    }
}
