package org.scanbridge.tensorflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import ai.djl.ndarray.NDManager;

class TensorFlowRuntimeTest {

    @Test
    void startsTheEngineAndListsItsDevices() {
        final EngineInfo info = TensorFlowRuntime.info();
        assertEquals("0.36.0", info.djlVersion());
        assertEquals("2.16.2", info.tensorFlowVersion());
        assertEquals("CPU", info.devices().get(0).type());
    }

    @Test
    void worksWhateverTheContextClassLoader() throws Exception {
        final Thread thread = Thread.currentThread();
        final ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(null);
        try {
            final float sum = TensorFlowRuntime.call(() -> {
                assertSame(TensorFlowRuntime.class.getClassLoader(), thread.getContextClassLoader());
                try (NDManager manager = NDManager.newBaseManager("TensorFlow")) {
                    return manager.create(new float[]{1, 2, 3}).sum().getFloat();
                }
            });
            assertEquals(6, sum);
            assertSame(null, thread.getContextClassLoader());
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Test
    void namesTheDeviceForManifests() {
        assertTrue(TensorFlowRuntime.info().device().matches("CPU, \\d+ threads?, .*|GPU:\\d+"));
    }
}
