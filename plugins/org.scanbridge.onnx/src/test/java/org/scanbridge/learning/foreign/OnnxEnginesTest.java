package org.scanbridge.learning.foreign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;

import org.junit.jupiter.api.Test;
import org.scanbridge.learning.LearningException;

/** Where the engine for ONNX files comes from. */
class OnnxEnginesTest {

    @Test
    void isFoundWhereItIsInstalled() {
        assertTrue(OnnxEngines.find().version().startsWith("ONNX Runtime 1."), OnnxEngines.find().version());
    }

    @Test
    void theFeatureIsNamedWhereItIsNot() throws IOException {
        try (URLClassLoader nothing = new URLClassLoader(new URL[0], ClassLoader.getPlatformClassLoader())) {
            final String message = assertThrows(LearningException.class, () -> OnnxEngines.find(nothing)).getMessage();
            assertTrue(message.contains("org.scanbridge.onnx.feature") && message.contains("Install it"), message);
        }
        assertEquals("org.scanbridge.onnx.feature", OnnxEngines.FEATURE);
    }
}
