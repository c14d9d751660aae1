package org.scanbridge.dicom.archive.dimse;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

import org.scanbridge.dicom.data.DataElement;
import org.scanbridge.dicom.data.DicomException;
import org.scanbridge.dicom.data.DicomException.Reason;
import org.scanbridge.dicom.data.DicomFile;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.data.TransferSyntax;

/**
 * A file that is to be sent.
 *
 * @param path where it is
 * @param sopClass its SOP Class UID
 * @param sopInstance its SOP Instance UID
 * @param transferSyntax how its data set is encoded
 * @param position where the data set begins, in bytes
 * @param length bytes of the data set
 */
public record DimseFile(Path path, String sopClass, String sopInstance, TransferSyntax transferSyntax, long position,
    long length) {

    /**
     * Reads the header of a file.
     *
     * @throws DicomException if it is no DICOM file, or its encoding is not told
     * @throws IOException if it cannot be read
     */
    public static DimseFile of(final Path path) throws IOException {
        try (DicomFile file = DicomFile.open(path)) {
            final String syntax = file.meta().text(Tag.TRANSFER_SYNTAX_UID);
            if (syntax.isEmpty()) {
                throw new DicomException(Reason.MISSING_ATTRIBUTE,
                    "The file has no file meta information with its transfer syntax");
            }
            if (!file.transferSyntax().deflated() && file.source().size() != Files.size(path)) {
                throw new DicomException(Reason.COMPRESSED, "The file is compressed as a whole; unpack it before it is sent");
            }
            long position = 0;
            for (final DataElement element : file.meta().elements()) {
                position = Math.max(position, element.offset() + element.bytes().length);
            }
            return new DimseFile(path, file.data().requiredText(Tag.SOP_CLASS_UID),
                file.data().requiredText(Tag.SOP_INSTANCE_UID), file.transferSyntax(), position, Files.size(path) - position);
        }
    }

    /** The encoded data set; to be closed. */
    public InputStream dataSet() throws IOException {
        final InputStream in = Files.newInputStream(path);
        try {
            in.skipNBytes(position);
            return in;
        } catch (final IOException e) {
            in.close();
            throw e;
        }
    }
}
