package org.scanbridge.dicom.dcm4che;

import java.awt.image.Raster;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import javax.imageio.ImageReader;

import org.dcm4che3.data.Attributes;
import org.dcm4che3.data.VR;
import org.dcm4che3.imageio.codec.ImageDescriptor;
import org.dcm4che3.imageio.codec.ImageReaderFactory;
import org.dcm4che3.imageio.codec.ImageReaderFactory.ImageReaderParam;
import org.scanbridge.dicom.data.DicomException;
import org.scanbridge.dicom.data.DicomException.Reason;
import org.scanbridge.dicom.data.DicomFile;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.data.TransferSyntax;
import org.scanbridge.dicom.pixel.DecodedFrame;
import org.scanbridge.dicom.pixel.DicomDecoder;
import org.scanbridge.dicom.pixel.PixelFormat;

/**
 * Decodes frames with the image readers that dcm4che knows for transfer syntaxes, as far as they are installed: its module
 * {@code dcm4che-imageio} only lists them; those for JPEG, JPEG-LS, JPEG 2000 and HTJ2K come with {@code dcm4che-imageio-opencv}
 * and its native library.
 */
public final class Dcm4cheDecoder implements DicomDecoder {

    /** Whether there is a reader, by UID of the transfer syntax; finding out takes time, and frames ask one by one. */
    private final Map<String, Boolean> m_supported = new ConcurrentHashMap<>();

    @Override
    public boolean supports(final TransferSyntax syntax) {
        return syntax.encapsulated() && m_supported.computeIfAbsent(syntax.uid(), Dcm4cheDecoder::hasReader);
    }

    private static boolean hasReader(final String uid) {
        final ImageReaderParam param = ImageReaderFactory.getImageReaderParam(uid);
        if (param == null) {
            return false;
        }
        try {
            reader(param).dispose();
            return true;
        } catch (final RuntimeException | LinkageError | ServiceConfigurationError e) {
            return false; // listed, but not installed, or without its native library
        }
    }

    /** Through the loader of this bundle, in which the readers are. */
    private static ImageReader reader(final ImageReaderParam param) {
        return withLoader(() -> ImageReaderFactory.getImageReaderFromServiceLoader(param));
    }

    private static <T> T withLoader(final Supplier<T> action) {
        final Thread thread = Thread.currentThread();
        final ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(Dcm4cheDecoder.class.getClassLoader());
        try {
            return action.get();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Override
    public DecodedFrame decode(final DicomFile file, final PixelFormat format, final int frame) throws IOException {
        final TransferSyntax syntax = file.transferSyntax();
        final byte[] bytes = file.fragments(format.frames()).frame(frame);
        final Raster raster;
        try (FrameStream stream = new FrameStream(bytes, new ImageDescriptor(header(format)))) {
            raster = raster(ImageReaderFactory.getImageReaderParam(syntax.uid()), stream);
        } catch (final IOException | RuntimeException | LinkageError e) {
            throw new DicomException(Reason.BAD_VALUE, "Frame " + (frame + 1) + " (" + syntax + ") cannot be decoded by dcm4che ("
                + e.getClass().getSimpleName() + ")", e);
        }
        if (raster == null || raster.getWidth() != format.columns() || raster.getHeight() != format.rows()
            || raster.getNumBands() != format.samples()) {
            throw new DicomException(Reason.BAD_VALUE, "Frame " + (frame + 1) + " (" + syntax + ") decodes to "
                + (raster == null ? "nothing" : raster.getNumBands() + " samples of " + raster.getWidth() + "×"
                    + raster.getHeight() + " pixels") + ", the header announces " + format.samples() + " of "
                + format.columns() + "×" + format.rows(), Tag.PIXEL_DATA, DicomException.NONE);
        }
        return frame(raster, format);
    }

    private static Raster raster(final ImageReaderParam param, final FrameStream stream) throws IOException {
        final ImageReader reader = reader(param);
        try {
            reader.setInput(stream);
            return reader.canReadRaster() ? reader.readRaster(0, null) : reader.read(0, null).getRaster();
        } finally {
            reader.dispose();
        }
    }

    private static Attributes header(final PixelFormat format) {
        final Attributes header = new Attributes();
        header.setInt(Tag.SAMPLES_PER_PIXEL, VR.US, format.samples());
        header.setString(Tag.PHOTOMETRIC_INTERPRETATION, VR.CS, format.photometric());
        header.setInt(Tag.PLANAR_CONFIGURATION, VR.US, 0);
        header.setString(Tag.NUMBER_OF_FRAMES, VR.IS, "1");
        header.setInt(Tag.ROWS, VR.US, format.rows());
        header.setInt(Tag.COLUMNS, VR.US, format.columns());
        header.setInt(Tag.BITS_ALLOCATED, VR.US, format.bitsAllocated());
        header.setInt(Tag.BITS_STORED, VR.US, format.bitsStored());
        header.setInt(Tag.HIGH_BIT, VR.US, format.highBit());
        header.setInt(Tag.PIXEL_REPRESENTATION, VR.US, format.signed() ? 1 : 0);
        return header;
    }

    /**
     * Samples as cells of 8 or 16 bits, little endian, pixel by pixel. Readers shift samples down to bit 0, and make colors RGB.
     */
    private static DecodedFrame frame(final Raster raster, final PixelFormat format) {
        final int unit = raster.getSampleModel().getSampleSize(0) <= 8 ? 1 : 2;
        final ByteBuffer bytes =
            ByteBuffer.allocate(format.framePixels() * format.samples() * unit).order(ByteOrder.LITTLE_ENDIAN);
        final int[] row = new int[format.columns() * format.samples()];
        for (int y = 0; y < format.rows(); y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, format.columns(), 1, row);
            for (final int sample : row) {
                if (unit == 1) {
                    bytes.put((byte)sample);
                } else {
                    bytes.putShort((short)sample);
                }
            }
        }
        final PixelFormat cells = format.withBits(8 * unit, Math.min(8 * unit, format.bitsStored()), format.signed());
        return new DecodedFrame(format.samples() > 1 ? cells.withColor("RGB", false) : cells, bytes.array(),
            ByteOrder.LITTLE_ENDIAN);
    }
}
