package org.knime.core.node.port;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

import org.knime.core.node.ModelContent;
import org.knime.core.node.ModelContentRO;

/** The one zip entry {@code content.xml} in which simple port objects and specs are kept. */
final class SimpleContent {

    static final String ROOT = "model.xml";

    static final String CLASS_NAME = "class_name";

    static final String MODEL = "model";

    private static final String ENTRY = "content.xml";

    private SimpleContent() {
    }

    static void write(final ModelContent content, final ZipOutputStream out) throws IOException {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        content.saveToXML(bytes);
        out.putNextEntry(new ZipEntry(ENTRY));
        out.write(bytes.toByteArray());
        out.closeEntry();
    }

    static ModelContentRO read(final ZipInputStream in) throws IOException {
        final ZipEntry entry = in.getNextEntry();
        if (entry == null || !entry.getName().equals(ENTRY)) {
            throw new IOException("Expected zip entry \"" + ENTRY + "\", got \""
                + (entry == null ? "nothing" : entry.getName()) + '"');
        }
        return ModelContent.loadFromXML(new ByteArrayInputStream(in.readAllBytes()));
    }
}
