package org.scanbridge.dicom.pixel;

import java.io.IOException;

import org.scanbridge.dicom.data.DicomFile;
import org.scanbridge.dicom.data.TransferSyntax;

/**
 * Decodes the pixel data of some transfer syntaxes. Stateless; safe for use by several threads. Bundles that bring another
 * one register it as an OSGi service under the name of this interface.
 */
public interface DicomDecoder {

    /** Whether pixel data in this transfer syntax can be decoded. */
    boolean supports(TransferSyntax syntax);

    /**
     * Decodes one frame.
     *
     * @param file an open file in a supported transfer syntax, with pixel data
     * @param format the header's pixel format
     * @param frame index of the frame in [0, {@code format.frames()} - 1]
     * @throws org.scanbridge.dicom.data.DicomException if the pixel data is broken
     * @throws IOException if the file cannot be read
     */
    DecodedFrame decode(DicomFile file, PixelFormat format, int frame) throws IOException;
}
