package org.knime.core.node.port;

import java.io.OutputStream;
import java.util.zip.ZipOutputStream;

/** The zip stream into which the spec of a port object is written. */
public final class PortObjectSpecZipOutputStream extends ZipOutputStream {

    /** @param out where to */
    public PortObjectSpecZipOutputStream(final OutputStream out) {
        super(out);
    }
}
