package org.scanbridge.knime.nodes.networkwriter;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.scanbridge.dicom.study.Folders;
import org.scanbridge.imaging.Progress;
import org.scanbridge.knime.util.AtomicOutput;
import org.scanbridge.knime.util.SoftwareVersion;
import org.scanbridge.learning.graph.SavedModelWriter;
import org.scanbridge.learning.network.Ensemble;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.network.NetworkArchive;
import org.scanbridge.learning.onnx.OnnxWriter;

/** One execution of the Network Writer: puts together what belongs to a network, then lets it appear at once. */
final class NetworkWriting {

    private static final String ONNX_ENDING = ".onnx";

    private static final String METADATA = "metadata.json";

    private static final String READ_ME = "README.txt";

    private static final String SAVED_MODEL = "saved_model";

    private final NetworkWriterParameters m_parameters;

    private final Progress m_progress;

    NetworkWriting(final NetworkWriterParameters parameters, final Progress progress) {
        m_parameters = parameters;
        m_progress = progress;
    }

    /**
     * @param directory the network's directory
     * @param networks the network in it, whose weights have been checked, or those of an ensemble
     * @param folder where it is to appear
     * @return the zip file or directory
     * @throws IOException if it cannot be written; what was there before is still there then
     */
    Path write(final Path directory, final List<Network> networks, final Path folder) throws IOException {
        Files.createDirectories(folder);
        if (m_parameters.m_form == NetworkWriterParameters.Form.ONNX) {
            return writeOnnx(networks, folder);
        }
        final String readMe = ReadMe.ofDirectory(networks, m_parameters.card(), m_parameters.m_frozen);
        if (m_parameters.m_form == NetworkWriterParameters.Form.FOLDER) {
            final Path target = folder.resolve(m_parameters.m_name);
            requireReplaceable(target, true);
            AtomicOutput.folder(target, temporary -> complete(directory, networks, temporary, readMe));
            return target;
        }
        final Path target = folder.resolve(m_parameters.m_name + ".zip");
        requireReplaceable(target, false);
        final Path complete = Files.createTempDirectory("scanbridge-network");
        try {
            complete(directory, networks, complete, readMe);
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

    /** @return the ONNX file, in a folder of its own with what is said about it; of an ensemble the folder */
    private Path writeOnnx(final List<Network> networks, final Path folder) throws IOException {
        final Path target = folder.resolve(m_parameters.m_name);
        requireReplaceable(target, true);
        final List<String> files = new ArrayList<>();
        for (int n = 0; n < networks.size(); n++) {
            files.add(m_parameters.m_name + (networks.size() == 1 ? "" : "-" + (n + 1)) + ONNX_ENDING);
        }
        AtomicOutput.folder(target, temporary -> {
            for (int n = 0; n < networks.size(); n++) {
                m_progress.report((double)n / networks.size(), "Writing " + files.get(n));
                final OnnxWriter writer = writer(networks.get(n));
                try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(temporary.resolve(files.get(n))))) {
                    writer.write(out);
                }
            }
            Files.writeString(temporary.resolve(METADATA), writer(networks.get(0)).metadata());
            Files.writeString(temporary.resolve(READ_ME), ReadMe.ofOnnx(networks, m_parameters.card(), files));
        });
        return files.size() == 1 ? target.resolve(files.get(0)) : target;
    }

    private OnnxWriter writer(final Network network) {
        return new OnnxWriter(network, m_parameters.card(), "ScanBridge " + SoftwareVersion.get());
    }

    /** Copies a network or an ensemble, with the SavedModels as they are asked for. */
    private void complete(final Path directory, final List<Network> networks, final Path target, final String readMe)
        throws IOException {
        copy(directory, target, readMe);
        if (m_parameters.m_frozen) {
            for (int n = 0; n < networks.size(); n++) {
                final Path member = networks.size() == 1 ? target : Ensemble.directory(target, n);
                final Path savedModel = member.resolve(SAVED_MODEL);
                Folders.deleteTree(savedModel);
                SavedModelWriter.writeFrozen(networks.get(n).spec(), networks.get(n).weights(), savedModel);
            }
        }
    }

    /** Whether a folder is one that this node writes. */
    private static boolean holdsNetwork(final Path folder) throws IOException {
        if (Files.exists(folder.resolve(NetworkArchive.JSON)) || Ensemble.isIn(folder)) {
            return true;
        }
        if (!Files.exists(folder.resolve(METADATA))) {
            return false;
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.anyMatch(f -> f.toString().endsWith(ONNX_ENDING));
        }
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
            asFolder ? holdsNetwork(target) : Files.isRegularFile(target);
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
        Files.writeString(target.resolve(READ_ME), readMe);
    }
}
