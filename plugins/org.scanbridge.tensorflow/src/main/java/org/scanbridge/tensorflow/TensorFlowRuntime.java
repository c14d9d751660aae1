package org.scanbridge.tensorflow;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

import org.bytedeco.javacpp.PointerScope;
import org.tensorflow.internal.c_api.TFE_Context;
import org.tensorflow.internal.c_api.TFE_ContextOptions;
import org.tensorflow.internal.c_api.TF_DeviceList;
import org.tensorflow.internal.c_api.TF_Status;
import org.tensorflow.internal.c_api.global.tensorflow;

import ai.djl.engine.Engine;

/**
 * The only door to DJL and TensorFlow. There is one native TensorFlow in a JVM and it cannot be unloaded, so the engine
 * is started once, at the first call, and stays.
 * <p>
 * DJL finds its engines through the thread's context class loader, finds natives through a system property (else it
 * downloads them), and makes TensorFlow's thread pool with the number of threads it sees at the first touch; TensorFlow
 * reads from the environment whether to use oneDNN, and oneDNN which instructions. All of it is set here before the first
 * touch; that is why every use must come through {@link #call}.
 */
public final class TensorFlowRuntime {

    /**
     * System property with the number of threads inside one operation; default: two in the portable setting, else one for
     * each processor. Other numbers give other last bits.
     */
    public static final String THREADS_PROPERTY = "org.scanbridge.tensorflow.threads";

    /**
     * System property with the highest instruction set that oneDNN may use, in oneDNN's words: {@code SSE41}, {@code AVX},
     * {@code AVX2}, {@code AVX512_CORE} … {@code ALL}; default: {@code AVX2} in the portable setting, else {@code ALL}.
     */
    public static final String INSTRUCTIONS_PROPERTY = "org.scanbridge.tensorflow.instructionSet";

    /**
     * System property: whether convolutions are computed by oneDNN ({@code true}, the default) or by Eigen ({@code false}),
     * which is four to seven times slower. Left to itself, TensorFlow takes oneDNN on few processors only.
     */
    public static final String ONEDNN_PROPERTY = "org.scanbridge.tensorflow.oneDnn";

    /**
     * System property: whether GPU memory grows with the need ({@code true}, the default) or is all taken at the start
     * ({@code false}), which is a little faster. There is one engine in a JVM, so it cannot be a setting of a node.
     */
    public static final String GPU_GROWTH_PROPERTY = "org.scanbridge.tensorflow.gpuMemoryGrowth";

    private static final String DJL_THREADS_PROPERTY = "ai.djl.tensorflow.num_intraop_threads";

    /** Started when first touched; a failure is kept and told to every later caller. */
    private static final class Holder {

        static final EngineInfo INFO;

        static final RuntimeException FAILURE;

        static {
            EngineInfo info = null;
            RuntimeException failure = null;
            try {
                info = start();
            } catch (final RuntimeException e) {
                failure = e;
            } catch (final LinkageError e) {
                failure = new TensorFlowUnavailableException("TensorFlow's native libraries do not load on "
                    + NativeDirectory.platform() + ": " + e.getMessage(), e);
            }
            INFO = info;
            FAILURE = failure;
        }
    }

    private TensorFlowRuntime() {
    }

    /**
     * Runs work that uses DJL or TensorFlow, with the engine started and the context class loader in which it is found.
     *
     * @param work runs on this thread
     * @return what the work returns
     * @throws TensorFlowUnavailableException if TensorFlow cannot be started
     * @throws Exception what the work throws
     */
    public static <T> T call(final Callable<T> work) throws Exception {
        final Thread thread = Thread.currentThread();
        final ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(TensorFlowRuntime.class.getClassLoader());
        try {
            info();
            return work.call();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /**
     * Versions, threads and devices; starts the engine if needed.
     *
     * @throws TensorFlowUnavailableException if TensorFlow cannot be started
     */
    public static EngineInfo info() {
        if (Holder.FAILURE != null) {
            throw new TensorFlowUnavailableException(Holder.FAILURE.getMessage(), Holder.FAILURE);
        }
        return Holder.INFO;
    }

    private static EngineInfo start() {
        final Thread thread = Thread.currentThread();
        final ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(TensorFlowRuntime.class.getClassLoader());
        try {
            final Path directory = NativeDirectory.find();
            System.setProperty(NativeDirectory.PROPERTY, directory.toString());
            final Processor processor = Processor.ofThisMachine();
            final EngineSettings settings = EngineSettings.of(System::getProperty, System.getenv(), processor,
                Runtime.getRuntime().availableProcessors(), NativeDirectory.platform().endsWith("x86_64"));
            System.setProperty(DJL_THREADS_PROPERTY, Integer.toString(settings.threads()));
            NativeEnvironment.prepare(settings);
            final Engine engine = Engine.getEngine("TensorFlow");
            final boolean oneDnn = NativeEnvironment.oneDnn(directory).orElse(settings.oneDnn());
            return new EngineInfo(Engine.getDjlVersion(), engine.getVersion(),
                new Computation(oneDnn == settings.oneDnn() ? settings.reproducibility() : Reproducibility.CUSTOM,
                    settings.threads(), settings.instructionCap(), oneDnn, processor.model(), processor.instructionSets()),
                devices());
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** Asks a short-lived eager context, which shares its devices with all others of the process. */
    @SuppressWarnings("try") // the scope frees what is made inside it
    private static List<EngineInfo.Device> devices() {
        final List<EngineInfo.Device> found = new ArrayList<>();
        try (PointerScope scope = new PointerScope()) {
            final TF_Status status = TF_Status.newStatus();
            final TFE_ContextOptions options = TFE_ContextOptions.newContextOptions();
            final TFE_Context context = TFE_Context.newContext(options, status);
            status.throwExceptionIfNotOK();
            final TF_DeviceList list = tensorflow.TFE_ContextListDevices(context, status);
            status.throwExceptionIfNotOK();
            try {
                for (int d = 0; d < tensorflow.TF_DeviceListCount(list); d++) {
                    found.add(new EngineInfo.Device(tensorflow.TF_DeviceListName(list, d, status).getString(),
                        tensorflow.TF_DeviceListType(list, d, status).getString(),
                        tensorflow.TF_DeviceListMemoryBytes(list, d, status)));
                }
            } finally {
                tensorflow.TF_DeleteDeviceList(list);
            }
        }
        return found;
    }
}
