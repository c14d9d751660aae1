package org.scanbridge.knime.nodes.volumeresampler;

import org.knime.node.parameters.widget.choices.Label;
import org.scanbridge.imaging.resample.Anchor;
import org.scanbridge.imaging.resample.Interpolation;
import org.scanbridge.imaging.resample.LabelInterpolation;

/** The choices of the dialog. */
final class Choices {

    private Choices() {
    }

    /** What is resampled. */
    enum Content {
            @Label(value = "Images and segmentations", description = "Both of a row come out on one grid, the one that"
                + " is made for the image.")
            IMAGE_AND_SEGMENTATION,

            @Label(value = "Images", description = "Only the images.")
            IMAGE,

            @Label(value = "Segmentations", description = "Only the segmentations, such as predictions that go back to"
                + " the grid of the original image.")
            SEGMENTATION;

        boolean image() {
            return this != SEGMENTATION;
        }

        boolean segmentation() {
            return this != IMAGE;
        }
    }

    /** Which voxel grid is wanted. */
    enum Grid {
            @Label(value = "As it is", description = "No interpolation; only axes, crop and size may change.")
            KEEP,

            @Label(value = "Cubic voxels", description = "The same spacing along all axes.")
            ISOTROPIC,

            @Label(value = "Given spacing", description = "A spacing for each index axis.")
            SPACING,

            @Label(value = "Grid of a column", description = "The grid of another image or segmentation of the same"
                + " row. This leads back from a resampled, cropped or turned image to the original one.")
            REFERENCE_COLUMN,

            @Label(value = "Grid of the second input", description = "The grid of the first image in the table at the"
                + " second input, for images that lie in one frame.")
            REFERENCE_TABLE;

        boolean isReference() {
            return this == REFERENCE_COLUMN || this == REFERENCE_TABLE;
        }
    }

    /** What stays where it is when the spacing changes. */
    enum Kept {
            @Label(value = "The field of view", description = "The image covers the same part of the patient: the middle of"
                + " the field of view stays, and where the new spacing divides its length, both its ends do. Mirrored"
                + " images give mirrored results.")
            FIELD_OF_VIEW(Anchor.EXTENT),

            @Label(value = "The center of the first voxel", description = "The field of view moves by half the difference"
                + " of the spacings, so the slice at one end loses what the slice at the other end gains. For the grids"
                + " that earlier versions made, and for a whole fraction of the spacing, where every old voxel"
                + " center remains one.")
            FIRST_VOXEL(Anchor.FIRST_VOXEL);

        private final Anchor m_anchor;

        Kept(final Anchor anchor) {
            m_anchor = anchor;
        }

        Anchor anchor() {
            return m_anchor;
        }
    }

    /** Order and direction of the index axes. */
    enum Axes {
            @Label(value = "As they are", description = "Order and direction of the axes stay.")
            KEEP,

            @Label(value = "LPS", description = "i to the patient's left, j to posterior, k to superior, as in axial"
                + " DICOM images.")
            LPS,

            @Label(value = "RAS", description = "i to the patient's right, j to anterior, k to superior, as usual in"
                + " NIfTI files.")
            RAS
    }

    /** What is cropped to. */
    enum Crop {
            @Label(value = "Nothing", description = "The whole image stays.")
            NONE,

            @Label(value = "The image's content", description = "The smallest box that holds all voxels above a"
                + " threshold.")
            IMAGE,

            @Label(value = "The image's foreground", description = "The smallest box that holds the foreground that the"
                + " Volume Normalizer finds with \"Chosen by the image\": what is not 0, or not another value that surrounds"
                + " it, as in brains that were z-scored after they were cut out; tissue in noisy air; all of a CT.")
            FOREGROUND,

            @Label(value = "The labeled voxels", description = "The smallest box that holds all voxels with a label"
                + " other than 0.")
            LABELS;

        /** Whether an image must be there. */
        boolean looksAtImage() {
            return this == IMAGE || this == FOREGROUND;
        }
    }

    /** How many voxels the result has. */
    enum Size {
            @Label(value = "As it comes", description = "No padding.")
            KEEP,

            @Label(value = "Given size", description = "Crops and pads evenly on both sides, the odd voxel at the end.")
            FIXED,

            @Label(value = "A multiple", description = "Pads evenly until each axis is a multiple of a number, as"
                + " networks with pooling need.")
            MULTIPLE
    }

    /** How a value between voxel centers is found. */
    enum ImageInterpolation {
            @Label(value = "Linear", description = "Of the eight voxels around. Never leaves their range.")
            LINEAR(Interpolation.LINEAR),

            @Label(value = "Cubic", description = "The cubic B-spline through all voxels. Sharper, slower, and may"
                + " overshoot at edges.")
            CUBIC(Interpolation.CUBIC),

            @Label(value = "Nearest", description = "The nearest voxel's value. For images whose values are codes.")
            NEAREST(Interpolation.NEAREST);

        private final Interpolation m_interpolation;

        ImageInterpolation(final Interpolation interpolation) {
            m_interpolation = interpolation;
        }

        Interpolation interpolation() {
            return m_interpolation;
        }
    }

    /** How a label between voxel centers is found. */
    enum SegmentationInterpolation {
            @Label(value = "Nearest", description = "The nearest voxel's label.")
            NEAREST(LabelInterpolation.NEAREST, LabelInterpolation.NEAREST_KEEP_PARTS),

            @Label(value = "Linear vote", description = "The label with the largest linear weight among the eight"
                + " voxels around. Smoother outlines; no new labels arise.")
            LINEAR_VOTE(LabelInterpolation.LINEAR_VOTE, LabelInterpolation.LINEAR_VOTE_KEEP_PARTS);

        private final LabelInterpolation m_plain;

        private final LabelInterpolation m_keeping;

        SegmentationInterpolation(final LabelInterpolation plain, final LabelInterpolation keeping) {
            m_plain = plain;
            m_keeping = keeping;
        }

        LabelInterpolation interpolation(final boolean keepParts) {
            return keepParts ? m_keeping : m_plain;
        }
    }
}
