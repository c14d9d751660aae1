package org.scanbridge.dicom.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

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
     * The files it names, by relative path; those outside its folder are never touched.
     *
     * @param problems takes files that are missing
     * @throws IOException if it is no DICOMDIR
     */
    Map<String, Path> files(final List<Problem> problems) throws IOException {
        final Map<String, Path> files = new TreeMap<>();
        final Path root = m_file.toAbsolutePath().normalize().getParent();
        try (DicomFile directory = DicomFile.open(m_file)) {
            if (!directory.meta().text(Tag.MEDIA_STORAGE_SOP_CLASS_UID).equals(Uid.MEDIA_STORAGE_DIRECTORY)) {
                throw new NotDirectoryException(m_file + " is a file; choose the folder that holds the series");
            }
            for (final DataSet entry : directory.data().items(Tag.DIRECTORY_RECORD_SEQUENCE)) {
                final String path = String.join("/", entry.texts(Tag.REFERENCED_FILE_ID));
                if (!path.isEmpty()) {
                    add(root, path, files, problems);
                }
            }
        } catch (final DicomException e) {
            if (e.reason() == Reason.NOT_DICOM) {
                throw new NotDirectoryException(m_file + " is a file; choose the folder that holds the series");
            }
            throw e;
        }
        return files;
    }

    private static void add(final Path root, final String path, final Map<String, Path> files,
        final List<Problem> problems) {
        try {
            final Path file = root.resolve(path).normalize();
            if (file.startsWith(root) && Files.isRegularFile(file)) {
                files.put(path, file);
                return;
            }
        } catch (final InvalidPathException e) {
            // reported below like any other name that leads to no file
        }
        problems.add(new Problem(Kind.UNREADABLE_FILE, Effect.FILE_SKIPPED, path, "",
            "The DICOMDIR lists this file, which is not there.", "Copy the medium again, or choose its folder."));
    }
}
