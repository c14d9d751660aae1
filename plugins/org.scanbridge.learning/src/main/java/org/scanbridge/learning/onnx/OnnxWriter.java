package org.scanbridge.learning.onnx;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.scanbridge.learning.architecture.Margin;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.NormSets;
import org.scanbridge.learning.network.Network;

/**
 * Writes a network as an ONNX file (IR version 8, opset 17 of the default domain, onnx.proto of ONNX 1.12): the predicting
 * network from its architecture and weights, without TensorFlow. The input {@code image} is [n, channels, depth, height,
 * width], that is [n, channels, k, j, i] of volumes, or [n, channels, height, width] for networks that look at single slices;
 * the output {@code probabilities}, or {@code normalized} of a network that makes images, has the same order. All sizes but
 * the number of channels are chosen when the network is run; {@link NetworkDescription#sizeMultiple()} says which ones fit.
 */
public final class OnnxWriter {

    /** Version of the set of operations. */
    public static final int OPSET = 17;

    /** Name of the input. */
    public static final String INPUT = "image";

    private static final int IR_VERSION = 8;

    /** Protobuf's lengths are 32-bit numbers. */
    private static final long MAX_BYTES = Integer.MAX_VALUE;

    private final NetworkSpec m_spec;

    private final Network m_network;

    private final NetworkDescription m_description;

    private final String m_software;

    /**
     * @param network of any architecture; of one with several sets of norm parameters the first is written
     * @param card what is said about it
     * @param software name and version of the writing program
     */
    public OnnxWriter(final Network network, final NetworkCard card, final String software) {
        this(network, 0, card, software);
    }

    /**
     * @param network of any architecture
     * @param domain whose norm parameters are written, from 0
     * @param card what is said about it
     * @param software name and version of the writing program
     * @throws IllegalArgumentException if there is no such set
     */
    public OnnxWriter(final Network network, final int domain, final NetworkCard card, final String software) {
        m_spec = network.spec().domains() == 1 && domain == 0 ? network.spec() : network.spec().withDomains(1);
        m_network = m_spec.equals(network.spec()) ? network : new Network(m_spec,
            NormSets.fold(network.spec(), network.weights(), domain), network.labels(), network.provenance());
        m_description = NetworkDescription.of(m_network, card, software);
        m_software = software;
    }

    /**
     * Writes the file.
     *
     * @param out takes the bytes; not closed
     * @throws IOException if it cannot be written, or would be larger than 2 GB
     */
    public void write(final OutputStream out) throws IOException {
        final ProtoMessage model = model();
        if (model.size() > MAX_BYTES) {
            throw new IOException("The network would make an ONNX file of " + (model.size() >> 20) + " MB, and no such file can"
                + " be larger than 2047 MB. Choose \"Zip file\" or \"Folder\" under \"Write as\".");
        }
        OnnxGraph.write(model, out);
    }

    /** The text of the {@code metadata.json} beside it. */
    public String metadata() {
        return BundleMetadata.of(m_description, INPUT, m_spec.output().tensorName());
    }

    private ProtoMessage model() {
        final OnnxGraph graph = new OnnxGraph();
        final String output = m_spec.output().tensorName();
        new OnnxNetwork(m_spec, m_network.weights(), graph).build(INPUT, output);
        final List<Object> in = new ArrayList<>(List.of("n", (long)m_spec.inputChannels()));
        final List<Object> out = new ArrayList<>(List.of("n", (long)m_spec.outputs()));
        final Margin margin = m_spec.margin();
        if (!m_spec.kind().flat()) {
            add(in, out, "depth", margin.lowK() + margin.highK());
        }
        add(in, out, "height", margin.lowJ() + margin.highJ());
        add(in, out, "width", margin.lowI() + margin.highI());
        final ProtoMessage model = new ProtoMessage().number(1, IR_VERSION).text(2, "ScanBridge").text(3, m_software)
            .text(6, "Sizes of the image are multiples of those in the metadata \"size_multiple\".")
            .message(7, graph.message("network", OnnxGraph.value(INPUT, in), OnnxGraph.value(output, out)))
            .message(8, new ProtoMessage().number(2, OPSET));
        properties().forEach((key, value) -> model.message(14, new ProtoMessage().text(1, key).text(2, value)));
        return model;
    }

    /** What comes out lacks the margin. */
    private static void add(final List<Object> in, final List<Object> out, final String axis, final int margin) {
        in.add(axis);
        out.add(margin == 0 ? axis : axis + "-" + margin);
    }

    /** For people who look into the file, and the same as one text for programs. */
    private Map<String, String> properties() {
        final NetworkDescription d = m_description;
        final Map<String, String> p = new LinkedHashMap<>();
        p.put(NetworkDescription.KEY, d.toJson());
        p.put("axes", d.axes() + " (D = slices k, H = rows j, W = columns i)");
        p.put("output", d.output());
        p.put("classes", String.join(", ", d.classes()));
        p.put("regions", String.join("; ",
            d.regions().stream().map(r -> r.name() + " = classes " + r.classes()).toList()));
        p.put("channels", String.join(", ", d.channelNames()));
        p.put("patch", d.patch() + " (i, j, k)");
        p.put("input_of_patch", d.margin().around(d.patch()) + " (i, j, k)");
        p.put("size_multiple", d.sizeMultiple() + " (i, j, k)");
        p.put("normalization", d.normalization());
        p.put("spacing", d.spacing());
        p.put("intended_use", d.intendedUse());
        p.put("weights_sha256", d.weightsSha256());
        p.put("training_data_sha256", d.trainingDataSha256());
        return p;
    }
}
