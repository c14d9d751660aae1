package org.scanbridge.knime.nodes.networkwriter;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.scanbridge.dicom.study.Folders;
import org.scanbridge.imaging.Progress;
import org.scanbridge.knime.util.AtomicOutput;
import org.scanbridge.knime.util.SoftwareVersion;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.data.ClassValues;
import org.scanbridge.learning.network.Ensemble;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.network.NetworkArchive;

/** One execution of the Network Writer: puts together what belongs to a network, then lets it appear at once. */
final class NetworkWriting {

    private final NetworkWriterParameters m_parameters;

    private final Progress m_progress;

    NetworkWriting(final NetworkWriterParameters parameters, final Progress progress) {
        m_parameters = parameters;
        m_progress = progress;
    }

    /**
     * @param directory the network's directory
     * @param network the network in it, whose weights have been checked; of an ensemble the first
     * @param members number of networks
     * @param folder where it is to appear
     * @return the zip file or directory
     * @throws IOException if it cannot be written; what was there before is still there then
     */
    Path write(final Path directory, final Network network, final int members, final Path folder) throws IOException {
        Files.createDirectories(folder);
        final String readMe = readMe(network, members);
        if (m_parameters.m_form == NetworkWriterParameters.Form.FOLDER) {
            final Path target = folder.resolve(m_parameters.m_name);
            requireReplaceable(target, true);
            AtomicOutput.folder(target, temporary -> copy(directory, temporary, readMe));
            return target;
        }
        final Path target = folder.resolve(m_parameters.m_name + ".zip");
        requireReplaceable(target, false);
        final Path complete = Files.createTempDirectory("scanbridge-network");
        try {
            copy(directory, complete, readMe);
            AtomicOutput.file(target, temporary -> {
                try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(temporary))) {
                    NetworkArchive.write(complete, out, m_progress.part(0.5, 1));
                }
            });
        } finally {
            Folders.deleteTree(complete);
        }
        return target;
    }

    private void requireReplaceable(final Path target, final boolean asFolder) throws IOException {
        if (!Files.exists(target)) {
            return;
        }
        if (!m_parameters.m_replace) {
            throw new FileAlreadyExistsException(target.toString(), null,
                "it is there already; choose another name or \"Replace what is there\"");
        }
        final boolean network =
            asFolder ? Files.exists(target.resolve(NetworkArchive.JSON)) || Ensemble.isIn(target) : Files.isRegularFile(target);
        if (!network) {
            throw new FileAlreadyExistsException(target.toString(), null,
                "it is there already and holds no network, so it is not replaced; choose another name");
        }
    }

    private void copy(final Path directory, final Path target, final String readMe) throws IOException {
        final List<Path> files;
        try (Stream<Path> tree = Files.walk(directory)) {
            files = tree.filter(Files::isRegularFile).sorted().toList();
        }
        for (int f = 0; f < files.size(); f++) {
            m_progress.report(0.5 * f / files.size(), "Copying the network");
            final Path copy = target.resolve(directory.relativize(files.get(f)).toString());
            Files.createDirectories(copy.getParent());
            Files.copy(files.get(f), copy);
        }
        Files.write(target.resolve("README.txt"), readMe.getBytes(StandardCharsets.UTF_8));
    }

    /** For whoever finds the folder without ScanBridge at hand. */
    private static String readMe(final Network network, final int members) {
        final PatchSize in = network.spec().inputSize();
        final PatchSize patch = network.spec().patchSize();
        return """
                %s, written by ScanBridge %s.

                Architecture   %s
                Classes        %s
                Regions        %s
                Trained        %s
                Weights        SHA-256 %s

                network.json   architecture, classes, how and on what it was trained (no patients)
                weights.bin    weights as little-endian 32-bit floats
                saved_model    TensorFlow SavedModel, signature serving_default:
                               image [n, k, j, i, channels] -> %s [n, k, j, i, %s]
                               image of %d x %d x %d voxels (k, j, i) and %d channels, no other size,
                               normalized as it was for training; probabilities are those of
                               the middle %d x %d x %d voxels

                Converters to other formats (tf2onnx, TensorFlow Lite) and Keras' TFSMLayer find the
                weights in it.

                Read it in KNIME with the node Network Reader.
                """.formatted(members == 1 ? "A segmentation network"
            : "An ensemble of " + members + " segmentation networks, in the folders member-1 to member-" + members
                + ",\nof the first of which the following tells", SoftwareVersion.get(), network.spec(),
            network.labels().names().isEmpty() ? "not named" : "background, "
                + String.join(", ", network.labels().names().values()),
            regions(network), network.provenance().method(), network.weights().hash(), network.spec().output().tensorName(),
            network.spec().output().image() ? "channels" : network.spec().regions().isEmpty() ? "classes" : "regions",
            in.k(), in.j(), in.i(), network.spec().inputChannels(), patch.k(), patch.j(), patch.i());
    }

    /** What the outputs are, if not the classes. */
    private static String regions(final Network network) {
        final ClassValues values = ClassValues.of(network.labels(), network.spec().classes());
        return network.spec().regions().isEmpty() ? "none, the outputs are the classes"
            : String.join("; ", network.spec().regions().stream().map(r -> r.name() + " = " + String.join(", ",
                r.classes().stream().map(c -> network.labels().name(values.value(c))).toList())).toList());
    }
}
