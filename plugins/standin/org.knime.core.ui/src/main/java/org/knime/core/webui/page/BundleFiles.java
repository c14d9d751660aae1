package org.knime.core.webui.page;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;

import org.eclipse.core.runtime.FileLocator;
import org.eclipse.core.runtime.Platform;
import org.eclipse.core.runtime.URIUtil;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;

/**
 * Finds the directory of a bundle. As in KNIME, a bundle that is a jar has none; KNIME then dies with a
 * NullPointerException in the static initializer of the factory, and so do we.
 */
final class BundleFiles {

    private static final String NOT_A_DIRECTORY =
        "Cannot invoke \"java.net.URL.getProtocol()\" because \"url\" is null";

    private BundleFiles() {
    }

    static Path root(final Class<?> clazz) {
        final Bundle bundle = FrameworkUtil.getBundle(clazz);
        return bundle != null ? root(bundle) : classPathRoot(clazz);
    }

    static Path root(final String symbolicName) {
        final Bundle bundle = Platform.getBundle(symbolicName);
        if (bundle == null) {
            throw new IllegalStateException("There is no bundle \"" + symbolicName + "\".");
        }
        return root(bundle);
    }

    private static Path root(final Bundle bundle) {
        final URL entry = bundle.getEntry("/");
        try {
            final File file = entry == null ? null : URIUtil.toFile(URIUtil.toURI(FileLocator.resolve(entry)));
            return directory(file == null ? null : file.toPath());
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException("Cannot find the files of bundle " + bundle.getSymbolicName(), e);
        }
    }

    /** Outside of OSGi, as in unit tests: the class folder. */
    private static Path classPathRoot(final Class<?> clazz) {
        try {
            return directory(Path.of(clazz.getProtectionDomain().getCodeSource().getLocation().toURI()));
        } catch (URISyntaxException e) {
            throw new IllegalStateException("Cannot find the files of class " + clazz.getName(), e);
        }
    }

    private static Path directory(final Path path) {
        if (path == null || !Files.isDirectory(path)) {
            throw new NullPointerException(NOT_A_DIRECTORY);
        }
        return path;
    }
}
