package org.scanbridge.knime.batch.workflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkflowZipTest {

    @TempDir
    private Path m_dir;

    private Path m_target;

    @BeforeEach
    void createTarget() throws Exception {
        m_target = Files.createDirectories(m_dir.resolve("in/target"));
    }

    private Path zip(final String... entries) throws Exception {
        final Path zip = m_dir.resolve("a.zip");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
            for (String entry : entries) {
                out.putNextEntry(new ZipEntry(entry));
                out.write('x');
                out.closeEntry();
            }
        }
        return zip;
    }

    @Test
    void inTheRootOrTheFirstFolder() throws Exception {
        assertEquals(m_target, WorkflowZip.unpack(zip("workflow.knime"), m_target));
        final Path other = Files.createDirectories(m_dir.resolve("other"));
        assertEquals(other.resolve("Flow"), WorkflowZip.unpack(zip("Flow/workflow.knime", "Flow/N (#1)/s.xml"), other));
    }

    @Test
    void noWorkflowNoZip() throws Exception {
        assertThrows(WorkflowLoadException.class, () -> WorkflowZip.unpack(zip("a/b/workflow.knime"), m_target));
        final Path text = Files.writeString(m_dir.resolve("text.zip"), "no zip");
        assertTrue(assertThrows(WorkflowLoadException.class, () -> WorkflowZip.unpack(text, m_target)).getMessage()
            .contains("no zip file"));
    }

    @Test
    void entriesThatPointOutside() throws Exception {
        final Path zip = zip("../evil.txt", "workflow.knime");
        assertTrue(assertThrows(WorkflowLoadException.class, () -> WorkflowZip.unpack(zip, m_target)).getMessage()
            .contains("points outside"));
        assertFalse(Files.exists(m_dir.resolve("in/evil.txt")));
    }
}
