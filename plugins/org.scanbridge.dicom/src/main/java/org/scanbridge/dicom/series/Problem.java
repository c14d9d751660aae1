package org.scanbridge.dicom.series;

import java.util.Objects;

/**
 * One thing that is wrong in a folder of files; a row of the problems table. Holds no patient attribute.
 *
 * @param kind what is wrong
 * @param effect what the reader did about it
 * @param file path relative to the folder that was read, with {@code /}; of a problem of a series that of a file that shows
 *            it; empty if none does
 * @param series pseudonymous id of the series concerned; empty if unknown
 * @param message what is wrong, with the values
 * @param remedy what the user can do about it
 */
public record Problem(Kind kind, Effect effect, String file, String series, String message, String remedy) {

    /** What can be wrong. */
    public enum Kind {
            /** A file that is no DICOM file. */
            NOT_DICOM,
            /** A compressed file or archive whose content is not read. */
            COMPRESSED_FILE,
            /** A file that starts like DICOM but is broken or truncated, or cannot be opened. */
            UNREADABLE_FILE,
            /** A DICOM object that is neither an image nor a segmentation read here. */
            UNSUPPORTED_OBJECT,
            /** Pixel data in a transfer syntax for which there is no decoder. */
            UNSUPPORTED_SYNTAX,
            /** Position, orientation or pixel spacing is absent or unusable where several slices need it. */
            MISSING_GEOMETRY,
            /** Slices are missing inside a stack. */
            MISSING_SLICE,
            /** The distances between slices differ and are no multiples of one spacing. */
            IRREGULAR_SPACING,
            /** Voxels of a size that no image of a body has: probably another unit than millimeters. */
            UNLIKELY_SPACING,
            /** The stack is sheared: slice positions do not follow the normal (CT gantry tilt). */
            GANTRY_TILT,
            /** Two files show the same slice. */
            DUPLICATE_SLICE,
            /** Size, pixel spacing or orientation differ within a series. */
            MIXED_GEOMETRY,
            /** A segmentation of images that are not in the folder. */
            SEGMENTATION_WITHOUT_IMAGE,
            /** A segmentation that does not lie on the grid of its image. */
            SEGMENTATION_GEOMETRY,
            /** A voxel belongs to several segments of one segmentation. */
            SEGMENTATION_OVERLAP,
            /** A segment number that is no label value (outside 1..255) or is not described. */
            LABEL_OUT_OF_RANGE,
            /** More than one segmentation of the same image. */
            SEVERAL_SEGMENTATIONS,
            /** Colors that were turned into luminance. */
            COLOR_IMAGE,
            /** Fewer images than the headers, or objects that refer to the series, tell of. */
            INCOMPLETE_SERIES,
            /** An image whose voxels all have the same value. */
            EMPTY_IMAGE,
            /** Voxels without a value of their own, such as pixel padding, which got one. */
            PADDING,
            /** A contour that encloses no area or lies outside the image. */
            CONTOUR,
            /** A NIfTI file that is no label map of a series of the folder. */
            NIFTI,
            /** Text burned into the pixels may identify the patient. */
            BURNED_IN_ANNOTATION,
            /** An image above the level of folders that names the sites. */
            NO_SITE,
            /** A series left out because the options exclude it. */
            FILTERED,
            /** A scout image that lies among the slices of another stack. */
            LOCALIZER,
            /** Subjects that may be several patients, or several that may be one. */
            SUBJECT,
            /** A series that an archive did not send, or not all of it. */
            NOT_RETRIEVED
    }

    /** What the reader did about it. */
    public enum Effect {
            /** Nothing was left out. */
            KEPT,
            /** The file was left out. */
            FILE_SKIPPED,
            /** The series was left out. */
            SERIES_SKIPPED,
            /** The segmentation was left out; its image counts as unlabelled. */
            SEGMENTATION_SKIPPED
    }

    /** @throws NullPointerException if a component is null */
    public Problem {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(effect, "effect");
        Objects.requireNonNull(file, "file");
        Objects.requireNonNull(series, "series");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(remedy, "remedy");
    }
}
