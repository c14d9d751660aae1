package org.scanbridge.learning.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.learning.architecture.Margin;
import org.scanbridge.learning.architecture.NetworkRegion;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.data.ChannelNames;
import org.scanbridge.learning.data.ClassValues;
import org.scanbridge.learning.network.Network;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;

/**
 * What somebody needs to know to use a network: the content of the entry {@code scanbridge} in the metadata of an ONNX file
 * and in {@code metadata.json}. Names of the components are the keys of the JSON.
 *
 * @param format {@link #FORMAT}
 * @param version of the format; 1
 * @param axes order of the input's and the output's axes, such as {@code NCDHW}; D, H and W are k, j and i of a volume
 * @param output what comes out: {@code probabilities} of classes (a softmax), {@code regions} (sigmoids) or {@code image}
 * @param channels names of the images that go in, in their order; empty if they have none
 * @param channelCount how many go in
 * @param classes names of the classes by number, background first; empty for a network that makes images
 * @param labelValues label value by class
 * @param regions unions of classes that the outputs stand for; empty if they stand for the classes
 * @param patch size of the blocks that the network was trained on
 * @param margin what the input needs around the block that comes out
 * @param sizeMultiple what sizes of the input must be multiples of along i, j and k; along an axis that is missing from the
 *            arrays 1
 * @param normalization how images were scaled; empty if not known
 * @param spacing of the voxels in mm; empty if not known
 * @param intendedUse what it is for; empty if not known
 * @param method how it was trained
 * @param weightsSha256 hash of the weights
 * @param trainingDataSha256 hash of the training data; empty if untrained
 * @param software what wrote the file
 */
public record NetworkDescription(String format, int version, String axes, String output, List<String> channels,
    int channelCount, List<String> classes, List<Integer> labelValues, List<NetworkRegion> regions, PatchSize patch,
    Margin margin, PatchSize sizeMultiple, String normalization, String spacing, String intendedUse, String method,
    String weightsSha256, String trainingDataSha256, String software) {

    /** Tells our descriptions from those of others. */
    public static final String FORMAT = "scanbridge-network-description";

    /** The key of the description in metadata. */
    public static final String KEY = "scanbridge";

    public static final String PROBABILITIES = "probabilities";

    public static final String REGIONS = "regions";

    public static final String IMAGE = "image";

    private static final int VERSION = 1;

    private static final Gson GSON = new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    /** The description of a network. */
    static NetworkDescription of(final Network network, final NetworkCard card, final String software) {
        final NetworkSpec spec = network.spec();
        final ClassValues values = ClassValues.of(network.labels(), spec.classes());
        final List<String> classes = new ArrayList<>();
        final List<Integer> numbers = new ArrayList<>();
        for (int c = 0; c < spec.classes() && !spec.output().image(); c++) {
            numbers.add(values.value(c));
            classes.add(network.labels().name(values.value(c)));
        }
        return new NetworkDescription(FORMAT, VERSION, spec.kind().flat() ? "NCHW" : "NCDHW",
            spec.output().image() ? IMAGE : spec.regions().isEmpty() ? PROBABILITIES : REGIONS,
            ChannelNames.of(network.provenance().options()), spec.inputChannels(), classes, numbers, spec.regions(),
            spec.patchSize(), spec.margin(), spec.sizeMultiple(), card.normalization(), card.spacing(), card.intendedUse(),
            network.provenance().method(), network.weights().hash(), network.provenance().dataHash(), software);
    }

    /** Names of the outputs: of the regions, the classes, or the images. */
    List<String> outputs() {
        if (IMAGE.equals(output)) {
            return channelNames();
        }
        return regions.isEmpty() ? classes : regions.stream().map(NetworkRegion::name).toList();
    }

    /** A name for every channel. */
    List<String> channelNames() {
        final List<String> names = new ArrayList<>(channels);
        for (int c = names.size(); c < channelCount; c++) {
            names.add(channelCount == 1 ? "image" : "image " + (c + 1));
        }
        return names;
    }

    /** Names of the classes by label value. */
    public LabelSet labels() {
        final SortedMap<Integer, String> names = new TreeMap<>();
        for (int c = 1; c < classes.size(); c++) {
            names.put(labelValues.get(c), classes.get(c));
        }
        return new LabelSet(names);
    }

    /** As JSON. */
    String toJson() {
        return GSON.toJson(this);
    }

    /**
     * The inverse of {@link #toJson()}.
     *
     * @return empty if the text is no such description
     * @throws IllegalArgumentException if it is one that cannot be read; the message is meant for the user
     */
    public static Optional<NetworkDescription> fromJson(final String json) {
        final NetworkDescription d;
        try {
            d = GSON.fromJson(json, NetworkDescription.class);
        } catch (final JsonParseException e) {
            throw new IllegalArgumentException("its description is not readable (" + e.getMessage() + ")", e);
        } catch (final RuntimeException e) {
            // gson wraps what a record's constructor throws
            throw new IllegalArgumentException(
                "its description is not valid (" + (e.getCause() == null ? e : e.getCause()).getMessage() + ")", e);
        }
        if (d == null || !FORMAT.equals(d.format)) {
            return Optional.empty();
        }
        if (d.version > VERSION) {
            throw new IllegalArgumentException("its description has version " + d.version + ", this program reads up to "
                + VERSION + "; update ScanBridge");
        }
        if (d.axes == null || d.output == null || d.channels == null || d.classes == null || d.labelValues == null
            || d.regions == null || d.patch == null || d.margin == null || d.labelValues.size() != d.classes.size()
            || d.classes.contains(null) || d.labelValues.contains(null)) {
            throw new IllegalArgumentException("its description is incomplete");
        }
        return Optional.of(d);
    }
}
