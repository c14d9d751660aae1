package org.scanbridge.learning.graph;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import org.scanbridge.imaging.JavaHeap;
import org.scanbridge.learning.foreign.ForeignHeader;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;
import org.tensorflow.proto.TensorShapeProto;

import com.google.protobuf.InvalidProtocolBufferException;

/** Reads what a SavedModel of other software says about its network, and what its graph would do, before it is run. */
public final class SavedModelReader {

    /** The signature that is used. */
    public static final String SIGNATURE = "serving_default";

    private static final String FILE = "saved_model.pb";

    private static final String TAG = "serve";

    /** A graph in memory is several times as large as in the file. */
    private static final int EXPANSION = 8;

    /** What can be fed. */
    private static final Set<DataType> INPUTS = EnumSet.of(DataType.DT_FLOAT);

    /** What can be turned into 32-bit floats. */
    private static final Set<DataType> OUTPUTS = EnumSet.of(DataType.DT_FLOAT, DataType.DT_HALF, DataType.DT_DOUBLE);

    private SavedModelReader() {
    }

    /**
     * Reads the signature {@code serving_default}.
     *
     * @param directory with {@code saved_model.pb}
     * @throws IOException if it is no SavedModel, has no such signature, or its graph does more than to compute; the message is
     *             meant for the user
     */
    public static ForeignHeader header(final Path directory) throws IOException {
        final MetaGraphDef graph = graph(directory);
        final SignatureDef signature = graph.getSignatureDefMap().get(SIGNATURE);
        if (signature == null) {
            throw new IOException(directory + " has no signature \"" + SIGNATURE + "\", only "
                + new TreeSet<>(graph.getSignatureDefMap().keySet()) + ". Export it with one.");
        }
        final Set<String> reaching = new SavedModelOperations(graph).reaching(signature);
        if (!reaching.isEmpty()) {
            throw new IOException(directory + " has operations that do more than to compute: " + String.join(", ", reaching)
                + ". A network that may read or write files is not run. Export it again without them, or as ONNX.");
        }
        final String version = graph.getMetaInfoDef().getTensorflowVersion();
        return new ForeignHeader(values(signature.getInputsMap(), INPUTS), values(signature.getOutputsMap(), OUTPUTS), Map.of(),
            Map.of(), version.isEmpty() ? "" : "TensorFlow " + version, List.of());
    }

    private static MetaGraphDef graph(final Path directory) throws IOException {
        final Path file = directory.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            throw new IOException(directory + " holds no SavedModel (no " + FILE + "). Choose its folder.");
        }
        final long needed = EXPANSION * Files.size(file);
        final long free = JavaHeap.free(needed);
        if (needed > free) {
            throw new IOException(file + " has " + (Files.size(file) >> 20) + " MB; to look through its graph Java needs about "
                + (needed >> 20) + " MB, and only " + (free >> 20)
                + " MB are free. Give Java more memory (-Xmx), or export the network as ONNX.");
        }
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            final SavedModel model = SavedModel.parseFrom(in);
            return model.getMetaGraphsList().stream().filter(g -> g.getMetaInfoDef().getTagsList().contains(TAG)).findFirst()
                .orElseThrow(() -> new IOException(file + " holds no graph with the tag \"" + TAG
                    + "\", so it is no SavedModel for use. Export it again."));
        } catch (final InvalidProtocolBufferException e) {
            throw new IOException(file + " is no TensorFlow SavedModel, or is damaged (" + e.getMessage() + "). Copy it again.", e);
        }
    }

    private static List<ForeignHeader.Value> values(final Map<String, TensorInfo> tensors,
        final Set<DataType> floats) {
        final List<ForeignHeader.Value> values = new ArrayList<>();
        tensors.forEach((name, tensor) -> {
            final List<Long> sizes = tensor.getTensorShape().getUnknownRank() ? List.of()
                : tensor.getTensorShape().getDimList().stream().map(TensorShapeProto.Dim::getSize).toList();
            values.add(new ForeignHeader.Value(name, floats.contains(tensor.getDtype()), sizes));
        });
        values.sort(Comparator.comparing(ForeignHeader.Value::name));
        return values;
    }
}
