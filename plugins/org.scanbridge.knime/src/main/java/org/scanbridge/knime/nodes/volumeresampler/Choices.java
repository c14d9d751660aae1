package org.scanbridge.knime.nodes.volumeresampler;

import org.knime.node.parameters.widget.choices.Label;
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

            @Label(value = "The labeled voxels", description = "The smallest box that holds all voxels with a label"
                + " other than 0.")
            LABELS
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
            NEAREST(LabelInterpolation.NEAREST),

            @Label(value = "Linear vote", description = "The label with the largest linear weight among the eight"
                + " voxels around. Smoother outlines; no new labels arise.")
            LINEAR_VOTE(LabelInterpolation.LINEAR_VOTE);

        private final LabelInterpolation m_interpolation;

        SegmentationInterpolation(final LabelInterpolation interpolation) {
            m_interpolation = interpolation;
        }

        LabelInterpolation interpolation() {
            return m_interpolation;
        }
    }

    /** What images show outside of what was there. */
    enum Fill {
            @Label(value = "The image's minimum", description = "The darkest value of the image.")
            MINIMUM,

            @Label(value = "0", description = "Zero, the background after skull stripping and z-scoring.")
            ZERO
    }
}
