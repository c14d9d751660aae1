package org.scanbridge.dicom.series;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.DataSetBuilder;
import org.scanbridge.dicom.data.DicomException;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.imaging.volume.Geometry;

/**
 * How the images of a series were acquired, as far as images derived from them must repeat it (PS3.3 A.2, A.21, A.26).
 *
 * @param images what {@link #attributes(DataSet)} gives of each image, in the order of index k; empty for MR and CT,
 *            of which
 *            nothing need be repeated
 * @param placed whether the images have a place in the patient; else they are projections
 */
public record Acquisition(List<DataSet> images, boolean placed) {

    /** Of images in the patient of which nothing need be repeated. */
    public static final Acquisition UNKNOWN = new Acquisition(List.of(), true);

    private static final Set<String> WITHOUT_ATTRIBUTES = Set.of("MR", "CT");

    private static final int[] TEXTS = {Tag.SERIES_DATE, Tag.SERIES_TIME, Tag.ACQUISITION_DATE, Tag.ACQUISITION_TIME,
        Tag.COUNTS_SOURCE, Tag.SERIES_TYPE, Tag.DECAY_CORRECTION, Tag.CORRECTED_IMAGE, Tag.FRAME_REFERENCE_TIME,
        Tag.DECAY_FACTOR, Tag.ACTUAL_FRAME_DURATION, Tag.COLLIMATOR_TYPE, Tag.BODY_PART_EXAMINED, Tag.VIEW_POSITION, Tag.KVP,
        Tag.IMAGE_LATERALITY, Tag.PATIENT_ORIENTATION, Tag.PIXEL_INTENSITY_RELATIONSHIP, Tag.DETECTOR_TYPE,
        Tag.LATERALITY, Tag.POSITIONER_TYPE, Tag.BURNED_IN_ANNOTATION, Tag.LOSSY_IMAGE_COMPRESSION,
            Tag.PHOTOMETRIC_INTERPRETATION, Tag.PIXEL_SPACING,
        Tag.IMAGER_PIXEL_SPACING, Tag.ESTIMATED_RADIOGRAPHIC_MAGNIFICATION_FACTOR, Tag.PIXEL_SPACING_CALIBRATION_TYPE,
        Tag.PIXEL_SPACING_CALIBRATION_DESCRIPTION};

    /** Copies the list. */
    public Acquisition {
        images = List.copyOf(images);
    }

    /** Whether something must be repeated of images of a modality. */
    public static boolean isNeeded(final String modality) {
        return !WITHOUT_ATTRIBUTES.contains(modality);
    }

    /** What must be repeated of an image, text in UTF-8. */
    public static DataSet attributes(final DataSet header) throws DicomException {
        final DataSetBuilder kept = DataSet.builder();
        copy(header, kept, TEXTS);
        final double[] sign = header.numbers(Tag.PIXEL_INTENSITY_RELATIONSHIP_SIGN);
        if (sign.length == 1) {
            // Values of MONOCHROME1 images are mirrored when they are read.
            kept.numbers(Tag.PIXEL_INTENSITY_RELATIONSHIP_SIGN,
                header.text(Tag.PHOTOMETRIC_INTERPRETATION).equals("MONOCHROME1") ? -sign[0] : sign[0]);
        }
        return kept.build();
    }

    /** Copies texts that have a value. */
    static void copy(final DataSet from, final DataSetBuilder to, final int... tags) {
        for (final int tag : tags) {
            if (from.hasValue(tag)) {
                to.text(tag, from.texts(tag).toArray(String[]::new));
            }
        }
    }

    /** Copies texts; those without value become empty. */
    static void copyOrEmpty(final DataSet from, final DataSetBuilder to, final int... tags) {
        to.empty(tags);
        copy(from, to, tags);
    }

    /** What holds for all images. */
    private DataSet agreed() {
        final DataSetBuilder agreed = images.get(0).toBuilder();
        for (final int tag : TEXTS) {
            final String text = images.get(0).text(tag);
            if (!images.stream().allMatch(i -> i.text(tag).equals(text))) {
                agreed.remove(tag);
            }
        }
        return agreed.build();
    }

    /**
     * What holds for each slice of an image made from these.
     *
     * @param slices number of slices
     * @param bySlice whether slice k was made from image k; else every slice from all images
     */
    List<DataSet> of(final int slices, final boolean bySlice) {
        if (images.isEmpty()) {
            return java.util.Collections.nCopies(slices, DataSet.EMPTY);
        }
        return bySlice && images.size() == slices ? images : java.util.Collections.nCopies(slices, agreed());
    }

    /**
     * Writes the pixel spacing of a projection: calibrated or at the detector, as the source has it, scaled where the image
     * was resampled. Nothing where nothing is known.
     */
    static void spacing(final DataSet source, final DataSetBuilder slice, final Geometry g) throws DicomException {
        final double[] read = SliceReader.spacing2d(source);
        final boolean detector = source.hasValue(Tag.IMAGER_PIXEL_SPACING);
        if (detector) {
            final double[] imager = source.requiredNumbers(Tag.IMAGER_PIXEL_SPACING, 2);
            slice.numbers(Tag.IMAGER_PIXEL_SPACING, imager[0] * g.spacing(1) / read[0], imager[1] * g.spacing(0) / read[1]);
            copy(source, slice, Tag.ESTIMATED_RADIOGRAPHIC_MAGNIFICATION_FACTOR);
        }
        // One that only repeats that at the detector was not read.
        final boolean calibrated = Arrays.equals(read, source.numbers(Tag.PIXEL_SPACING));
        if (calibrated || !detector && !(g.spacing(0) == 1 && g.spacing(1) == 1)) {
            slice.numbers(Tag.PIXEL_SPACING, g.spacing(1), g.spacing(0));
            copy(source, slice, Tag.PIXEL_SPACING_CALIBRATION_TYPE, Tag.PIXEL_SPACING_CALIBRATION_DESCRIPTION);
        }
    }
}
