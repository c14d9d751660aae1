package org.knime.core.util;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.net.URL;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileUtilTest {

    @Test
    void pathsAndUrlsComeToTheSame(@TempDir final Path folder) throws Exception {
        final Path file = folder.resolve("ä b.txt");
        assertEquals(file, FileUtil.resolveToPath(FileUtil.toURL(file.toString())));
        assertEquals(file, FileUtil.resolveToPath(FileUtil.toURL(file.toUri().toString())));
        assertNull(FileUtil.resolveToPath(new URL("https://example.org/x")));
    }

    @Test
    void replacesWhatSomeSystemForbids() {
        assertEquals("a_b_c_", FileUtil.getValidFileName("a/b:c?", -1));
        assertEquals("DICOM Reader", FileUtil.getValidFileName("DICOM Reader", -1));
        assertEquals("DICOM", FileUtil.getValidFileName("DICOM Reader", 6));
    }
}
