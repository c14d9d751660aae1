package org.knime.core.util;

import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Files and their names. */
public final class FileUtil {

    private FileUtil() {
    }

    /**
     * @param urlOrPath a URL, or a path of the file system
     * @return the URL
     * @throws InvalidPathException if it is neither
     * @throws MalformedURLException if the path cannot be made a URL
     */
    public static URL toURL(final String urlOrPath) throws InvalidPathException, MalformedURLException {
        try {
            return new URL(urlOrPath);
        } catch (MalformedURLException e) { // then it is a path
            return Path.of(urlOrPath).toAbsolutePath().toUri().toURL();
        }
    }

    /**
     * @param url a URL
     * @return the path, or null if the URL is not one of the file system
     * @throws IOException never here, but in KNIME
     * @throws URISyntaxException if the URL is malformed
     */
    public static Path resolveToPath(final URL url) throws IOException, URISyntaxException {
        return url.getProtocol().equalsIgnoreCase("file") ? Path.of(url.toURI()) : null;
    }

    /**
     * @param name any name
     * @param maxLength the most characters to keep, or -1
     * @return the name with everything replaced by underscores that some operating system does not allow
     */
    public static String getValidFileName(final String name, final int maxLength) {
        final String valid = name.replaceAll("[<>:\"/\\\\|?*\\p{Cntrl}]", "_").replaceAll("[. ]+$", "_");
        return maxLength >= 0 && valid.length() > maxLength ? valid.substring(0, maxLength).trim() : valid;
    }

    /**
     * @param prefix the beginning of its name
     * @return a new folder in the temporary folder; the caller deletes it
     * @throws IOException if it cannot be created
     */
    public static File createTempDir(final String prefix) throws IOException {
        return Files.createTempDirectory(prefix).toFile();
    }
}
