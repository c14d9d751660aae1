package org.scanbridge.knime.util;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.knime.core.node.InvalidSettingsException;

class PathSettingTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '#', value = {"/data/one | /data/one", "\"D:\\my studies\\one\" | D:\\my studies\\one",
        "  \"/data/my study\"  | /data/my study", "'/data' | /data", "\"/data | \"/data", "/da\"ta\" | /da\"ta\"", "\" /x \" | /x"})
    void quotesAroundAPathAreNoPartOfIt(final String setting, final String text) {
        assertEquals(text, PathSetting.text(setting));
    }

    @Test
    void whatIsNotSetIsBlank() throws Exception {
        assertEquals("", PathSetting.text(null));
        assertEquals("", PathSetting.text(" \"\" "));
        assertEquals(Optional.empty(), OutputFolder.of("\"\""));
        assertEquals(Optional.of(Path.of("/data/out")), OutputFolder.of("\"/data/./out\""));
    }

    /** No system has a path with the character 0; Windows forbids more. */
    @Test
    void whatCannotBeAPathIsRefused() {
        final String message = assertThrows(InvalidSettingsException.class,
            () -> PathSetting.path("/da\0ta", "the folder of a study")).getMessage();
        assertTrue(message.contains("cannot be the folder of a study") && message.endsWith("Choose another one."), message);
        assertThrows(InvalidSettingsException.class, () -> OutputFolder.of("\0"));
        assertThrows(InvalidSettingsException.class, () -> new StudyFolder("a\0b", "Folder").path(null));
    }
}
