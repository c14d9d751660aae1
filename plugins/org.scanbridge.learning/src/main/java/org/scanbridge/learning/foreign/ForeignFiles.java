package org.scanbridge.learning.foreign;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * The files that a network of other software consists of. An ONNX file may keep weights in other files, its parts, which lie in
 * its folder or below and are named relative to it (<i>ONNX: External Data</i>); exporters of today write
 * {@code model.onnx.data} beside {@code model.onnx}. Where it says that they lie is not believed: a file of strangers could
 * name any file of the computer.
 */
public final class ForeignFiles {

    private static final int CHUNK = 1 << 16;

    /** What of a SavedModel's directory is needed to run it. */
    private static final List<String> PARTS = List.of("saved_model.pb", "variables");

    /** What no file is named on every system; ONNX Runtime takes {@code *} for the memory of the program. */
    private static final String NEVER_IN_NAMES = "\\*?\"<>|";

    private static final int MAX_NAME = 1024;

    private ForeignFiles() {
    }

    /**
     * The place of a part of an ONNX file.
     *
     * @param model the ONNX file
     * @param location where it says that the part lies
     * @return a regular file in the folder of the ONNX file or below
     * @throws IOException if it would lie anywhere else, also by a link, or is missing; the message is meant for the user
     */
    public static Path part(final Path model, final String location) throws IOException {
        final Path folder = model.toAbsolutePath().normalize().getParent();
        if (!staysInside(location)) {
            throw new IOException(model + " says that some of its weights lie in \"" + shown(location) + "\", which is no file of"
                + " its folder. It was not read: no exporter writes that, so do not trust it.");
        }
        final Path part;
        try {
            part = folder.resolve(location).normalize();
        } catch (final InvalidPathException e) {
            throw new IOException(model + " keeps weights in \"" + shown(location) + "\", which this computer takes for no name"
                + " of a file. Save the network as one file: " + asOneFile(model), e);
        }
        if (!Files.isRegularFile(part)) {
            throw new IOException(model + " keeps weights in another file, \"" + shown(location) + "\", which is missing in "
                + folder + ". Copy it there from where the network was exported, or export the network as one file: "
                + asOneFile(model));
        }
        if (!part.toRealPath().startsWith(folder.toRealPath())) {
            throw new IOException(part + ", which holds weights of " + model.getFileName() + ", is a link that leads out of its"
                + " folder. Copy the file itself there.");
        }
        return part;
    }

    private static boolean staysInside(final String location) {
        final List<String> names = List.of(location.split("/", -1));
        return !location.isBlank() && location.length() <= MAX_NAME && !names.contains("..") && !names.contains("")
            && !location.matches("[A-Za-z]:.*")
            && location.chars().noneMatch(c -> c < ' ' || NEVER_IN_NAMES.indexOf(c) >= 0);
    }

    private static String shown(final String location) {
        final String visible = location.replaceAll("\\p{Cntrl}", "?");
        return visible.length() > 100 ? visible.substring(0, 100) + "…" : visible;
    }

    private static String asOneFile(final Path model) {
        return "in Python onnx.save(onnx.load(\"" + model.getFileName() + "\"), \"one-file.onnx\"), or torch.onnx.export(…,"
            + " external_data=False).";
    }

    /**
     * SHA-256 in hexadecimal: of an ONNX file that of the file, followed by the locations and contents of its parts; of a
     * SavedModel that of the relative names and contents of {@code saved_model.pb} and {@code variables}, in alphabetical order.
     *
     * @param path a file, or the directory of a SavedModel
     * @param parts locations of the ONNX file's parts
     * @throws IOException if it cannot be read, or a part is not where it has to be
     */
    public static String sha256(final Path path, final List<String> parts) throws IOException {
        final MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
        if (Files.isDirectory(path)) {
            for (final Path file : of(path)) {
                digest.update((name(path, file) + '\n').getBytes(StandardCharsets.UTF_8));
                add(digest, file);
            }
        } else {
            add(digest, path);
            for (final String location : sorted(parts)) {
                digest.update(('\n' + location + '\n').getBytes(StandardCharsets.UTF_8));
                add(digest, part(path, location));
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void add(final MessageDigest digest, final Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            final byte[] chunk = new byte[CHUNK];
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                digest.update(chunk, 0, n);
            }
        }
    }

    private static List<String> sorted(final List<String> parts) {
        return parts.stream().sorted().toList();
    }

    /**
     * Copies an ONNX file with its parts, or what is needed of a SavedModel.
     *
     * @param parts locations of the ONNX file's parts
     * @param target the file or directory; replaced if it is there
     * @throws IOException if it cannot be read or written, or a part is not where it has to be
     */
    public static void copy(final Path path, final List<String> parts, final Path target) throws IOException {
        if (!Files.isDirectory(path)) {
            Files.createDirectories(target.toAbsolutePath().getParent());
            Files.copy(path, target, StandardCopyOption.REPLACE_EXISTING);
            for (final String location : sorted(parts)) {
                final Path copy = target.resolveSibling(location);
                Files.createDirectories(copy.toAbsolutePath().getParent());
                Files.copy(part(path, location), copy, StandardCopyOption.REPLACE_EXISTING);
            }
            return;
        }
        for (final Path file : of(path)) {
            final Path copy = target.resolve(name(path, file));
            Files.createDirectories(copy.getParent());
            Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static String name(final Path directory, final Path file) {
        return directory.relativize(file).toString().replace('\\', '/');
    }

    private static List<Path> of(final Path directory) throws IOException {
        try (Stream<Path> tree = Files.walk(directory, 2)) {
            return tree.filter(Files::isRegularFile)
                .filter(f -> PARTS.contains(directory.relativize(f).getName(0).toString())).sorted().toList();
        }
    }
}
