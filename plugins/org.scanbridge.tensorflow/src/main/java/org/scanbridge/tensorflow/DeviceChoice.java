package org.scanbridge.tensorflow;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Which device a training is to run on.
 *
 * @param kind the sort of choice
 * @param number of the GPU, from 0; of no use for the others
 */
public record DeviceChoice(Kind kind, int number) {

    /** Sorts of choices. */
    public enum Kind {
        /** TensorFlow decides: the first GPU if there is one, else the processor. */
        AUTO,
        /** The processor, even where there is a GPU. */
        CPU,
        /** A certain GPU. */
        GPU
    }

    /** TensorFlow decides. */
    public static final DeviceChoice AUTO = new DeviceChoice(Kind.AUTO, 0);

    /** @throws IllegalArgumentException if the number is negative */
    public DeviceChoice {
        Objects.requireNonNull(kind, "kind");
        if (number < 0) {
            throw new IllegalArgumentException("GPU " + number + ": GPUs are counted from 0.");
        }
    }

    /**
     * The device to put operations on.
     *
     * @param engine the running engine
     * @return such as {@code /device:GPU:0}; empty to let TensorFlow decide
     * @throws TensorFlowUnavailableException if there is no such GPU; TensorFlow itself would silently use the processor
     */
    public Optional<String> resolve(final EngineInfo engine) {
        return switch (kind) {
            case AUTO -> Optional.empty();
            case CPU -> Optional.of("/device:CPU:0");
            case GPU -> Optional.of(gpu(engine));
        };
    }

    private String gpu(final EngineInfo engine) {
        final List<String> gpus =
            engine.devices().stream().filter(EngineInfo.Device::isGpu).map(EngineInfo.Device::name).toList();
        final String wanted = "/device:GPU:" + number;
        if (gpus.stream().noneMatch(name -> name.endsWith(wanted))) {
            throw new TensorFlowUnavailableException("GPU " + number + " was chosen, but TensorFlow sees "
                + (gpus.isEmpty() ? "no GPU" : gpus.size() + " GPU" + (gpus.size() == 1 ? "" : "s") + " (counted from 0)")
                + ". Choose another device, or \"Automatic\"." + (gpus.isEmpty() ? " If there is an NVIDIA GPU with CUDA 12"
                    + " and cuDNN 8, install the feature \"ScanBridge TensorFlow GPU\"." : ""), null);
        }
        return wanted;
    }

    /** Whether operations come to lie on a GPU. */
    public boolean isGpu(final EngineInfo engine) {
        return switch (kind) {
            case AUTO -> engine.devices().stream().anyMatch(EngineInfo.Device::isGpu);
            case CPU -> false;
            case GPU -> true;
        };
    }

    /** For manifests: what {@link EngineInfo#device()} says of the device that is used. */
    public String describe(final EngineInfo engine) {
        return switch (kind) {
            case AUTO -> engine.device();
            case CPU -> engine.processor();
            case GPU -> "GPU:" + number;
        };
    }

    @Override
    public String toString() {
        return kind == Kind.GPU ? "GPU " + number : kind.name();
    }
}
