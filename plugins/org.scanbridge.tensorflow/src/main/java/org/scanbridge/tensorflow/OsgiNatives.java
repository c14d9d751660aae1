package org.scanbridge.tensorflow;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Enumeration;

import org.eclipse.core.runtime.FileLocator;
import org.eclipse.core.runtime.URIUtil;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;

/** Finds the native libraries in the fragment of this platform; the only class here that needs OSGi. */
final class OsgiNatives {

    private OsgiNatives() {
    }

    /** @return the directory, {@code null} if no fragment for the platform is attached to this bundle */
    static Path find(final NativePlatform platform) throws IOException {
        final Bundle self = FrameworkUtil.getBundle(OsgiNatives.class);
        // findEntries looks into attached fragments too, getEntry does not
        final Enumeration<URL> found = self.findEntries("native/org/tensorflow/internal/c_api/" + platform.name(), platform.glue(), false);
        if (found == null) {
            return null;
        }
        try {
            return new File(URIUtil.toURI(FileLocator.toFileURL(found.nextElement()))).toPath().getParent();
        } catch (final URISyntaxException e) {
            throw new IOException("the fragment's location is no valid path", e);
        }
    }
}
