package org.scanbridge.dicom.dcm4che;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

import org.dcm4che3.data.Attributes;
import org.dcm4che3.io.DicomInputStream;
import org.dcm4che3.io.DicomOutputStream;
import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.DicomOutput;
import org.scanbridge.dicom.data.TransferSyntax;

/** Data sets of ours as dcm4che's, and the other way round, by way of their bytes. */
final class Identifiers {

    private static final String EXPLICIT = TransferSyntax.EXPLICIT_LITTLE_ENDIAN.uid();

    private Identifiers() {
    }

    static Attributes toDcm4che(final DataSet data) throws IOException {
        try (DicomInputStream in = new DicomInputStream(new ByteArrayInputStream(DicomOutput.bytes(data)), EXPLICIT)) {
            return in.readDataset();
        }
    }

    static DataSet fromDcm4che(final Attributes attributes) throws IOException {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DicomOutputStream out = new DicomOutputStream(bytes, EXPLICIT)) {
            out.writeDataset(null, attributes);
        }
        return DataSet.parse(bytes.toByteArray());
    }
}
