package org.scanbridge.tensorflow;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeDirectoryTest {

    /** DJL would try to download what is missing; the directory must be refused before DJL is asked. */
    @Test
    void refusesADirectoryWithoutLibraries(@TempDir final Path empty) {
        final String before = System.getProperty(NativeDirectory.PROPERTY);
        System.setProperty(NativeDirectory.PROPERTY, empty.toString());
        try {
            final String message =
                assertThrows(TensorFlowUnavailableException.class, NativeDirectory::find).getMessage();
            assertTrue(message.contains(empty.toString()), message);
            assertTrue(message.contains(NativeDirectory.current().libraries().get(0)), message);
            assertTrue(message.contains(NativeDirectory.PROPERTY), message);
        } finally {
            if (before == null) {
                System.clearProperty(NativeDirectory.PROPERTY);
            } else {
                System.setProperty(NativeDirectory.PROPERTY, before);
            }
        }
    }
}
