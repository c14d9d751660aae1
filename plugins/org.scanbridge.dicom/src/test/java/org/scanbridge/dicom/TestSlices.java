package org.scanbridge.dicom;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.DataSetBuilder;
import org.scanbridge.dicom.data.DicomOutput;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.data.Uid;
import org.scanbridge.dicom.data.VR;

/** Hand-made single-frame CT files with known stored values, written without the series writer under test. */
public final class TestSlices {

    private TestSlices() {
    }

    /** An axial slice of 3 columns and 2 rows of 2 mm × 0.5 mm at height z, stored values as given. */
    public static DataSetBuilder axial(final double z, final int... stored) {
        final ByteBuffer pixels = ByteBuffer.allocate(2 * stored.length).order(ByteOrder.LITTLE_ENDIAN);
        for (final int v : stored) {
            pixels.putShort((short)v);
        }
        return DataSet.builder().text(Tag.SOP_CLASS_UID, "1.2.840.10008.5.1.4.1.1.2")
            .text(Tag.SOP_INSTANCE_UID, Uid.derived("slice " + z)).text(Tag.STUDY_INSTANCE_UID, "1.2.3")
            .text(Tag.SERIES_INSTANCE_UID, "1.2.3.4").text(Tag.FRAME_OF_REFERENCE_UID, "1.2.3.5")
            .text(Tag.MODALITY, "CT").text(Tag.PATIENT_ID, "Secret17").text(Tag.PATIENT_NAME, "Secret^Name")
            .numbers(Tag.IMAGE_POSITION_PATIENT, -10, 20, z).numbers(Tag.IMAGE_ORIENTATION_PATIENT, 1, 0, 0, 0, 1, 0)
            .numbers(Tag.PIXEL_SPACING, 0.5, 2).numbers(Tag.SLICE_THICKNESS, 1.25).numbers(Tag.SAMPLES_PER_PIXEL, 1)
            .text(Tag.PHOTOMETRIC_INTERPRETATION, "MONOCHROME2").numbers(Tag.ROWS, 2).numbers(Tag.COLUMNS, 3)
            .numbers(Tag.BITS_ALLOCATED, 16).numbers(Tag.BITS_STORED, 16).numbers(Tag.HIGH_BIT, 15)
            .numbers(Tag.PIXEL_REPRESENTATION, 0).bytes(Tag.PIXEL_DATA, VR.OW, pixels.array());
    }

    /** Writes a file, making its folder. */
    public static void write(final Path file, final DataSetBuilder slice) throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, DicomOutput.file(slice.build()));
    }
}
