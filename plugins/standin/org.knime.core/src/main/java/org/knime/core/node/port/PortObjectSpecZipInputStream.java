package org.knime.core.node.port;

import java.io.InputStream;
import java.util.zip.ZipInputStream;

/** The zip stream from which the spec of a port object is read. */
public final class PortObjectSpecZipInputStream extends ZipInputStream {

    /** @param in where from */
    public PortObjectSpecZipInputStream(final InputStream in) {
        super(in);
    }
}
