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
 * on one of noise, which shows whether all that is true.
 */
public final class ForeignNetworks {

    private static final int MAX_CLASSES = 256;

    private static final long MAX_VALUES = 1L << 28;

    private static final float TOLERANCE = 1e-3f;

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
        final ForeignHeader.Value output = output();
        final AxisOrder axes = axes(input);
        final int channels = channels(input, axes);
        final Margin margin = m_ours.map(NetworkDescription::margin).orElse(Margin.NONE);
        final PatchSize patch = patch(input, axes, margin);
        final Activation activation = activation(output);
        final int blocks = fixed(input, axes, 'N');
        final ForeignModel model = new ForeignModel(m_path, input.name(), output.name(), axes, activation, blocks,
            ForeignFiles.sha256(m_path));
        checkSize(margin.around(patch), channels);
        final int outputs = probe(model, channels, margin.around(patch), patch);
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
                + ". Only networks with one input of 32-bit floats can be used; export it with the image as its only input.");
        }
        return m_header.inputs().get(0);
    }

    private ForeignHeader.Value output() throws IOException {
        final String wanted = m_settings.output();
        final List<ForeignHeader.Value> found =
            m_header.outputs().stream().filter(v -> wanted.isEmpty() || v.name().equals(wanted)).toList();
        if (found.isEmpty() || !found.get(0).floats()) {
            throw new IOException(m_path + " has " + (m_header.outputs().isEmpty() ? "no outputs"
                : "the outputs " + list(m_header.outputs())) + (wanted.isEmpty() ? ""
                    : ", and \"Output\" is \"" + wanted + "\"") + ". Choose one of 32-bit floats.");
        }
        return found.get(0);
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

    /** Runs the network on zeros and on noise; how many channels come out. */
    private int probe(final ForeignModel model, final int channels, final PatchSize input, final PatchSize patch)
        throws IOException {
        final AxisOrder axes = model.axes();
        final int blocks = Math.max(1, model.blocks());
        final TensorModel.Tensor made;
        final TensorModel.Tensor ofNoise;
        try (TensorModel running = ForeignModels.load(m_format, model)) {
            final float[] values = new float[Math.multiplyExact(blocks, Math.multiplyExact(input.voxels(), channels))];
            made = running.run(new TensorModel.Tensor(axes.shape(blocks, channels, input), values.clone()));
            final Random random = new Random(SEED);
            for (int v = 0; v < values.length; v++) {
                values[v] = (float)random.nextGaussian();
            }
            ofNoise = running.run(new TensorModel.Tensor(axes.shape(blocks, channels, input), values));
        } catch (final LearningException e) {
            throw new IOException(m_path + " cannot be run on a block of " + input + " voxels (i, j, k) and " + channels
                + " channels in the order " + axes + ": " + e.getMessage() + " Choose another \"Patch size\", \"Axis order\" or"
                + " \"Input channels\".", e);
        }
        final long[] shape = made.shape();
        final int outputs = shape.length == axes.rank() ? (int)shape[axes.indexOf('C')] : 0;
        if (outputs < 1 || !Arrays.equals(shape, axes.shape(blocks, outputs, patch))) {
            throw new IOException(m_path + " made " + Arrays.toString(shape) + " of a block of "
                + Arrays.toString(axes.shape(blocks, channels, input)) + " (axis order " + axes
                + "): a segmentation has the size of the block. Choose another \"Output\", \"Axis order\" or \"Patch size\".");
        }
        if (model.activation() == Activation.NONE) {
            checkProbabilities(made.values(), "zeros");
            checkProbabilities(ofNoise.values(), "noise");
        } else {
            checkNoProbabilities(model.activation(), axes, List.of(made, ofNoise));
        }
        return outputs;
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
