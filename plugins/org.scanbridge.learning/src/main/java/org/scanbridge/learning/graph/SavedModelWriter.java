package org.scanbridge.learning.graph;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.scanbridge.learning.architecture.AutoEncoderSpec;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.architecture.Weights;
import org.scanbridge.tensorflow.TensorFlowRuntime;
import org.scanbridge.tensorflow.DeviceChoice;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.StdArrays;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.train.Restore;
import org.tensorflow.proto.CollectionDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SaverDef;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;
import org.tensorflow.proto.VariableDef;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TString;
import org.tensorflow.types.family.TType;

import com.google.protobuf.ByteString;

/**
 * Writes a network as a TensorFlow SavedModel: the predicting network alone, in a fresh graph. TensorFlow-Java's own
 * exporter saves reference variables only, so the saver's operations and the meta graph are made here.
 */
public final class SavedModelWriter {

    /** Name of the input in the signature. */
    public static final String INPUT = "image";

    /** Name of an auto-encoder's output in the signature. */
    private static final String RECONSTRUCTION = "reconstruction";

    private static final String SIGNATURE = "serving_default";

    private SavedModelWriter() {
    }

    /** Protobuf's lengths are 32-bit numbers; the graph needs a little itself. */
    private static final long MAX_FROZEN = Integer.MAX_VALUE - (1L << 24);

    /** How a SavedModel is made. */
    private enum Form {
        /** For our own predictions: sizes fixed, which is faster. */
        FIXED,
        /** For others: any size. */
        ANY_SIZE,
        /** For others: any size, weights as constants. */
        FROZEN
    }

    /**
     * Writes or replaces {@code saved_model.pb} and {@code variables/} in a directory, for images of the network's patch size.
     * The signature {@code serving_default} maps {@code image} [n, k, j, i, channels] to {@code probabilities} [n, k, j, i,
     * classes or regions], or for a generator to {@code normalized} [n, k, j, i, channels].
     *
     * @throws IOException if the directory cannot be written
     */
    public static void write(final NetworkSpec spec, final Weights weights, final Path directory) throws IOException {
        Files.createDirectories(directory.resolve("variables"));
        write(spec, weights, directory, Form.FIXED);
    }

    /**
     * As {@link #write}, for images of all sizes that the architecture can have: multiples of
     * {@link NetworkSpec#sizeMultiple()}, and larger than the margin.
     *
     * @throws IOException if the directory cannot be written
     */
    public static void writeForAnySize(final NetworkSpec spec, final Weights weights, final Path directory)
        throws IOException {
        Files.createDirectories(directory.resolve("variables"));
        write(spec, weights, directory, Form.ANY_SIZE);
    }

    /**
     * As {@link #writeForAnySize}, with the weights as constants of the graph: there is no {@code variables/}.
     *
     * @throws IOException if the directory cannot be written, or the weights are too many for one file
     */
    public static void writeFrozen(final NetworkSpec spec, final Weights weights, final Path directory) throws IOException {
        if ((long)Float.BYTES * weights.count() > MAX_FROZEN) {
            throw new IOException("The network has " + weights.count() + " weights, too many for the one file of a frozen"
                + " SavedModel, which has at most 2047 MB. Write it without \"Freeze the SavedModel\".");
        }
        Files.createDirectories(directory);
        write(spec, weights, directory, Form.FROZEN);
    }

    /**
     * As {@link #write(NetworkSpec, Weights, Path)} for an auto-encoder: {@code serving_default} maps {@code image}
     * [n, k, j, i, 1] to {@code reconstruction} of the same shape, without noise.
     *
     * @throws IOException if the directory cannot be written
     */
    public static void write(final AutoEncoderSpec spec, final Weights weights, final Path directory) throws IOException {
        Files.createDirectories(directory.resolve("variables"));
        final PatchSize p = spec.patchSize();
        write(new Content(Shape.of(-1, p.k(), p.j(), p.i(), 1), RECONSTRUCTION,
            (tf, store, image) -> new AutoEncoder(tf, spec, store).predicting(image).image()), weights, directory, Form.FIXED);
    }

    /**
     * What is written.
     *
     * @param input shape of the images
     * @param name of the output
     * @param network what makes the output
     */
    private record Content(Shape input, String name, Body network) {
    }

    /** Builds a network. */
    @FunctionalInterface
    private interface Body {
        Operand<TFloat32> of(Ops tf, VariableStore store, Operand<TFloat32> image);
    }

    private static void write(final NetworkSpec spec, final Weights weights, final Path directory, final Form form)
        throws IOException {
        final PatchSize p = spec.inputSize();
        final Shape input = form == Form.FIXED ? Shape.of(-1, p.k(), p.j(), p.i(), spec.inputChannels())
            : Shape.of(-1, spec.kind().flat() ? 1 : -1, -1, -1, spec.inputChannels());
        write(new Content(input, spec.output().tensorName(), (tf, store, image) -> new OutputLayer(tf).values(spec.output(),
            image, NetworkGraph.of(tf, spec, store).predicting(image).logits())), weights, directory, form);
    }

    private static void write(final Content content, final Weights weights, final Path directory, final Form form)
        throws IOException {
        try {
            TensorFlowRuntime.call(() -> {
                build(content, weights, directory, form);
                return null;
            });
        } catch (final IOException | RuntimeException e) {
            throw e;
        } catch (final Exception e) {
            throw new IOException("The SavedModel cannot be written to " + directory + ": " + e.getMessage(), e);
        }
    }

    private static void build(final Content content, final Weights weights, final Path directory, final Form form)
        throws IOException {
        try (Graph graph = new Graph()) {
            final Ops tf = Ops.create(graph);
            final VariableStore store = new VariableStore(tf);
            if (form == Form.FROZEN) {
                store.addConstants(weights);
            } else {
                store.add(weights);
            }
            final Placeholder<TFloat32> image =
                tf.withName(INPUT).placeholder(TFloat32.class, Placeholder.shape(content.input()));
            final Operand<TFloat32> output =
                tf.withName(content.name()).identity(content.network().of(tf, store, image));
            final SignatureDef signature = SignatureDef.newBuilder().setMethodName("tensorflow/serving/predict")
                .putInputs(INPUT, info(image)).putOutputs(content.name(), info(output)).build();
            final MetaGraphDef.Builder meta = MetaGraphDef.newBuilder()
                .setMetaInfoDef(MetaGraphDef.MetaInfoDef.newBuilder().addTags("serve")).putSignatureDef(SIGNATURE, signature);
            if (form != Form.FROZEN) {
                meta.setSaverDef(saver(tf, store, graph, weights, directory.resolve("variables").resolve("variables")))
                    .putAllCollectionDef(collections(store));
            }
            meta.setGraphDef(graph.toGraphDef());
            try (OutputStream out = Files.newOutputStream(directory.resolve("saved_model.pb"))) {
                SavedModel.newBuilder().setSavedModelSchemaVersion(1).addMetaGraphs(meta).build().writeTo(out);
            }
        }
    }

    /**
     * What is a variable, and what of that may be trained: without these lists, TensorFlow 2 runs the network, but neither
     * converters to other formats nor Keras find its weights.
     */
    private static Map<String, CollectionDef> collections(final VariableStore store) {
        final CollectionDef.BytesList.Builder all = CollectionDef.BytesList.newBuilder();
        final CollectionDef.BytesList.Builder trainable = CollectionDef.BytesList.newBuilder();
        for (final VariableStore.Entry entry : store.entries()) {
            final ByteString variable = VariableDef.newBuilder().setVariableName(entry.handle().asOutput().name())
                .setInitialValueName(entry.initialValue().asOutput().name()).setInitializerName(entry.initializer().op().name())
                .setSnapshotName(entry.value().asOutput().name()).setIsResource(true)
                .setTrainable(entry.parameter().trainable()).build().toByteString();
            all.addValue(variable);
            if (entry.parameter().trainable()) {
                trainable.addValue(variable);
            }
        }
        return Map.of("variables", CollectionDef.newBuilder().setBytesList(all).build(), "trainable_variables",
            CollectionDef.newBuilder().setBytesList(trainable).build());
    }

    /** Adds the operations that save and restore all variables to the graph, and saves them. */
    private static SaverDef saver(final Ops root, final VariableStore store, final Graph graph, final Weights weights,
        final Path file) {
        final Ops tf = root.withSubScope("saver");
        final Placeholder<TString> path = tf.withName("file").placeholder(TString.class, Placeholder.shape(Shape.scalar()));
        final List<VariableStore.Entry> entries = List.copyOf(store.entries());
        final String[] names = entries.stream().map(e -> e.parameter().name()).toArray(String[]::new);
        final String[] slices = new String[names.length];
        Arrays.fill(slices, "");
        final Operand<TString> nameTensor = tf.constant(StdArrays.ndCopyOf(names));
        final Operand<TString> sliceTensor = tf.constant(StdArrays.ndCopyOf(slices));
        final List<Operand<?>> values = new ArrayList<>();
        final List<Class<? extends TType>> types = new ArrayList<>();
        for (final VariableStore.Entry entry : entries) {
            values.add(entry.value());
            types.add(TFloat32.class);
        }
        final Op save = tf.train.save(path, nameTensor, sliceTensor, values);
        final Operand<TString> saved = tf.withControlDependencies(List.of(save)).withName("save").identity(path);
        final Restore restored = tf.train.restore(path, nameTensor, sliceTensor, types);
        final List<Op> assignments = new ArrayList<>();
        for (int n = 0; n < names.length; n++) {
            assignments.add(tf.assignVariableOp(entries.get(n).handle(), restored.tensors().get(n)));
        }
        final Op restore = tf.withControlDependencies(assignments).withName("restore").noOp();
        try (Session session = Devices.session(graph, DeviceChoice.AUTO); TString target = TString.scalarOf(file.toString())) {
            store.write(session, weights.values());
            session.runner().feed(path, target).addTarget(save).run().close();
        }
        return SaverDef.newBuilder().setFilenameTensorName(path.output().name())
            .setSaveTensorName(saved.asOutput().name()).setRestoreOpName(restore.op().name())
            .setVersion(SaverDef.CheckpointFormatVersion.V2).build();
    }

    private static TensorInfo info(final Operand<TFloat32> operand) {
        final TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (final long size : operand.shape().asArray()) {
            shape.addDim(TensorShapeProto.Dim.newBuilder().setSize(size));
        }
        return TensorInfo.newBuilder().setName(operand.asOutput().name())
            .setDtype(operand.asOutput().dataType()).setTensorShape(shape).build();
    }
}
