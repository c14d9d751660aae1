package org.knime.core.data.image.png;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.awt.Dimension;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

import javax.imageio.ImageIO;

import org.junit.jupiter.api.Test;

class PNGImageCellTest {

    private static byte[] png() throws IOException {
        final BufferedImage image = new BufferedImage(3, 2, BufferedImage.TYPE_INT_RGB);
        image.setRGB(2, 1, 0x123456);
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(image, "png", out);
        return out.toByteArray();
    }

    @Test
    void holdsTheFile() throws Exception {
        final PNGImageValue cell = (PNGImageValue)PNGImageCellFactory.create(png());
        assertArrayEquals(png(), cell.getImageContent().getByteArray());
        assertEquals(new Dimension(3, 2), cell.getImageContent().getPreferredSize());
        assertEquals("png", cell.getImageExtension());
        assertEquals(PNGImageCellFactory.create(png()), cell);
        final BufferedImage painted = new BufferedImage(3, 2, BufferedImage.TYPE_INT_RGB);
        cell.getImageContent().paint(painted.createGraphics(), 3, 2);
        assertEquals(0x123456, painted.getRGB(2, 1) & 0xFFFFFF);
    }

    @Test
    void refusesWhatIsNoImage() {
        assertThrows(IllegalArgumentException.class, () -> PNGImageCellFactory.create(new byte[]{1, 2, 3}));
    }
}
