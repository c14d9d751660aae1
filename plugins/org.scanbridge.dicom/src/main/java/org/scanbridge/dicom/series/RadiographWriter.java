package org.scanbridge.dicom.series;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.DataSetBuilder;
import org.scanbridge.dicom.data.DicomException;
import org.scanbridge.dicom.data.DicomOutput;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.data.Uid;
import org.scanbridge.dicom.data.VR;
import org.scanbridge.dicom.series.SourceSeries.Instance;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.Volume;

/**
 * Writes an original radiograph, a volume of depth 1, as a series of one file: Digital X-Ray Image Storage for presentation
 * (PS3.3 A.26.2) or Computed Radiography Image Storage (PS3.3 A.2), explicit VR little endian, 16 bits allocated. A
 * projection has no place in the patient: neither position nor frame of reference is written. The same input gives the
 * same bytes.
 */
public final class RadiographWriter {

    private final DataSet m_common;

    private final String m_seed;

    private final String m_description;

    /**
     * @param common attributes of patient and study, see {@link SourceSeries#common(DataSet)}
     * @param seed the UIDs of the series and its image derive from it
     * @param description Series Description, at most 64 characters
     */
    public RadiographWriter(final DataSet common, final String seed, final String description) {
        m_common = Objects.requireNonNull(common, "common").toBuilder()
            .remove(Tag.FRAME_OF_REFERENCE_UID, Tag.POSITION_REFERENCE_INDICATOR).build();
        m_seed = Objects.requireNonNull(seed, "seed");
        m_description = Objects.requireNonNull(description, "description");
    }

    /**
     * Writes the file {@code IM0001.dcm} into a folder.
     *
     * @param folder an existing folder
     * @param image one slice of whole numbers 0 to {@link RadiographFormat#maximum()}, what stops X-rays bright; its
     *            spacing is that in the plane of what is shown
     * @param format how it is stored; with MONOCHROME1 the stored values are the largest one minus those of the image
     * @return what a segmentation of the image refers to
     * @throws IllegalArgumentException if there are several slices, or a value is none of these numbers
     * @throws IOException if writing fails
     */
    public SourceSeries write(final Path folder, final Volume image, final RadiographFormat format) throws IOException {
        final Geometry g = image.geometry();
        if (g.size(2) != 1) {
            throw new IllegalArgumentException("A radiograph has one slice, not " + g.size(2) + ".");
        }
        final String series = Uid.derived(m_seed + "/series");
        final String instance = Uid.derived(m_seed + "/series/0");
        final String sopClass = format.computed() ? Uid.CR_IMAGE_STORAGE : Uid.DX_IMAGE_STORAGE;
        final DataSetBuilder file = m_common.toBuilder();
        file.text(Tag.SOP_CLASS_UID, sopClass).text(Tag.SOP_INSTANCE_UID, instance).text(Tag.MODALITY, format.modality())
            .text(Tag.SERIES_INSTANCE_UID, series).numbers(Tag.SERIES_NUMBER, 1)
            .text(Tag.SERIES_DESCRIPTION, m_description).text(Tag.MANUFACTURER, DicomSeriesWriter.MANUFACTURER)
            .text(Tag.MANUFACTURER_MODEL_NAME, DicomSeriesWriter.MANUFACTURER).numbers(Tag.INSTANCE_NUMBER, 1)
            .text(Tag.BURNED_IN_ANNOTATION, "NO").text(Tag.LOSSY_IMAGE_COMPRESSION, "00")
            .text(Tag.BODY_PART_EXAMINED, format.bodyPart().name()).text(Tag.VIEW_POSITION, format.view())
            // as one looks at the patient: the left hand of the image is the patient's right
            .text(Tag.PATIENT_ORIENTATION, "L", "F")
            .numbers(Tag.WINDOW_CENTER, (format.maximum() + 1) / 2.0).numbers(Tag.WINDOW_WIDTH, format.maximum() + 1.0);
        spacing(file, g, format);
        pixels(file, image, format);
        if (format.computed()) {
            file.text(Tag.IMAGE_TYPE, "ORIGINAL", "PRIMARY").text(Tag.LATERALITY, format.left() ? "L" : "R").empty(Tag.KVP);
        } else {
            digital(file, format);
        }
        final DataSet header = file.build();
        Files.write(folder.resolve("IM0001.dcm"), DicomOutput.file(header));
        return new SourceSeries(m_common, series, List.of(new Instance(sopClass, instance, -1)),
            new Acquisition(List.of(attributes(header)), false));
    }

    private static DataSet attributes(final DataSet header) {
        try {
            return Acquisition.attributes(header);
        } catch (final DicomException e) {
            throw new IllegalStateException("What was just written cannot be read", e);
        }
    }

    private static void spacing(final DataSetBuilder file, final Geometry g, final RadiographFormat format) {
        file.numbers(Tag.IMAGER_PIXEL_SPACING, g.spacing(1) * format.magnification(), g.spacing(0) * format.magnification())
            .numbers(Tag.ESTIMATED_RADIOGRAPHIC_MAGNIFICATION_FACTOR, format.magnification());
        if (format.calibrated()) {
            file.numbers(Tag.PIXEL_SPACING, g.spacing(1), g.spacing(0)).text(Tag.PIXEL_SPACING_CALIBRATION_TYPE, "GEOMETRY")
                .text(Tag.PIXEL_SPACING_CALIBRATION_DESCRIPTION, "Estimated magnification");
        }
    }

    private static void pixels(final DataSetBuilder file, final Volume image, final RadiographFormat format) {
        final ByteBuffer bytes = ByteBuffer.allocate(2 * image.voxels().length).order(ByteOrder.LITTLE_ENDIAN);
        for (final float v : image.voxels()) {
            if (!(v >= 0 && v <= format.maximum() && v == Math.rint(v))) {
                throw new IllegalArgumentException("A pixel is " + v + "; radiographs of " + format.bits()
                    + " bits hold whole numbers 0 to " + format.maximum() + ".");
            }
            bytes.putShort((short)(int)(format.inverse() ? format.maximum() - v : v));
        }
        file.numbers(Tag.SAMPLES_PER_PIXEL, 1)
            .text(Tag.PHOTOMETRIC_INTERPRETATION, format.inverse() ? "MONOCHROME1" : "MONOCHROME2")
            .numbers(Tag.ROWS, image.geometry().size(1)).numbers(Tag.COLUMNS, image.geometry().size(0))
            .numbers(Tag.BITS_ALLOCATED, Short.SIZE).numbers(Tag.BITS_STORED, format.bits())
            .numbers(Tag.HIGH_BIT, format.bits() - 1.0).numbers(Tag.PIXEL_REPRESENTATION, 0)
            .bytes(Tag.PIXEL_DATA, VR.OW, bytes.array());
    }

    /** What only Digital X-Ray Images have (PS3.3 C.8.11.1 to C.8.11.5, C.8.7.3). */
    private static void digital(final DataSetBuilder file, final RadiographFormat format) {
        final RadiographFormat.BodyPart part = format.bodyPart();
        file.text(Tag.IMAGE_TYPE, "ORIGINAL", "PRIMARY", "").text(Tag.IMAGE_LATERALITY, format.left() ? "L" : "R")
            .text(Tag.PRESENTATION_INTENT_TYPE, "FOR PRESENTATION")
            .text(Tag.PIXEL_INTENSITY_RELATIONSHIP, format.logarithmic() ? "LOG" : "LIN")
            // 1 if more X-rays give larger stored values: dark where many arrive, as bones are shown bright
            .numbers(Tag.PIXEL_INTENSITY_RELATIONSHIP_SIGN, format.inverse() ? 1 : -1)
            .numbers(Tag.RESCALE_SLOPE, 1).numbers(Tag.RESCALE_INTERCEPT, 0).text(Tag.RESCALE_TYPE, "US")
            .text(Tag.PRESENTATION_LUT_SHAPE, format.inverse() ? "INVERSE" : "IDENTITY")
            .text(Tag.DETECTOR_TYPE, "SCINTILLATOR").text(Tag.POSITIONER_TYPE, "NONE")
            .empty(Tag.ACQUISITION_CONTEXT_SEQUENCE)
            .items(Tag.ANATOMIC_REGION_SEQUENCE, DataSet.builder().text(Tag.CODE_VALUE, part.code())
                .text(Tag.CODING_SCHEME_DESIGNATOR, "SCT").text(Tag.CODE_MEANING, part.meaning()).build());
        format.field().ifPresent(edges -> file.text(Tag.COLLIMATOR_SHAPE, "RECTANGULAR")
            .numbers(Tag.COLLIMATOR_LEFT_VERTICAL_EDGE, edges[0] + 1.0)
            .numbers(Tag.COLLIMATOR_RIGHT_VERTICAL_EDGE, edges[1] + 1.0)
            .numbers(Tag.COLLIMATOR_UPPER_HORIZONTAL_EDGE, edges[2] + 1.0)
            .numbers(Tag.COLLIMATOR_LOWER_HORIZONTAL_EDGE, edges[3] + 1.0));
    }
}
