package org.scanbridge.dicom.study;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.ZipError;

import org.scanbridge.dicom.series.Problem;
import org.scanbridge.dicom.series.Problem.Effect;
import org.scanbridge.dicom.series.Problem.Kind;

/**
 * Zip archives that are read where they lie: their entries are paths, and nothing is ever unpacked to a disk, so that no
 * entry can lead out of an archive and no image is left behind. Entries are held in memory one by one, see
 * {@link org.scanbridge.dicom.data.ByteSource#open}. Closing closes all archives; then their entries cannot be read any more.
 */
public final class Archives implements Closeable {

    private static final String REMEDY = "Unzip it into the folder if it holds images of the study, and remove it.";

    /** In which old programs write names (APPNOTE appendix D); not part of each Java. */
    private static final String CODE_PAGE = "IBM437";

    /** Where the flags of the first entry stand (APPNOTE 4.3.7); bit 0 says that it is encrypted. */
    private static final int FLAGS = 6;

    private final List<FileSystem> m_open = new ArrayList<>();

    /** Whether a file is named like a zip archive and begins like one. */
    static boolean isZip(final Path file) {
        return file.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".zip") && head(file).length > 0;
    }

    /** The header of the first entry; empty if it is no zip archive or cannot be read. */
    private static byte[] head(final Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            final byte[] head = in.readNBytes(FLAGS + 2);
            final boolean entry = head.length == FLAGS + 2 && head[0] == 'P' && head[1] == 'K'
                && (head[2] == 3 && head[3] == 4 || head[2] == 5 && head[3] == 6);
            return entry ? head : new byte[0];
        } catch (final IOException e) {
            return new byte[0];
        }
    }

    /**
     * Opens an archive.
     *
     * @param path relative path of the archive, for problems
     * @param problems takes why it cannot be read
     * @return the root folder of its entries; empty if it cannot be read
     */
    Optional<Path> open(final Path file, final String path, final Consumer<Problem> problems) {
        String reason;
        try {
            return Optional.of(open(file, Map.of()));
        } catch (final IOException | IllegalArgumentException | ZipError | UncheckedIOException e) {
            reason = String.valueOf(e.getMessage());
        }
        try {
            // Names without the flag of UTF-8 are in code page 437 (APPNOTE appendix D); as bytes they can at least be told apart.
            final boolean known = Charset.isSupported(CODE_PAGE);
            final Path root = open(file, Map.of("encoding", known ? CODE_PAGE : StandardCharsets.ISO_8859_1.name()));
            if (!known) {
                problems.accept(new Problem(Kind.COMPRESSED_FILE, Effect.KEPT, path, "", "The names in this zip archive are in"
                    + " code page 437, which this Java does not know, so that letters beyond ASCII in them are wrong.",
                    "Unzip it into the folder and remove it, if its folders name sites or subjects."));
            }
            return Optional.of(root);
        } catch (final IOException | IllegalArgumentException | ZipError | UncheckedIOException e) {
            problems.accept(new Problem(Kind.COMPRESSED_FILE, Effect.FILE_SKIPPED, path, "", "It is a zip archive "
                + reason(file, reason) + ".", REMEDY));
            return Optional.empty();
        }
    }

    private static String reason(final Path file, final String message) {
        final byte[] head = head(file);
        if (message.contains("encrypted") || head.length > FLAGS && (head[FLAGS] & 1) != 0) {
            return "with a password, whose content cannot be read";
        }
        if (message.contains("compression method")) {
            return "packed by another method than deflate, whose content is not read";
        }
        // Names that lead out of an archive are a known attack; no program of an archive or a scanner makes them.
        return message.contains("'.' or '..'") ? "that holds names with \"..\", which lead out of it, and is not read"
            : "that is broken or cut off (" + message.replace(file.toString(), "it") + ")";
    }

    private Path open(final Path file, final Map<String, String> environment) throws IOException {
        final FileSystem archive = FileSystems.newFileSystem(file, environment);
        synchronized (m_open) {
            m_open.add(archive);
        }
        return archive.getRootDirectories().iterator().next();
    }

    @Override
    public void close() throws IOException {
        synchronized (m_open) {
            for (final FileSystem archive : m_open) {
                archive.close();
            }
            m_open.clear();
        }
    }
}
