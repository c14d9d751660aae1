package org.scanbridge.dicom.codec;

import java.awt.image.Raster;
import java.io.IOException;

import javax.imageio.stream.ImageInputStream;

import org.scanbridge.dicom.data.DicomException;
import org.scanbridge.dicom.data.DicomFile;
import org.scanbridge.dicom.data.TransferSyntax;
import org.scanbridge.dicom.pixel.DecodedFrame;
import org.scanbridge.dicom.pixel.DicomDecoder;
import org.scanbridge.dicom.pixel.PixelFormat;

import com.github.jaiimageio.jpeg2000.impl.J2KImageReader;
import com.github.jaiimageio.jpeg2000.impl.J2KImageReaderSpi;

import jj2000.j2k.NotImplementedError;

/**
 * JPEG 2000, lossless and lossy (ISO/IEC 15444-1; PS3.5 sections 8.2.4 and A.4.4), decoded by jai-imageio-jpeg2000. The
 * headers are checked here before, so that broken streams are refused without being trusted with time and memory.
 */
public final class Jpeg2000Decoder implements DicomDecoder {

    @Override
    public boolean supports(final TransferSyntax syntax) {
        return syntax.uid().equals(TransferSyntax.JPEG_2000_LOSSLESS.uid())
            || syntax.uid().equals(TransferSyntax.JPEG_2000.uid());
    }

    @Override
    public DecodedFrame decode(final DicomFile file, final PixelFormat format, final int frame) throws IOException {
        final byte[] bytes = file.fragments(format.frames()).frame(frame);
        final Jpeg2000Header header = Jpeg2000Header.of(bytes);
        if (header.columns() != format.columns() || header.rows() != format.rows()
            || header.components() != format.samples()) {
            throw Jpeg2000Header.broken("has " + header.components() + " components of " + header.columns() + "×"
                + header.rows() + " samples, the header announces " + format.samples() + " of " + format.columns() + "×"
                + format.rows());
        }
        final Raster raster = decode(bytes, header);
        final short[][] planes = new short[header.components()][format.framePixels()];
        final int[] row = new int[header.columns()];
        for (int c = 0; c < header.components(); c++) {
            for (int y = 0; y < header.rows(); y++) {
                raster.getSamples(raster.getMinX(), raster.getMinY() + y, header.columns(), 1, c, row);
                for (int x = 0; x < header.columns(); x++) {
                    planes[c][y * header.columns() + x] = (short)row[x];
                }
            }
        }
        // Component transforms are undone by the decoder.
        final String color = format.photometric();
        final PixelFormat decoded = format.withColor(color.equals("YBR_RCT") || color.equals("YBR_ICT") ? "RGB" : color,
            format.samples() > 1);
        // Where only the DICOM header says signed, unsigned samples carry the sign in their highest bit.
        return SamplePlanes.frame(planes, !header.signed() && format.signed()
            ? decoded.withBits(decoded.bitsAllocated(), header.precision(), true) : decoded, header.precision());
    }

    private static Raster decode(final byte[] bytes, final Jpeg2000Header header) throws IOException {
        final J2KImageReader reader = new J2KImageReader(new J2KImageReaderSpi());
        try (ImageInputStream in = new BoundedImageStream(
            Jpeg2000TileParts.corrected(bytes, header.start()), header.start())) {
            reader.setInput(in, true, true);
            final Raster raster = reader.readRaster(0, null);
            if (raster.getWidth() < header.columns() || raster.getHeight() < header.rows()
                || raster.getNumBands() < header.components()) {
                throw Jpeg2000Header.broken("decodes to " + raster.getWidth() + "×" + raster.getHeight() + " pixels");
            }
            return raster;
        } catch (final DicomException e) {
            throw e;
        } catch (final IOException | RuntimeException | NotImplementedError | StackOverflowError e) {
            // The library throws whatever comes of broken data.
            final DicomException broken =
                Jpeg2000Header.broken("cannot be decoded (" + e.getClass().getSimpleName() + ")");
            broken.initCause(e);
            throw broken;
        } finally {
            reader.dispose();
        }
    }
}
