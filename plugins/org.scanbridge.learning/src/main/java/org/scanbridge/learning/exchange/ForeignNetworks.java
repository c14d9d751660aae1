package org.scanbridge.learning.exchange;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.Margin;
import org.scanbridge.learning.architecture.NetworkRegion;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.ForeignTraits.Format;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.foreign.Activation;
import org.scanbridge.learning.foreign.AxisOrder;
import org.scanbridge.learning.foreign.ForeignFiles;
import org.scanbridge.learning.foreign.ForeignHeader;
import org.scanbridge.learning.foreign.ForeignModel;
import org.scanbridge.learning.foreign.ForeignSettings;
import org.scanbridge.learning.foreign.TensorModel;
import org.scanbridge.learning.graph.SavedModelReader;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.network.Provenance;
import org.scanbridge.learning.onnx.NetworkDescription;
import org.scanbridge.learning.predict.ForeignModels;
import org.scanbridge.tensorflow.Computation;

/**
 * Makes a network of ours out of an ONNX file or a SavedModel of other software. What it is like is said by the user, else by
 * its metadata, else by its shape; what nobody says is asked for, never guessed. The network is then run on a block of zeros and
 * on one of noise, which shows whether all that is true, and on both together, which shows whether it takes several blocks at
 * a time: exporters write a number of blocks that is free into files of networks that were recorded with one.
 */
public final class ForeignNetworks {

    private static final int MAX_CLASSES = 256;

    private static final long MAX_VALUES = 1L << 28;

    private static final float TOLERANCE = 1e-3f;

    /** How far outputs for the same block may differ, as a share of the largest: sums of floats in another order. */
    private static final float SAME = 1e-4f;

    /** The noise is the same each time. */
    private static final long SEED = 20240229;

    private final Path m_path;

    private final Format m_format;

    private final ForeignSettings m_settings;

    private final ForeignHeader m_header;

    private final Optional<NetworkDescription> m_ours;

    private final Optional<MetadataFile> m_metadata;

    private ForeignNetworks(final Path path, final ForeignSettings settings) throws IOException {
        m_path = path;
        m_format = Files.isDirectory(path) ? Format.SAVED_MODEL : Format.ONNX;
        m_settings = settings;
        m_header = m_format == Format.ONNX ? OnnxFile.read(path) : SavedModelReader.header(path);
        m_metadata = MetadataFile.find(path);
        final String own = m_header.metadata().get(NetworkDescription.KEY);
        try {
            m_ours = own != null ? NetworkDescription.fromJson(own) : m_metadata.flatMap(MetadataFile::ours);
        } catch (final IllegalArgumentException e) {
            throw new IOException(path + ": " + e.getMessage() + ".", e);
        }
        if (m_ours.isPresent() && NetworkDescription.IMAGE.equals(m_ours.get().output())) {
            throw new IOException(path + " makes images. Only networks that segment can be used from such a file: read the zip"
                + " file or folder of this network, which the Network Writer writes too.");
        }
    }

    /**
     * Reads a network.
     *
     * @param path an ONNX file, or the directory of a SavedModel
     * @param settings what the user says about it
     * @return its model lies where it was read from
     * @throws IOException if it cannot be read, or something about it is not known
     * @throws LearningException if it is not what it is said to be, or there is no engine for it
     */
    public static Network read(final Path path, final ForeignSettings settings) throws IOException {
        return new ForeignNetworks(path, settings).network();
    }

    private Network network() throws IOException {
        final ForeignHeader.Value input = input();
        final AxisOrder axes = axes(input);
        final ForeignHeader.Value output = output(input, axes);
        final int channels = channels(input, axes);
        final Margin margin = m_ours.map(NetworkDescription::margin).orElse(Margin.NONE);
        final PatchSize patch = patch(input, axes, margin);
        final Activation activation = activation(output);
        final ForeignModel asSaid = new ForeignModel(m_path, input.name(), output.name(), axes, activation,
            fixed(input, axes, 'N'), ForeignFiles.sha256(m_path, m_header.parts()), m_header.parts());
        checkSize(margin.around(patch), channels);
        final Probe probe = probe(asSaid, channels, margin.around(patch), patch);
        final int outputs = probe.outputs();
        final ForeignModel model = asSaid.withBlocks(probe.blocks());
        final Meaning meaning = meaning(outputs, output);
        final NetworkSpec spec;
        try {
            spec = NetworkSpec.foreign(m_format, channels, meaning.classes, meaning.regions, patch, margin);
        } catch (final IllegalArgumentException e) {
            throw new IOException(m_path + ": " + e.getMessage(), e);
        }
        return Network.foreign(spec, model, meaning.labels, provenance(channels));
    }

    private ForeignHeader.Value input() throws IOException {
        if (m_header.inputs().size() != 1 || !m_header.inputs().get(0).floats()) {
            throw new IOException(m_path + " takes " + (m_header.inputs().isEmpty() ? "no input"
                : m_header.inputs().size() + " inputs: " + list(m_header.inputs()))
                + ". Only networks with one input of floats (a SavedModel: of 32 bits) can be used; export it with the image as its"
                + " only input.");
        }
        return m_header.inputs().get(0);
    }

    /** The output that is asked for; else the first of floats that has as many axes as the input, and its sizes if they are said. */
    private ForeignHeader.Value output(final ForeignHeader.Value input, final AxisOrder axes) throws IOException {
        final String wanted = m_settings.output();
        final List<ForeignHeader.Value> found =
            m_header.outputs().stream().filter(v -> wanted.isEmpty() ? v.floats() : v.name().equals(wanted)).toList();
        if (found.isEmpty() || !found.get(0).floats()) {
            throw new IOException(m_path + " has " + (m_header.outputs().isEmpty() ? "no outputs"
                : "the outputs " + list(m_header.outputs())) + (wanted.isEmpty() ? ""
                    : ", and \"Output\" is \"" + wanted + "\"") + ". Choose one of floats.");
        }
        return found.stream().filter(v -> mayBeOfSize(v, input, axes)).findFirst().orElse(found.get(0));
    }

    private static boolean mayBeOfSize(final ForeignHeader.Value output, final ForeignHeader.Value input, final AxisOrder axes) {
        if (output.sizes().isEmpty()) {
            return true;
        }
        if (output.sizes().size() != axes.rank()) {
            return false;
        }
        for (final char axis : "DHW".toCharArray()) {
            final int in = fixed(input, axes, axis);
            final int out = fixed(output, axes, axis);
            if (in > 0 && out > 0 && in != out) {
                return false;
            }
        }
        return true;
    }

    private static String list(final List<ForeignHeader.Value> values) {
        return String.join(", ", values.stream().limit(8).map(Object::toString).toList()) + (values.size() > 8 ? ", …" : "");
    }

    private AxisOrder axes(final ForeignHeader.Value input) throws IOException {
        final int rank = input.sizes().size();
        final AxisOrder axes;
        if (m_settings.axes().isPresent()) {
            axes = m_settings.axes().get();
        } else if (m_ours.isPresent()) {
            try {
                axes = AxisOrder.valueOf(m_ours.get().axes());
            } catch (final IllegalArgumentException e) {
                throw new IOException(m_path + ": its description says the order of axes \"" + m_ours.get().axes()
                    + "\". Choose \"Axis order\".", e);
            }
        } else if (m_metadata.isPresent() && !m_metadata.get().channels().isEmpty()) {
            axes = rank == AxisOrder.NCWH.rank() ? AxisOrder.NCWH : AxisOrder.NCWHD;
        } else {
            throw new IOException(m_path + " does not say in which order its axes are; its input is " + input
                + ". Choose \"Axis order\".");
        }
        if (rank != 0 && rank != axes.rank()) {
            throw new IOException(m_path + " has an input of " + rank + " axes, " + input + ", but \"Axis order\" is " + axes
                + " with " + axes.rank() + ". Choose another order.");
        }
        return axes;
    }

    /** A size that the file fixes; 0 for one that is chosen when it is run. */
    private static int fixed(final ForeignHeader.Value value, final AxisOrder axes, final char axis) {
        final int at = axes.indexOf(axis);
        if (at < 0 || value.sizes().isEmpty()) {
            return 0;
        }
        final long size = value.sizes().get(at);
        return size < 0 ? 0 : (int)Math.min(size, Integer.MAX_VALUE);
    }

    private int channels(final ForeignHeader.Value input, final AxisOrder axes) throws IOException {
        final int fixed = fixed(input, axes, 'C');
        final int said = m_settings.channels() > 0 ? m_settings.channels() : m_ours.map(NetworkDescription::channelCount)
            .orElse(m_metadata.map(MetadataFile::channelCount).orElse(0));
        if (said > 0 && fixed > 0 && said != fixed) {
            throw new IOException(m_path + " takes " + fixed + " channels: its input is " + input + " in the order " + axes
                + ". But \"Input channels\" or its metadata say " + said + ". Choose another number, or another \"Axis order\".");
        }
        if (said <= 0 && fixed == 0) {
            throw new IOException(m_path + " does not say how many channels it takes; its input is " + input
                + ". Choose \"Input channels\".");
        }
        return Math.max(said, fixed);
    }

    private PatchSize patch(final ForeignHeader.Value input, final AxisOrder axes, final Margin margin) throws IOException {
        final int[] size = new int[3];
        final int[] margins = {margin.lowI() + margin.highI(), margin.lowJ() + margin.highJ(), margin.lowK() + margin.highK()};
        final int[] ours = m_ours.map(d -> new int[]{d.patch().i(), d.patch().j(), d.patch().k()}).orElse(new int[3]);
        for (int a = 0; a < 3; a++) {
            final int fixed = fixed(input, axes, "WHD".charAt(a));
            if (a == 2 && axes.flat()) {
                size[a] = 1;
                if (m_settings.patch().get(a) > 1) {
                    throw new IOException("\"Patch size\" along k is " + m_settings.patch().get(a) + ", but " + m_path
                        + " looks at single slices (axis order " + axes + "). Choose 1, or 0.");
                }
                continue;
            }
            final int bundle = m_metadata.isPresent() && a < m_metadata.get().patch().size() && m_ours.isEmpty()
                ? m_metadata.get().patch().get(a) : 0;
            final int asked = m_settings.patch().get(a);
            if (asked > 0 && fixed > 0 && asked != fixed - margins[a]) {
                throw new IOException("\"Patch size\" along " + "ijk".charAt(a) + " is " + asked + ", but " + m_path
                    + " takes only " + (fixed - margins[a]) + " there: its input is " + input + " in the order " + axes
                    + ". Choose " + (fixed - margins[a]) + ", or 0.");
            }
            size[a] = asked > 0 ? asked : fixed > 0 ? fixed - margins[a] : ours[a] > 0 ? ours[a] : bundle;
            if (size[a] < 1) {
                throw new IOException(m_path + " takes images of any size along " + "ijk".charAt(a)
                    + ". Choose \"Patch size\": the size of the blocks that it was trained on.");
            }
        }
        return new PatchSize(size[0], size[1], size[2]);
    }

    private void checkSize(final PatchSize input, final int channels) throws IOException {
        if ((double)input.i() * input.j() * input.k() * channels > MAX_VALUES) {
            throw new IOException(m_path + ": blocks of " + input + " voxels and " + channels + " channels are larger than "
                + MAX_VALUES + " values. Choose a smaller \"Patch size\".");
        }
    }

    private Activation activation(final ForeignHeader.Value output) throws IOException {
        if (m_settings.activation().isPresent()) {
            return m_settings.activation().get();
        }
        if (m_ours.isPresent() || isLast(output, "Softmax") || isLast(output, "Sigmoid")) {
            return Activation.NONE;
        }
        throw new IOException(m_path + " does not say what its outputs are; its last operation is "
            + m_header.lastOperation().getOrDefault(output.name(), "not known")
            + ". Choose \"Activation\": Softmax for classes, Sigmoid for regions, None if they are probabilities already.");
    }

    private boolean isLast(final ForeignHeader.Value output, final String operation) {
        return operation.equals(m_header.lastOperation().get(output.name()));
    }

    /**
     * What running the network showed.
     *
     * @param outputs how many channels come out
     * @param blocks how many blocks a call must have; 0 for any number
     */
    private record Probe(int outputs, int blocks) {
    }

    /** Runs the network on zeros, on noise, and on both together or on noise again. */
    private Probe probe(final ForeignModel model, final int channels, final PatchSize input, final PatchSize patch)
        throws IOException {
        final AxisOrder axes = model.axes();
        final int blocks = Math.max(1, model.blocks());
        final long[] size = axes.shape(blocks, channels, input);
        final TensorModel.Tensor made;
        final TensorModel.Tensor ofNoise;
        final boolean several;
        final boolean repeats;
        try (TensorModel running = ForeignModels.load(m_format, model)) {
            final float[] values = new float[Math.multiplyExact(blocks, Math.multiplyExact(input.voxels(), channels))];
            made = running.run(new TensorModel.Tensor(size, values.clone()));
            final Random random = new Random(SEED);
            for (int v = 0; v < values.length; v++) {
                values[v] = (float)random.nextGaussian();
            }
            ofNoise = running.run(new TensorModel.Tensor(size, values.clone()));
            // N is the first axis of all orders, so that two blocks are one after the other
            several = model.blocks() == 0
                && isTwice(running, new TensorModel.Tensor(axes.shape(2, channels, input), twice(values)), ofNoise, made);
            repeats = several || isSame(running.run(new TensorModel.Tensor(size, values)).values(), 0, ofNoise.values());
        } catch (final LearningException e) {
            throw new IOException(m_path + " cannot be run on a block of " + input + " voxels (i, j, k) and " + channels
                + " channels in the order " + axes + ": " + e.getMessage() + " Choose another \"Patch size\" (most networks take"
                + " multiples of 8, 16 or 32), \"Axis order\" or \"Input channels\".", e);
        }
        final long[] shape = made.shape();
        final int outputs = shape.length == axes.rank() ? (int)shape[axes.indexOf('C')] : 0;
        if (outputs < 1 || !Arrays.equals(shape, axes.shape(blocks, outputs, patch))) {
            throw new IOException(m_path + " made " + Arrays.toString(shape) + " of a block of " + Arrays.toString(size)
                + " (axis order " + axes + "): a segmentation has the size of the block. Choose another \"Output\""
                + (m_header.outputs().size() > 1 ? " (there are " + list(m_header.outputs()) + ")" : "")
                + ", \"Axis order\" or \"Patch size\" (most networks take multiples of 8, 16 or 32).");
        }
        for (final float v : ofNoise.values()) {
            if (!Float.isFinite(v)) {
                throw new IOException(m_path + " gives the value " + v + " for a block of noise. Export it in 32-bit floats and"
                    + " in evaluation mode.");
            }
        }
        if (!repeats) {
            throw new IOException(m_path + " gives other values each time for the same block: it draws random numbers, as dropout"
                + " does in training. Export it in evaluation mode, in Python with model.eval() before.");
        }
        if (model.activation() == Activation.NONE) {
            checkProbabilities(made.values(), "zeros");
            checkProbabilities(ofNoise.values(), "noise");
        } else {
            checkNoProbabilities(model.activation(), axes, List.of(made, ofNoise));
        }
        return new Probe(outputs, several || model.blocks() > 0 ? model.blocks() : 1);
    }

    /** A block, and one of zeros behind it. */
    private static float[] twice(final float[] block) {
        return Arrays.copyOf(block, Math.multiplyExact(2, block.length));
    }

    /** Whether two blocks at a time give what they give one by one. */
    private static boolean isTwice(final TensorModel running, final TensorModel.Tensor both, final TensorModel.Tensor first,
        final TensorModel.Tensor second) {
        final float[] values;
        try {
            values = running.run(both).values();
        } catch (final LearningException e) {
            // recorded with one block: it is run one by one, and says the same
            return false;
        }
        return values.length == first.values().length + second.values().length && isSame(values, 0, first.values())
            && isSame(values, first.values().length, second.values());
    }

    private static boolean isSame(final float[] values, final int from, final float[] expected) {
        float largest = 0;
        for (final float v : expected) {
            largest = Math.max(largest, Math.abs(v));
        }
        for (int v = 0; v < expected.length; v++) {
            if (Float.compare(values[from + v], expected[v]) != 0
                && !(Math.abs(values[from + v] - expected[v]) <= SAME * largest)) {
                return false;
            }
        }
        return true;
    }

    private void checkProbabilities(final float[] values, final String of) throws IOException {
        for (final float v : values) {
            if (!isProbability(v)) {
                throw new IOException(m_path + " gives the value " + v + " for a block of " + of + ", which is no probability."
                    + " Choose Softmax or Sigmoid for \"Activation\".");
            }
        }
    }

    private static boolean isProbability(final float value) {
        return value >= -TOLERANCE && value <= 1 + TOLERANCE;
    }

    /** Refuses to make probabilities of what are probabilities already. */
    private void checkNoProbabilities(final Activation activation, final AxisOrder axes, final List<TensorModel.Tensor> made)
        throws IOException {
        boolean addUp = made.get(0).shape()[axes.indexOf('C')] > 1;
        boolean constant = true;
        for (final TensorModel.Tensor one : made) {
            for (final float v : one.values()) {
                if (!isProbability(v)) {
                    return;
                }
                constant &= v == made.get(0).values()[0];
            }
            addUp = addUp && addUpToOne(one, axes.indexOf('C'));
        }
        // an output that is the same everywhere tells nothing, and scores may happen to lie between 0 and 1 where softmax is right
        if (addUp || activation == Activation.SIGMOID && !constant) {
            throw new IOException("\"Activation\" is " + (activation == Activation.SIGMOID ? "Sigmoid" : "Softmax") + ", but "
                + m_path + " gives only values from 0 to 1" + (addUp ? " that add up to 1" : "") + " for blocks of zeros and of"
                + " noise: they are probabilities already, and would be pressed together. Choose None for \"Activation\".");
        }
    }

    private static boolean addUpToOne(final TensorModel.Tensor tensor, final int axis) {
        final int channels = (int)tensor.shape()[axis];
        int stride = 1;
        for (int a = axis + 1; a < tensor.shape().length; a++) {
            stride *= (int)tensor.shape()[a];
        }
        final float[] values = tensor.values();
        for (int v = 0; v < values.length; v++) {
            if (v / stride % channels == 0) {
                double sum = 0;
                for (int c = 0; c < channels; c++) {
                    sum += values[v + c * stride];
                }
                if (!(Math.abs(sum - 1) <= TOLERANCE)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** What the outputs stand for. */
    private record Meaning(int classes, List<NetworkRegion> regions, LabelSet labels) {
    }

    private Meaning meaning(final int outputs, final ForeignHeader.Value output) throws IOException {
        if (m_settings.classes().isEmpty() && m_settings.regions().isEmpty() && m_ours.isPresent()) {
            final NetworkDescription d = m_ours.get();
            final int described = d.regions().isEmpty() ? d.classes().size() : d.regions().size();
            if (described != outputs) {
                throw new IOException(m_path + " has " + outputs + " outputs where its description says " + described
                    + ". Fill in \"Classes\".");
            }
            return new Meaning(d.classes().size(), d.regions(), d.labels());
        }
        final boolean sigmoid = m_settings.activation().map(a -> a == Activation.SIGMOID).orElse(false)
            || m_settings.activation().map(a -> a == Activation.NONE).orElse(true) && isLast(output, "Sigmoid");
        final boolean softmax = m_settings.activation().map(a -> a == Activation.SOFTMAX).orElse(false)
            || m_settings.activation().map(a -> a == Activation.NONE).orElse(true) && isLast(output, "Softmax");
        final List<String> names = new ArrayList<>(m_settings.classes());
        if (!m_settings.regions().isEmpty()) {
            if (softmax || m_settings.regions().size() != outputs) {
                throw new IOException(m_path + " has " + outputs + " outputs" + (softmax ? " that add up to 1 (softmax)" : "")
                    + ", and \"Regions\" has " + m_settings.regions().size() + ". Give one region per output, in the order of the"
                    + " outputs; for the outputs of a softmax none.");
            }
            return meaning(names, outputs, m_settings.regions());
        }
        if (names.isEmpty() && m_metadata.isPresent() && m_metadata.get().outputs().size() == outputs) {
            names.addAll(m_metadata.get().outputs().subList(sigmoid ? 0 : 1, outputs));
        }
        for (int c = 1; names.size() < outputs - (sigmoid ? 0 : 1); c++) {
            if (!m_settings.classes().isEmpty()) {
                throw count(outputs, softmax, sigmoid);
            }
            names.add("class " + c);
        }
        if (!sigmoid && outputs == names.size() + 1) {
            return meaning(names, outputs, List.of());
        }
        if (!softmax && outputs == names.size()) {
            final List<NetworkRegion> regions = new ArrayList<>();
            for (int c = 1; c <= outputs; c++) {
                regions.add(new NetworkRegion(names.get(c - 1), List.of(c)));
            }
            return meaning(names, outputs, regions);
        }
        throw count(outputs, softmax, sigmoid);
    }

    private IOException count(final int outputs, final boolean softmax, final boolean sigmoid) {
        final String needed = softmax ? (outputs - 1) + " names: the first output is the background"
            : sigmoid ? outputs + " names, one per output, or fill in \"Regions\""
                : (outputs - 1) + " names if the first output is the background, " + outputs + " if none is";
        return new IOException(m_path + " has " + outputs + " outputs, and \"Classes\" has " + m_settings.classes().size()
            + " names. Give " + needed + ".");
    }

    private Meaning meaning(final List<String> names, final int outputs, final List<NetworkRegion> regions)
        throws IOException {
        if (names.size() + 1 > MAX_CLASSES || names.isEmpty()) {
            throw new IOException(m_path + " has " + outputs + " outputs. A segmentation network has 2 to " + MAX_CLASSES
                + " classes, background included" + (names.isEmpty() ? "; for a single output that is a probability, choose"
                    + " Sigmoid for \"Activation\", or None and a name in \"Classes\"" : "") + ".");
        }
        try {
            return new Meaning(names.size() + 1, regions, LabelSet.of(names.toArray(String[]::new)));
        } catch (final IllegalArgumentException e) {
            throw new IOException(m_path + ": " + e.getMessage() + ". Fill in \"Classes\".", e);
        }
    }

    private Provenance provenance(final int channels) {
        final Map<String, String> options = new LinkedHashMap<>();
        final List<String> named = m_ours.map(NetworkDescription::channels)
            .orElse(m_metadata.map(MetadataFile::channels).orElse(List.of()));
        if (channels > 1 && named.size() == channels) {
            for (int c = 1; c <= channels; c++) {
                options.put("channel." + c, named.get(c - 1));
            }
        }
        if (!m_header.producer().isEmpty()) {
            options.put("producer", m_header.producer());
        }
        return new Provenance("read from " + m_format.words(), 0, 0, 0, Double.NaN,
            List.of(), "", "", "", "", Computation.UNKNOWN, options);
    }
}
