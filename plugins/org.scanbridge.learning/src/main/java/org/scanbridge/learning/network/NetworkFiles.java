package org.scanbridge.learning.network;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.learning.architecture.ForeignTraits.Format;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.Parameter;
import org.scanbridge.learning.architecture.NetworkPlan;
import org.scanbridge.learning.architecture.Weights;
import org.scanbridge.learning.files.Placement;
import org.scanbridge.learning.foreign.Activation;
import org.scanbridge.learning.foreign.AxisOrder;
import org.scanbridge.learning.foreign.ForeignFiles;
import org.scanbridge.learning.foreign.ForeignModel;
import org.scanbridge.learning.graph.SavedModelWriter;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;

/** Reads and writes the directory described at {@link Network}. */
final class NetworkFiles {

    private static final String FORMAT = "scanbridge-network";

    private static final int VERSION = 4;

    /** What is written for networks of other software in one file, or as a SavedModel. */
    private static final int VERSION_OF_FOREIGN = 3;

    /** What is written for networks of ours with regions. */
    private static final int VERSION_OF_REGIONS = 2;

    /** What is written for networks that earlier versions of the program can read, too: those without regions. */
    private static final int VERSION_OF_CLASSES = 1;

    private static final String JSON = "network.json";

    private static final String WEIGHTS = "weights.bin";

    private static final String SAVED_MODEL = "saved_model";

    private static final String FOREIGN_ONNX = "foreign.onnx";

    private static final String FOREIGN_PARTS = "foreign_onnx";

    private static final String FOREIGN_SAVED_MODEL = "foreign_model";

    /** NaN is a legal validation Dice. */
    private static final Gson GSON =
        new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().serializeSpecialFloatingPointValues().create();

    /** What network.json holds. */
    private record Content(String format, int version, NetworkSpec architecture, Map<Integer, String> classes,
        Provenance provenance, List<Parameter> parameters, String weightsSha256, Foreign foreign) {
    }

    /**
     * What is written down of a network of other software beside its files. Those of an ONNX file with parts lie in a folder of
     * their own, as they can have any names: {@code file} is the name of the ONNX file there. Both are null otherwise.
     */
    private record Foreign(String input, String output, AxisOrder axes, Activation activation, int blocks, String sha256,
        String file, List<String> parts) {
    }

    private NetworkFiles() {
    }

    static void save(final Network network, final Path directory) throws IOException {
        Files.createDirectories(directory);
        Files.deleteIfExists(directory.resolve(JSON));
        if (network.foreign().isPresent()) {
            saveForeign(network, network.foreign().get(), directory);
            return;
        }
        SavedModelWriter.writeForAnySize(network.spec(), network.weights(), directory.resolve(SAVED_MODEL));
        write(directory.resolve(WEIGHTS), network.weights().toBytes());
        final int version = network.spec().regions().isEmpty() ? VERSION_OF_CLASSES : VERSION_OF_REGIONS;
        final Content content = new Content(FORMAT, version, network.spec(), network.labels().names(), network.provenance(),
            network.weights().parameters(), network.weights().hash(), null);
        write(directory.resolve(JSON), GSON.toJson(content).getBytes(StandardCharsets.UTF_8));
    }

    private static void saveForeign(final Network network, final ForeignModel model, final Path directory)
        throws IOException {
        final boolean inParts = !model.parts().isEmpty();
        final Foreign foreign = new Foreign(model.input(), model.output(), model.axes(), model.activation(), model.blocks(),
            model.sha256(), inParts ? model.path().getFileName().toString() : null, inParts ? model.parts() : null);
        ForeignFiles.copy(model.path(), model.parts(), directory.resolve(files(network.spec(), foreign)));
        final Content content = new Content(FORMAT, inParts ? VERSION : VERSION_OF_FOREIGN, network.spec(),
            network.labels().names(), network.provenance(), List.of(), "", foreign);
        write(directory.resolve(JSON), GSON.toJson(content).getBytes(StandardCharsets.UTF_8));
    }

    private static String files(final NetworkSpec spec, final Foreign foreign) {
        if (spec.foreign().format() != Format.ONNX) {
            return FOREIGN_SAVED_MODEL;
        }
        return foreign.file() == null ? FOREIGN_ONNX : FOREIGN_PARTS + "/" + foreign.file();
    }

    private static Network loadForeign(final Content content, final Path directory) throws IOException {
        final Path json = directory.resolve(JSON);
        final Foreign f = content.foreign();
        if (f == null || f.input() == null || f.output() == null || f.axes() == null || f.activation() == null
            || f.sha256() == null || f.blocks() < 0 || f.file() != null && !f.file().matches("[^/\\\\:]*[^/\\\\:.]")) {
            throw new IOException(json + " is incomplete. Read the network of the other software again.");
        }
        final Path path = directory.resolve(files(content.architecture(), f));
        final List<String> parts = f.parts() == null ? List.of() : f.parts();
        if (!Files.exists(path)) {
            throw new IOException(path + " is missing. Read the network of the other software again.");
        }
        final String hash = ForeignFiles.sha256(path, parts);
        if (!hash.equals(f.sha256())) {
            throw new IOException(path + " is damaged: its SHA-256 is " + hash + " where network.json says " + f.sha256()
                + ". Read the network of the other software again.");
        }
        return Network.foreign(content.architecture(),
            new ForeignModel(path, f.input(), f.output(), f.axes(), f.activation(), f.blocks(), hash, parts),
            new LabelSet(new TreeMap<>(content.classes())), content.provenance());
    }

    static Network load(final Path directory) throws IOException {
        final Content content = readContent(directory.resolve(JSON));
        if (content.architecture().isForeign()) {
            return loadForeign(content, directory);
        }
        final List<Parameter> parameters = NetworkPlan.of(content.architecture()).parameters();
        if (!parameters.equals(content.parameters())) {
            throw new IOException(directory.resolve(JSON) + " lists other parameters than its architecture ("
                + content.architecture() + ") has. Export the network again.");
        }
        final Weights weights;
        try {
            weights = Weights.fromBytes(parameters, Files.readAllBytes(directory.resolve(WEIGHTS)));
        } catch (final NoSuchFileException | IllegalArgumentException e) {
            throw new IOException(
                directory.resolve(WEIGHTS) + " does not hold the network's weights: " + e.getMessage(), e);
        }
        if (!weights.hash().equals(content.weightsSha256())) {
            throw new IOException(directory.resolve(WEIGHTS) + " is damaged: its SHA-256 is " + weights.hash()
                + " where network.json says " + content.weightsSha256() + ". Copy the network again.");
        }
        return new Network(content.architecture(), weights, new LabelSet(new TreeMap<>(content.classes())),
            content.provenance());
    }

    private static Content readContent(final Path json) throws IOException {
        final Content content;
        try {
            content = GSON.fromJson(Files.readString(json), Content.class);
        } catch (final NoSuchFileException e) {
            throw new IOException(json + " is missing. Choose the directory that was written for a network.", e);
        } catch (final JsonParseException e) {
            throw new IOException(json + " is not readable: " + e.getMessage(), e);
        } catch (final RuntimeException e) {
            // gson wraps what a record's constructor throws
            throw new IOException(json + " is not valid: " + (e.getCause() == null ? e : e.getCause()).getMessage(), e);
        }
        if (content == null || !FORMAT.equals(content.format())) {
            throw new IOException(json + " is no ScanBridge network.");
        }
        if (content.version() > VERSION) {
            throw new IOException(json + " has format version " + content.version() + ", this program reads up to " + VERSION
                + ". Update ScanBridge.");
        }
        if (content.architecture() == null || content.classes() == null || content.provenance() == null) {
            throw new IOException(json + " is incomplete. Copy the network again.");
        }
        return content;
    }

    private static void write(final Path file, final byte[] bytes) throws IOException {
        final Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        Files.write(temporary, bytes);
        Placement.replace(temporary, file);
    }
}
