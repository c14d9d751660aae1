package org.knime.core.node.port;

import java.io.OutputStream;
import java.util.zip.ZipOutputStream;

/** The zip stream into which a port object is written. */
public final class PortObjectZipOutputStream extends ZipOutputStream {

    /** @param out where to */
    public PortObjectZipOutputStream(final OutputStream out) {
        super(out);
    }
}
