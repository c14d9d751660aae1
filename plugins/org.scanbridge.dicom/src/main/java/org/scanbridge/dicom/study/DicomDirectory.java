package org.scanbridge.dicom.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.DicomException;
import org.scanbridge.dicom.data.DicomException.Reason;
import org.scanbridge.dicom.data.DicomFile;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.data.Uid;
import org.scanbridge.dicom.series.Problem;
import org.scanbridge.dicom.series.Problem.Effect;
import org.scanbridge.dicom.series.Problem.Kind;

/** A DICOMDIR (PS3.3 annex F, PS3.10 section 8): the list of the files of a medium. */
final class DicomDirectory {

    private final Path m_file;

    DicomDirectory(final Path file) {
        m_file = file;
    }

    /**
     * The files it names, by relative path; those outside its folder are never touched. Names in a DICOMDIR are upper case
     * (PS3.10 section 8.2); a file is found as well where a file system shows it in lower case, with a version
     * ({@code IM1;1}) or with a dot at the end, as ISO 9660 media have them.
     *
     * @param problems takes files that are missing
     * @throws IOException if it is no DICOMDIR
     */
    Map<String, Path> files(final List<Problem> problems) throws IOException {
        final Map<String, Path> files = new TreeMap<>();
        final Map<Path, Map<String, Path>> folders = new HashMap<>();
        final Path root = m_file.toAbsolutePath().normalize().getParent();
        try (DicomFile directory = DicomFile.open(m_file)) {
            if (!directory.meta().text(Tag.MEDIA_STORAGE_SOP_CLASS_UID).equals(Uid.MEDIA_STORAGE_DIRECTORY)) {
                throw new NotDirectoryException(m_file + " is a file; choose the folder that holds the series");
            }
            for (final DataSet entry : directory.data().items(Tag.DIRECTORY_RECORD_SEQUENCE)) {
                final String path = String.join("/", entry.texts(Tag.REFERENCED_FILE_ID));
                if (!path.isEmpty()) {
                    add(root, path, files, folders, problems);
                }
            }
        } catch (final DicomException e) {
            if (e.reason() == Reason.NOT_DICOM) {
                throw new NotDirectoryException(m_file + " is a file; choose the folder that holds the series");
            }
            if (e.reason() == Reason.COMPRESSED) {
                throw new NotDirectoryException(m_file + " is an archive or a compressed file; unzip it and choose the folder"
                    + " that it makes");
            }
            throw e;
        }
        return files;
    }

    private static void add(final Path root, final String path, final Map<String, Path> files,
        final Map<Path, Map<String, Path>> folders, final List<Problem> problems) throws IOException {
        try {
            final Path exact = root.resolve(path).normalize();
            final Path file = Files.exists(exact) || !exact.startsWith(root) ? exact : alike(root, path, folders);
            if (file.startsWith(root) && Files.isRegularFile(file)) {
                files.put(root.relativize(file).toString().replace('\\', '/'), file);
                return;
            }
        } catch (final InvalidPathException e) {
            // reported below like any other name that leads to no file
        }
        problems.add(new Problem(Kind.UNREADABLE_FILE, Effect.FILE_SKIPPED, path, "",
            "The DICOMDIR lists this file, which is not there.", "Copy the medium again, or choose its folder."));
    }

    /**
     * The file whose names differ from those of the path by case, version or a final dot only.
     *
     * @param folders what is known of folders: their entries by plain name
     * @return a file that does not exist if there is none
     */
    private static Path alike(final Path root, final String path, final Map<Path, Map<String, Path>> folders)
        throws IOException {
        Path at = root;
        for (final String name : path.split("/")) {
            if (!Files.isDirectory(at)) {
                return root.resolve(path);
            }
            Map<String, Path> entries = folders.get(at);
            if (entries == null) {
                entries = entries(at);
                folders.put(at, entries);
            }
            at = entries.getOrDefault(plain(name), at.resolve(name));
        }
        return at;
    }

    private static Map<String, Path> entries(final Path folder) throws IOException {
        final Map<String, Path> entries = new HashMap<>();
        try (Stream<Path> list = Files.list(folder)) {
            list.sorted().forEach(entry -> entries.putIfAbsent(plain(entry.getFileName().toString()), entry));
        }
        return entries;
    }

    private static String plain(final String name) {
        return name.replaceFirst(";[0-9]+$", "").replaceFirst("\\.$", "").toLowerCase(Locale.ROOT);
    }
}
