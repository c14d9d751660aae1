package org.scanbridge.dicom.study;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

import org.scanbridge.dicom.series.Problem;
import org.scanbridge.dicom.series.Problem.Effect;
import org.scanbridge.dicom.series.Problem.Kind;

/** The files of a study: those below a folder or in zip archives there, or those that a DICOMDIR names. */
public final class StudyFiles {

    private static final Set<String> LITTER = Set.of(".ds_store", "thumbs.db", "desktop.ini");

    private StudyFiles() {
    }

    /**
     * Lists them, without what desktops leave beside others, such as the {@code ._*} files of macOS.
     *
     * @param root a folder, a DICOMDIR or a zip archive
     * @param archives opens zip archives, whose files are listed as if an archive were a folder; open as long as files are read
     * @param problems takes folders and files that cannot be listed
     * @return by path relative to the folder, with {@code /}, in that order
     * @throws IOException if the root does not exist or is neither
     */
    public static Map<String, Path> list(final Path root, final Archives archives, final List<Problem> problems)
        throws IOException {
        if (!Files.exists(root)) {
            throw new NoSuchFileException(root.toString(), null, "there is no such folder");
        }
        final Map<String, Path> files = new TreeMap<>();
        if (Files.isDirectory(root)) {
            walk(root, "", archives, files, problems);
        } else if (Archives.isZip(root)) {
            final Optional<Path> entries = archives.open(root, root.getFileName().toString(), problems::add);
            if (entries.isPresent()) {
                walk(packed(entries.get(), root), "", archives, files, problems);
            }
        } else {
            return new DicomDirectory(root).files(problems);
        }
        return files;
    }

    /** Whether a list of files is that of a medium: a folder with a DICOMDIR, whose folders are numbered or patients'. */
    public static boolean isMedium(final Path root, final Collection<String> paths) {
        return Files.isRegularFile(root) && !Archives.isZip(root)
            || paths.stream().anyMatch(p -> p.equalsIgnoreCase("DICOMDIR"));
    }

    /**
     * The folder that was packed. Desktops pack a folder with itself: {@code study.zip} then holds nothing but the folder
     * {@code study}, also as {@code study (1).zip}, the second download.
     */
    private static Path packed(final Path entries, final Path archive) throws IOException {
        final List<Path> top = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(entries)) {
            for (final Path entry : all) {
                final String name = name(entry);
                if (!isLitter(entry) && !name.equals("__MACOSX")) {
                    top.add(entry);
                }
            }
        }
        final String name = archive.getFileName().toString().replaceFirst("(?i)\\.zip$", "");
        return top.size() == 1 && Files.isDirectory(top.get(0)) && (name(top.get(0)).equalsIgnoreCase(name)
            || name(top.get(0)).equalsIgnoreCase(name.replaceFirst("( \\(\\d+\\)| \\d+|-\\d+)$", ""))) ? top.get(0) : entries;
    }

    private static String name(final Path entry) {
        return entry.getFileName().toString().replaceFirst("/$", "");
    }

    /** @param prefix of paths: of an archive its own path and a slash, else empty */
    private static void walk(final Path root, final String prefix, final Archives archives, final Map<String, Path> files,
        final List<Problem> problems) throws IOException {
        final Map<String, Path> zips = new TreeMap<>();
        final int before = files.size();
        Files.walkFileTree(root, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE,
            new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(final Path file, final BasicFileAttributes attributes) {
                    if (attributes.isRegularFile() && !isLitter(file)) {
                        final String path = prefix + relative(root, file);
                        (prefix.isEmpty() && Archives.isZip(file) ? zips : files).put(path, file);
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(final Path file, final IOException e) {
                    problems.add(new Problem(Kind.UNREADABLE_FILE, Effect.FILE_SKIPPED, prefix + relative(root, file), "",
                        "It cannot be listed (" + e.getClass().getSimpleName() + ").",
                        "Check that you may read it and that links do not run in a circle."));
                    return FileVisitResult.CONTINUE;
                }
            });
        if (files.size() == before && zips.isEmpty() && !root.getFileSystem().equals(FileSystems.getDefault())) {
            problems.add(new Problem(Kind.COMPRESSED_FILE, Effect.FILE_SKIPPED, prefix.replaceFirst("/$", ""), "",
                "It is a zip archive that holds no files.", "Export it again if it should hold images, else remove it."));
        }
        for (final Map.Entry<String, Path> zip : zips.entrySet()) {
            final Optional<Path> entries = archives.open(zip.getValue(), zip.getKey(), problems::add);
            if (entries.isPresent()) {
                walk(packed(entries.get(), zip.getValue()), zip.getKey() + "/", archives, files, problems);
            }
        }
    }

    /**
     * Whether a file is what a desktop keeps beside others, never an image: {@code ._*} on foreign disks (AppleDouble, RFC
     * 1740) and the notes on how a folder is shown.
     */
    private static boolean isLitter(final Path file) {
        final String name = file.getFileName().toString();
        return name.startsWith("._") || LITTER.contains(name.toLowerCase(Locale.ROOT));
    }

    private static String relative(final Path root, final Path file) {
        return root.relativize(file).toString().replace('\\', '/');
    }
}
