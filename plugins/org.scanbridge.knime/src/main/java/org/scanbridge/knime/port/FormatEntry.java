package org.scanbridge.knime.port;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.ZipEntry;

import org.knime.core.node.port.PortObjectZipInputStream;
import org.knime.core.node.port.PortObjectZipOutputStream;

/**
 * The only entry that port objects in file stores write of their own, as KNIME keeps their spec and the key of the file store,
 * but its zip streams need at least one: in which format the object is stored.
 */
final class FormatEntry {

    private static final String ENTRY = "version.txt";

    private static final String VERSION = "1";

    private FormatEntry() {
    }

    static void write(final PortObjectZipOutputStream out) throws IOException {
        out.putNextEntry(new ZipEntry(ENTRY));
        out.write(VERSION.getBytes(StandardCharsets.US_ASCII));
        out.closeEntry();
    }

    /**
     * The spec of a stored object.
     *
     * @param type that the object has a spec of
     * @param name what users call the object
     * @throws IOException if it was stored in another format, or with another spec; the message is meant for the user
     */
    static <S> S read(final PortObjectZipInputStream in, final Object spec, final Class<S> type, final String name)
        throws IOException {
        final ZipEntry entry = in.getNextEntry();
        final String version = entry == null ? "none" : new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        if (!VERSION.equals(version) || !type.isInstance(spec)) {
            throw new IOException("The " + name + " was stored in format " + version + ", this version of ScanBridge reads format "
                + VERSION + ". Update ScanBridge, or execute the node again.");
        }
        return type.cast(spec);
    }
}
