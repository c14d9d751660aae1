package org.scanbridge.knime.nodes.networkreader;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

import org.knime.core.node.ExecutionContext;
import org.scanbridge.dicom.study.Folders;
import org.scanbridge.imaging.Progress;
import org.scanbridge.knime.port.NetworkPortObject;
import org.scanbridge.knime.util.KnimeProgress;
import org.scanbridge.learning.exchange.ForeignNetworks;
import org.scanbridge.learning.foreign.ForeignSettings;
import org.scanbridge.learning.network.Ensemble;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.network.NetworkArchive;
import org.scanbridge.learning.train.TrainingRecord;

/**
 * One execution of the Network Reader. The SavedModel of a network of ours is made anew from the checked weights, so that no
 * graph that came with it is ever run; those of other software are looked through before.
 */
final class NetworkReading {

    private static final String SAVED_MODEL = "saved_model.pb";

    private static final String ONNX = ".onnx";

    private final ExecutionContext m_exec;

    private final Progress m_progress;

    NetworkReading(final ExecutionContext exec) {
        m_exec = exec;
        m_progress = new KnimeProgress(exec);
    }

    /**
     * @param path zip file or directory
     * @param expectedHash what the weights' hash must be; empty for anything
     * @param foreign what is said about a network of other software
     * @throws IOException if it is no network, is damaged or another one than expected
     */
    NetworkPortObject read(final Path path, final String expectedHash, final ForeignSettings foreign) throws IOException {
        m_progress.report(0, "Reading " + path.getFileName());
        if (!Files.exists(path)) {
            throw new IOException(path + " does not exist. Check the path.");
        }
        final Optional<Path> model = foreignModel(path);
        if (model.isPresent()) {
            return readForeign(model.get(), expectedHash, foreign);
        }
        if (Files.isDirectory(path)) {
            return readDirectory(directory(path), expectedHash);
        }
        if (path.endsWith(NetworkArchive.JSON) || path.endsWith(Ensemble.JSON)) {
            return readDirectory(path.toAbsolutePath().getParent(), expectedHash);
        }
        final Path unpacked = Files.createTempDirectory("scanbridge-network");
        try {
            NetworkArchive.extract(path, unpacked, m_progress.part(0, 0.4));
            return readDirectory(unpacked, expectedHash);
        } catch (final IOException e) {
            // the temporary folder says nothing to the user
            throw new IOException(e.getMessage().replace(unpacked.toString(), path.toString()), e);
        } finally {
            Folders.deleteTree(unpacked);
        }
    }

    /** The ONNX file or the SavedModel of other software that is meant; empty if it is a network of ours, or nothing. */
    private static Optional<Path> foreignModel(final Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            final boolean onnx = path.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(ONNX);
            if (path.endsWith(SAVED_MODEL)) {
                return foreignModel(path.toAbsolutePath().getParent());
            }
            return onnx ? Optional.of(path) : Optional.empty();
        }
        final Path parent = path.toAbsolutePath().normalize().getParent();
        if (Files.exists(path.resolve(NetworkArchive.JSON)) || Ensemble.isIn(path)) {
            return Optional.empty();
        }
        if (Files.exists(path.resolve(SAVED_MODEL))) {
            return parent != null && Files.exists(parent.resolve(NetworkArchive.JSON)) ? Optional.empty() : Optional.of(path);
        }
        try (Stream<Path> files = Files.list(path)) {
            final List<Path> found = files.filter(f -> f.toString().toLowerCase(Locale.ROOT).endsWith(ONNX)).sorted().toList();
            if (found.size() > 1) {
                throw new IOException(path + " holds " + found.size() + " ONNX files. Choose one of them.");
            }
            return found.stream().findFirst();
        }
    }

    private NetworkPortObject readForeign(final Path path, final String expectedHash, final ForeignSettings settings)
        throws IOException {
        m_progress.report(0.3, "Trying the network");
        final Network network = ForeignNetworks.read(path, settings);
        requireExpected(path, network.hash(), expectedHash);
        m_progress.report(0.7, "Copying the network");
        final NetworkPortObject object = NetworkPortObject.create(m_exec, network);
        m_progress.report(1, object.getSummary());
        return object;
    }

    /** The network's directory, also where the SavedModel within it was chosen. */
    private static Path directory(final Path chosen) throws IOException {
        if (Files.exists(chosen.resolve(NetworkArchive.JSON)) || Ensemble.isIn(chosen)) {
            return chosen;
        }
        final Path parent = chosen.toAbsolutePath().normalize().getParent();
        final boolean savedModel = Files.exists(chosen.resolve(SAVED_MODEL));
        if (savedModel && parent != null && Files.exists(parent.resolve(NetworkArchive.JSON))) {
            return parent;
        }
        throw new IOException(NetworkArchive.noNetwork(chosen, savedModel));
    }

    private NetworkPortObject readDirectory(final Path directory, final String expectedHash) throws IOException {
        m_progress.report(0.5, "Checking the weights");
        if (Ensemble.isIn(directory)) {
            return readEnsemble(directory, expectedHash);
        }
        final Network network = Network.load(directory);
        requireExpected(directory, network.hash(), expectedHash);
        final Optional<TrainingRecord> record = TrainingRecord.load(directory);
        m_progress.report(0.7, "Writing the SavedModel");
        final NetworkPortObject object = NetworkPortObject.create(m_exec, network);
        if (record.isPresent()) {
            record.get().save(object.directory());
        }
        m_progress.report(1, object.getSummary());
        return object;
    }

    private NetworkPortObject readEnsemble(final Path directory, final String expectedHash) throws IOException {
        final Ensemble ensemble = Ensemble.load(directory);
        requireExpected(directory, ensemble.hash(), expectedHash);
        m_progress.report(0.7, "Writing the SavedModels");
        final NetworkPortObject object = NetworkPortObject.create(m_exec, ensemble);
        for (int m = 0; m < ensemble.members().size(); m++) {
            final Optional<TrainingRecord> record = TrainingRecord.load(Ensemble.directory(directory, m));
            if (record.isPresent()) {
                record.get().save(Ensemble.directory(object.directory(), m));
            }
        }
        m_progress.report(1, object.getSummary());
        return object;
    }

    private static void requireExpected(final Path directory, final String hash, final String expectedHash)
        throws IOException {
        if (!expectedHash.isEmpty() && !expectedHash.equals(hash)) {
            throw new IOException("The network in " + directory + " is another one than expected: the SHA-256 of its weights"
                + " is " + hash + ", \"Expected SHA-256\" is " + expectedHash + ". Choose the right file, or leave the"
                + " setting blank.");
        }
    }
}
