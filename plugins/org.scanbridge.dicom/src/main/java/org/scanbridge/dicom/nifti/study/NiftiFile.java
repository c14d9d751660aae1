package org.scanbridge.dicom.nifti.study;

import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * A NIfTI file in a folder.
 *
 * @param file the file; of a pair the .hdr file
 * @param path its path relative to the folder, with {@code /}
 */
record NiftiFile(Path file, String path) {

    private static final Pattern EXTENSION = Pattern.compile("(?i)\\.(nii|hdr)(\\.gz)?$");

    /** Whether a file is called like a NIfTI file. macOS keeps shadows of files whose names begin with a dot. */
    static boolean isNamedSo(final String path) {
        return EXTENSION.matcher(path).find() && !path.substring(path.lastIndexOf('/') + 1).startsWith(".");
    }

    /** The path without extension. */
    String key() {
        return EXTENSION.matcher(path).replaceFirst("");
    }

    /** The relative folder with a closing slash; empty at the top. */
    String folder() {
        return path.substring(0, path.lastIndexOf('/') + 1);
    }

    /** The file's name without extension. */
    String stem() {
        return key().substring(folder().length());
    }

    /** The folder above that of the file, with a closing slash; empty at the top. */
    String parent() {
        final String folder = folder();
        return folder.isEmpty() ? "" : folder.substring(0, folder.lastIndexOf('/', folder.length() - 2) + 1);
    }

    /** The name of the folder that the file lies in, without its path; empty at the top. */
    String folderName() {
        return folder().isEmpty() ? "" : folder().substring(parent().length(), folder().length() - 1);
    }
}
