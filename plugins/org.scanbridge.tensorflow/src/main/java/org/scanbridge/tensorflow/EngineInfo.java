package org.scanbridge.tensorflow;

import java.util.List;

/**
 * The running engine.
 *
 * @param djlVersion version of DJL
 * @param tensorFlowVersion version of TensorFlow's native library
 * @param computation how it computes on the processor
 * @param devices devices TensorFlow sees, CPU first
 */
public record EngineInfo(String djlVersion, String tensorFlowVersion, Computation computation, List<Device> devices) {

    /**
     * A device.
     *
     * @param name such as {@code /job:localhost/replica:0/task:0/device:GPU:0}
     * @param type {@code CPU} or {@code GPU}
     * @param memoryBytes memory TensorFlow may use on it; a nominal value for the CPU
     */
    public record Device(String name, String type, long memoryBytes) {

        boolean isGpu() {
            return "GPU".equals(type);
        }
    }

    /** Copies the list. */
    public EngineInfo {
        devices = List.copyOf(devices);
    }

    /** For manifests: {@code TensorFlow 2.16.2 (DJL 0.36.0)}. */
    public String engine() {
        return "TensorFlow " + tensorFlowVersion + " (DJL " + djlVersion + ")";
    }

    /** For manifests: {@code CPU, 2 threads, oneDNN up to AVX2 (portable)}, or {@code GPU:0}. */
    public String device() {
        return devices.stream().filter(Device::isGpu).findFirst()
            .map(d -> d.name().substring(d.name().lastIndexOf("GPU"))).orElse(processor());
    }

    /** For manifests: the processor as a device. */
    String processor() {
        return "CPU, " + computation.describe();
    }
}
