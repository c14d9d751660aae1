package org.knime.core.data.image;

import java.awt.Dimension;
import java.awt.Graphics2D;
import java.io.IOException;
import java.io.OutputStream;

/** An image. */
public interface ImageContent {

    /** Paints the image into the rectangle (0,0) to (width,height), in pixels. */
    void paint(Graphics2D g, int width, int height);

    /** @return the image's own size in pixels */
    Dimension getPreferredSize();

    /** Writes the image in its own format. */
    void save(OutputStream output) throws IOException;
}
