package org.scanbridge.learning.network;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

import org.scanbridge.imaging.Progress;

/**
 * A network's directory as one zip file. The same directory gives the same bytes. Archives come from strangers: what is
 * taken out is found by name, never by where an entry wants to go, and an archive that has an entry outside itself is
 * refused as a whole.
 */
public final class NetworkArchive {

    /** The description of the network, without which nothing is one. */
    public static final String JSON = "network.json";

    private static final String SAVED_MODEL = "saved_model.pb";

    /** What is taken out: numbers and text. The graph of the SavedModel is not, it could do anything when run. */
    private static final List<String> TAKEN = List.of(JSON, "weights.bin", "training.json");

    /** Zip entries have a date; this one keeps the bytes the same. */
    private static final LocalDateTime DATE = LocalDateTime.of(2000, 1, 1, 0, 0);

    private static final int MAX_ENTRIES = 10_000;

    /** Weights are read into one array. */
    private static final long MAX_BYTES = Integer.MAX_VALUE - 8L;

    private static final int CHUNK = 1 << 16;

    private NetworkArchive() {
    }

    /**
     * Packs a directory.
     *
     * @param directory a network's directory
     * @param out takes the zip; not closed
     * @param progress counts bytes; cancels
     * @throws IOException if a file cannot be read or the stream not be written
     */
    public static void write(final Path directory, final OutputStream out, final Progress progress) throws IOException {
        final List<Path> files;
        try (Stream<Path> tree = Files.walk(directory)) {
            files = tree.filter(Files::isRegularFile).sorted().toList();
        }
        long total = 1;
        for (final Path file : files) {
            total += Files.size(file);
        }
        final ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.UTF_8);
        long done = 0;
        for (final Path file : files) {
            final ZipEntry entry = new ZipEntry(directory.relativize(file).toString().replace('\\', '/'));
            entry.setTimeLocal(DATE);
            zip.putNextEntry(entry);
            try (InputStream in = Files.newInputStream(file)) {
                final byte[] chunk = new byte[CHUNK];
                for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                    progress.report((double)done / total, "Packing the network");
                    zip.write(chunk, 0, n);
                    done += n;
                }
            }
            zip.closeEntry();
        }
        zip.finish();
    }

    /**
     * Takes a network or an ensemble out of an archive, so that {@link Network#load} or {@link Ensemble#load} can read it. The network may lie at the top or in a
     * folder of the archive.
     *
     * @param file the zip
     * @param directory an existing, empty directory
     * @param progress counts bytes; cancels
     * @throws IOException if it is no zip, holds no network or more than one, or has an entry that leads out of it
     */
    public static void extract(final Path file, final Path directory, final Progress progress) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile(), StandardCharsets.UTF_8)) {
            final Set<String> names = names(zip, file);
            final List<String> ensembles =
                names.stream().filter(n -> n.equals(Ensemble.JSON) || n.endsWith("/" + Ensemble.JSON)).toList();
            if (ensembles.size() != 1) {
                take(zip, folder(names, file), TAKEN, directory, file, progress);
                return;
            }
            final String folder = ensembles.get(0).substring(0, ensembles.get(0).length() - Ensemble.JSON.length());
            for (int member = 0;; member++) {
                final Path place = Ensemble.directory(directory, member);
                final String within = folder + place.getFileName() + "/";
                if (!names.contains(within + JSON)) {
                    break;
                }
                Files.createDirectories(place);
                take(zip, within, TAKEN, place, file, progress);
            }
            take(zip, folder, List.of(Ensemble.JSON), directory, file, progress);
        } catch (final NoSuchFileException e) {
            throw new IOException(file + " does not exist. Check the path.", e);
        } catch (final ZipException e) {
            throw new IOException(file + " is no zip file, or is damaged (" + e.getMessage()
                + "). Choose a zip file or a directory that the Network Writer wrote.", e);
        }
    }

    private static void take(final ZipFile zip, final String folder, final List<String> files, final Path directory,
        final Path file, final Progress progress) throws IOException {
        for (final String name : files) {
            final ZipEntry entry = zip.getEntry(folder + name);
            if (entry != null) {
                try (InputStream in = zip.getInputStream(entry)) {
                    copy(in, directory.resolve(name), file + ": " + entry.getName(), progress);
                }
            }
        }
    }

    private static Set<String> names(final ZipFile zip, final Path file) throws IOException {
        if (zip.size() > MAX_ENTRIES) {
            throw new IOException(file + " has " + zip.size() + " entries, far more than a network. Choose another file.");
        }
        final Set<String> names = new TreeSet<>();
        for (final ZipEntry entry : Collections.list(zip.entries())) {
            final String name = entry.getName();
            if (name.startsWith("/") || name.indexOf('\\') >= 0 || name.indexOf(':') >= 0
                || List.of(name.split("/")).contains("..")) {
                throw new IOException(file + " holds the entry \"" + name + "\", which leads out of the archive. Nothing was"
                    + " read: the Network Writer writes no such file, so do not trust it.");
            }
            names.add(name);
        }
        return names;
    }

    /** Where network.json lies: the empty string or a folder that ends with a slash. */
    private static String folder(final Set<String> names, final Path file) throws IOException {
        final List<String> found = names.stream().filter(n -> n.equals(JSON) || n.endsWith("/" + JSON)).toList();
        if (found.size() == 1) {
            return found.get(0).substring(0, found.get(0).length() - JSON.length());
        }
        if (found.isEmpty()) {
            throw new IOException(noNetwork(file, names.stream().anyMatch(n -> n.endsWith(SAVED_MODEL))));
        }
        throw new IOException(file + " holds " + found.size() + " networks (" + String.join(", ", found)
            + "). Unpack it and choose the directory of one of them.");
    }

    /**
     * Why a file or directory is no network.
     *
     * @param place the file or directory
     * @param savedModel whether there is a SavedModel in it
     */
    public static String noNetwork(final Path place, final boolean savedModel) {
        return savedModel
            ? place + " holds a TensorFlow SavedModel, but no " + JSON + " with its architecture and classes: it was not"
                + " written by ScanBridge. Unpack it and choose its folder to use it as a network of other software, or choose what"
                + " the Network Writer wrote."
            : place + " holds no ScanBridge network (no " + JSON + "). Choose what the Network Writer wrote, an ONNX file, or the"
                + " folder of a SavedModel.";
    }

    private static void copy(final InputStream in, final Path target, final String name, final Progress progress)
        throws IOException {
        try (OutputStream out = Files.newOutputStream(target)) {
            final byte[] chunk = new byte[CHUNK];
            long bytes = 0;
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                progress.report(0.5, "Unpacking the network");
                bytes += n;
                if (bytes > MAX_BYTES) {
                    throw new IOException(name + " unpacks to more than " + MAX_BYTES + " bytes. Choose another file.");
                }
                out.write(chunk, 0, n);
            }
        }
    }
}
