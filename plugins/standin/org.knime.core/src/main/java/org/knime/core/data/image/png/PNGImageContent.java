package org.knime.core.data.image.png;

import java.awt.Dimension;
import java.awt.Graphics2D;
import java.awt.Image;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;

import javax.imageio.ImageIO;

import org.knime.core.data.DataCell;
import org.knime.core.data.image.ImageContent;

/** A PNG image: the bytes of the file. */
public class PNGImageContent implements ImageContent {

    private final byte[] m_bytes;

    private final BufferedImage m_image;

    /**
     * @param bytes the bytes of a PNG file
     * @throws IllegalArgumentException if they are no image
     */
    public PNGImageContent(final byte[] bytes) {
        m_bytes = bytes.clone();
        try {
            m_image = ImageIO.read(new ByteArrayInputStream(m_bytes));
        } catch (IOException e) {
            throw new IllegalArgumentException("Unable to decode png image: " + e.getMessage(), e);
        }
        if (m_image == null) {
            throw new IllegalArgumentException("Unable to decode png image: " + bytes.length + " bytes are no image");
        }
    }

    /**
     * @param in a PNG file; is not closed
     * @throws IOException if reading fails
     */
    public PNGImageContent(final InputStream in) throws IOException {
        this(in.readAllBytes());
    }

    /** @return the decoded image */
    public Image getImage() {
        return m_image;
    }

    /** @return the bytes of the file */
    public byte[] getByteArray() {
        return m_bytes.clone();
    }

    /** @return a cell holding this image */
    public DataCell toImageCell() {
        return new PNGImageCell(this);
    }

    @Override
    public void paint(final Graphics2D g, final int width, final int height) {
        g.drawImage(m_image, 0, 0, width, height, null);
    }

    @Override
    public Dimension getPreferredSize() {
        return new Dimension(m_image.getWidth(), m_image.getHeight());
    }

    @Override
    public void save(final OutputStream output) throws IOException {
        output.write(m_bytes);
    }

    @Override
    public boolean equals(final Object o) {
        return o instanceof PNGImageContent p && Arrays.equals(m_bytes, p.m_bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(m_bytes);
    }
}
