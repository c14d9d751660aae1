package org.scanbridge.tensorflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.scanbridge.tensorflow.DeviceChoice.Kind;
import org.scanbridge.tensorflow.EngineInfo.Device;

class DeviceChoiceTest {

    private static final Device CPU = new Device("/job:localhost/replica:0/task:0/device:CPU:0", "CPU", 1);

    private static final Device GPU = new Device("/job:localhost/replica:0/task:0/device:GPU:0", "GPU", 1);

    private static final Computation COMPUTATION =
        new Computation(Reproducibility.PORTABLE, 2, "AVX2", true, "p", List.of("avx2"));

    private static final EngineInfo WITHOUT = new EngineInfo("a", "b", COMPUTATION, List.of(CPU));

    private static final EngineInfo WITH = new EngineInfo("a", "b", COMPUTATION, List.of(CPU, GPU));

    @Test
    void automaticLeavesTheChoiceToTensorFlow() {
        assertEquals(Optional.empty(), DeviceChoice.AUTO.resolve(WITH));
        assertEquals("GPU:0", DeviceChoice.AUTO.describe(WITH));
        assertEquals("CPU, 2 threads, oneDNN up to AVX2 (portable)", DeviceChoice.AUTO.describe(WITHOUT));
    }

    @Test
    void namesTheDeviceThatWasChosen() {
        assertEquals(Optional.of("/device:GPU:0"), new DeviceChoice(Kind.GPU, 0).resolve(WITH));
        assertEquals(Optional.of("/device:CPU:0"), new DeviceChoice(Kind.CPU, 0).resolve(WITH));
        assertEquals("CPU, 2 threads, oneDNN up to AVX2 (portable)", new DeviceChoice(Kind.CPU, 0).describe(WITH));
    }

    @Test
    void knowsWhereOperationsComeToLie() {
        assertTrue(DeviceChoice.AUTO.isGpu(WITH) && new DeviceChoice(Kind.GPU, 0).isGpu(WITH));
        assertFalse(DeviceChoice.AUTO.isGpu(WITHOUT) || new DeviceChoice(Kind.CPU, 0).isGpu(WITH));
    }

    @Test
    void refusesAGpuThatIsNotThere() {
        final String none = assertThrows(TensorFlowUnavailableException.class,
            () -> new DeviceChoice(Kind.GPU, 0).resolve(WITHOUT)).getMessage();
        assertTrue(none.contains("GPU 0") && none.contains("no GPU") && none.contains("Automatic"), none);
        final String one =
            assertThrows(TensorFlowUnavailableException.class, () -> new DeviceChoice(Kind.GPU, 1).resolve(WITH)).getMessage();
        assertTrue(one.contains("GPU 1") && one.contains("1 GPU "), one);
        assertThrows(IllegalArgumentException.class, () -> new DeviceChoice(Kind.GPU, -1));
    }
}
