package org.scanbridge.knime.nodes.networkwriter;

import java.util.List;

import org.scanbridge.knime.util.SoftwareVersion;
import org.scanbridge.learning.architecture.Margin;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.data.ClassValues;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.onnx.NetworkCard;
import org.scanbridge.learning.onnx.OnnxWriter;

/** The text for whoever finds a network without ScanBridge at hand. */
final class ReadMe {

    private ReadMe() {
    }

    /** Beside network.json, the weights and the SavedModel. */
    static String ofDirectory(final List<Network> networks, final NetworkCard card, final boolean frozen) {
        final Network network = networks.get(0);
        final String form = frozen ? """
            saved_model    TensorFlow SavedModel, frozen: the weights are constants of saved_model.pb,
                           signature serving_default:
            """ : """
            saved_model    TensorFlow SavedModel, signature serving_default:
            """;
        return head(networks, card) + """
            network.json   architecture, classes, how and on what it was trained (no patients)
            weights.bin    weights as little-endian 32-bit floats
            """ + form + shapes(network, "[n, k, j, i, channels]", "[n, k, j, i, " + outputs(network) + "]") + (frozen ? "" : """

            Converters to other formats (tf2onnx, TensorFlow Lite) and Keras' TFSMLayer find the
            weights in it.
            """) + """

            Read it in KNIME with the node Network Reader.
            """;
    }

    /** Beside an ONNX file and its metadata. */
    static String ofOnnx(final List<Network> networks, final NetworkCard card, final List<String> files) {
        final Network network = networks.get(0);
        final String axes = network.spec().kind().flat() ? "j, i]" : "k, j, i]";
        return head(networks, card) + """
            metadata.json  classes, channels and sizes in the keys of MONAI's bundles; the same lies
                           inside the ONNX file
            %s
                           ONNX, opset %d:
            """.formatted(String.join("\n", files), OnnxWriter.OPSET)
            + shapes(network, "[n, channels, " + axes, "[n, " + outputs(network) + ", " + axes) + """

            Read it in KNIME with the node Network Reader, which runs it by ONNX Runtime; it can be
            used there, not trained.
            """;
    }

    private static String head(final List<Network> networks, final NetworkCard card) {
        final Network network = networks.get(0);
        final String kind = network.spec().output().image() ? "normalization" : "segmentation";
        return """
            %s, written by ScanBridge %s.

            Architecture   %s
            Classes        %s
            Regions        %s
            Trained        %s
            Weights        SHA-256 %s
            Intended use   %s
            Normalization  %s
            Voxel spacing  %s

            """.formatted(networks.size() == 1 ? "A " + kind + " network"
            : "An ensemble of " + networks.size() + " " + kind + " networks (average their outputs),\nof the first of which the"
                + " following tells", SoftwareVersion.get(), network.spec(), network.labels().names().isEmpty() ? "not named" : "background, "
                + String.join(", ", network.labels().names().values()),
            regions(network), network.provenance().method(), network.weights().hash(), orNotStated(card.intendedUse()),
            orNotStated(card.normalization()), orNotStated(card.spacing()));
    }

    /** What the outputs are, if not the classes. */
    private static String regions(final Network network) {
        final ClassValues values = ClassValues.of(network.labels(), network.spec().classes());
        return network.spec().regions().isEmpty() ? "none, the outputs are the classes"
            : String.join("; ", network.spec().regions().stream().map(r -> r.name() + " = " + String.join(", ",
                r.classes().stream().map(c -> network.labels().name(values.value(c))).toList())).toList());
    }

    private static String orNotStated(final String text) {
        return text.isEmpty() ? "not stated" : text;
    }

    private static String outputs(final Network network) {
        return network.spec().output().image() ? "channels" : network.spec().regions().isEmpty() ? "classes" : "regions";
    }

    /** What goes in and comes out. */
    private static String shapes(final Network network, final String in, final String out) {
        final NetworkSpec spec = network.spec();
        final PatchSize patch = spec.patchSize();
        final PatchSize input = spec.inputSize();
        final StringBuilder text = new StringBuilder();
        line(text, spec.inputChannels() + " channels; image " + in);
        line(text, "-> " + spec.output().tensorName() + " " + out);
        line(text, "image normalized as it was for training; k, j, i of any size that is");
        line(text, sizes(spec));
        line(text, "trained on " + input.k() + " x " + input.j() + " x " + input.i() + " voxels (k, j, i)");
        final Margin m = spec.margin();
        if (!m.isNone()) {
            line(text, "the network does not pad: of a block of " + input.k() + " x " + input.j() + " x " + input.i());
            line(text, "come out the middle " + patch.k() + " x " + patch.j() + " x " + patch.i() + " voxels (k, j, i), without");
            line(text, "%d and %d voxels before and behind along k, %d and %d along j, %d and %d".formatted(m.lowK(), m.highK(),
                m.lowJ(), m.highJ(), m.lowI(), m.highI()));
            line(text, "along i; surround an image with that much background");
        }
        if (spec.norm() != Norm.BATCH) {
            line(text, "its normalization looks at the whole block, so blocks of the size it was");
            line(text, "trained on give what ScanBridge gives");
        }
        return text.toString();
    }

    private static String sizes(final NetworkSpec spec) {
        final PatchSize m = spec.sizeMultiple();
        final PatchSize least = spec.margin().around(m);
        return List.of(spec.kind().flat() ? "1 (k)" : multiple(m.k(), least.k(), "k"), multiple(m.j(), least.j(), "j"),
            multiple(m.i(), least.i(), "i")).stream().reduce((a, b) -> a + ", " + b).orElseThrow();
    }

    private static String multiple(final int of, final int least, final String axis) {
        return (of == 1 ? "" : "a multiple of " + of + " and ") + "at least " + least + " (" + axis + ")";
    }

    private static void line(final StringBuilder text, final String line) {
        text.append(" ".repeat(15)).append(line).append('\n');
    }
}
