package org.knime.core.node.port;

import java.io.InputStream;
import java.util.zip.ZipInputStream;

/** The zip stream from which a port object is read. */
public final class PortObjectZipInputStream extends ZipInputStream {

    /** @param in where from */
    public PortObjectZipInputStream(final InputStream in) {
        super(in);
    }
}
