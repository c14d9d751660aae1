package org.scanbridge.learning.exchange;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.scanbridge.learning.onnx.NetworkDescription;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;

/**
 * The {@code metadata.json} of a bundle of MONAI (<i>MONAI Bundle Specification</i>): beside the network, or in the folder
 * {@code configs} next to the network's folder. Ours has a description of ours in it. Sizes in it are in the order of MONAI's
 * arrays, which are those of NiBabel: i, j, k.
 *
 * @param file where it lies
 * @param ours our description; empty in the files of others
 * @param channels names of the input channels; empty if not said
 * @param channelCount their number; 0 if not said
 * @param patch sizes of the input; 0 for one that may be any
 * @param outputs names of the output channels; empty if not said
 */
record MetadataFile(Path file, Optional<NetworkDescription> ours, List<String> channels, int channelCount, List<Integer> patch,
    List<String> outputs) {

    private static final String NAME = "metadata.json";

    private static final long MAX_BYTES = 1 << 22;

    private static final int MAX_CHANNELS = 256;

    /**
     * Looks for it.
     *
     * @param network the ONNX file, or the directory of the SavedModel
     * @throws IOException if it is there and cannot be used; the message is meant for the user
     */
    static Optional<MetadataFile> find(final Path network) throws IOException {
        final Path folder = network.toAbsolutePath().normalize().getParent();
        final List<Path> places = new ArrayList<>(List.of(folder.resolve(NAME), folder.resolve("configs").resolve(NAME)));
        if (folder.getParent() != null) {
            places.add(folder.getParent().resolve("configs").resolve(NAME));
        }
        for (final Path place : places) {
            if (Files.isRegularFile(place)) {
                return Optional.of(read(place));
            }
        }
        return Optional.empty();
    }

    private static MetadataFile read(final Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new IOException(file + " has " + Files.size(file) + " bytes, far more than metadata need. Remove it.");
        }
        try {
            final JsonObject json = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
            final Optional<NetworkDescription> ours = json.has(NetworkDescription.KEY)
                ? NetworkDescription.fromJson(json.get(NetworkDescription.KEY).toString()) : Optional.empty();
            final JsonObject format = json.has("network_data_format") ? json.getAsJsonObject("network_data_format") : null;
            final JsonObject in = first(format, "inputs");
            final JsonObject out = first(format, "outputs");
            final List<Integer> patch = new ArrayList<>();
            if (in != null && in.has("spatial_shape")) {
                in.getAsJsonArray("spatial_shape").forEach(e -> patch.add(size(e)));
            }
            return new MetadataFile(file, ours, names(in),
                in != null && in.has("num_channels") ? in.get("num_channels").getAsInt() : 0, List.copyOf(patch), names(out));
        } catch (final JsonParseException | IllegalStateException | ClassCastException | NumberFormatException
                | UnsupportedOperationException | CharacterCodingException e) {
            throw new IOException(file + " cannot be read as the metadata of a network (" + e.getMessage()
                + "). Correct or remove it, and fill in the settings of this node.", e);
        } catch (final IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage() + ".", e);
        }
    }

    private static JsonObject first(final JsonObject format, final String side) {
        if (format == null || !format.has(side)) {
            return null;
        }
        final JsonObject all = format.getAsJsonObject(side);
        return all.size() == 0 ? null : all.entrySet().iterator().next().getValue().getAsJsonObject();
    }

    /** Formulas such as {@code 16*n} and stars mean any size. */
    private static int size(final JsonElement e) {
        return e.getAsJsonPrimitive().isNumber() ? e.getAsInt() : 0;
    }

    /** By number, as far as they are numbered from 0 on without a gap. */
    private static List<String> names(final JsonObject side) {
        final List<String> names = new ArrayList<>();
        if (side != null && side.has("channel_def")) {
            final Map<String, JsonElement> defined = side.getAsJsonObject("channel_def").asMap();
            for (int c = 0; defined.containsKey("" + c) && c < MAX_CHANNELS; c++) {
                names.add(defined.get("" + c).getAsString());
            }
        }
        return List.copyOf(names);
    }
}
