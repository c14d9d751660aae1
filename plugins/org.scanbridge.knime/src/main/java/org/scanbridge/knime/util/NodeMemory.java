package org.scanbridge.knime.util;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What each node takes of Java's heap beside {@link HeapNeed#BASE}, as it is stated in the user guide and checked before a
 * node starts. The numbers were counted from the arrays that are alive at the same time, and are tested in virtual machines
 * with no more than that.
 */
public enum NodeMemory {

    /** Image 4, segmentation 1, one for the segmentation while it is read; slices while they are decoded. */
    DICOM_READER("DICOM Reader, DICOM Archive Reader", "", of(6, "voxel of the series"),
        of(64, "pixel of each of the slices that are decoded at a time, one per processor and 4 at most")),

    /** A map of labels is read as numbers, which grow while they are read; the image follows. */
    NIFTI_READER("NIfTI Reader", "", of(7, "voxel of the image")),

    /** All images and segmentations; three fields that warp the one that is drawn, one of them while it is smoothed. */
    SYNTHETIC_SITES("Synthetic Sites", "", of(4, "voxel of all images of the study"),
        of(1, "voxel of all its segmentations"), of(20, "voxel of one image")),

    /** Image, result, one bit for the foreground; the values of the foreground are gone before the result comes. */
    NORMALIZER("Volume Normalizer", "lines and curves", of(9, "voxel of the image"), of(1, "voxel of the mask"),
        of(8, "voxel of each image, 262144 at most, where percentiles are taken of several images")),

    /** Image, its bins (2 bytes), the values of the foreground or the result. */
    NORMALIZER_CLAHE("Volume Normalizer", "local contrast", of(11, "voxel of the image"), of(1, "voxel of the mask")),

    /** Image and result; logarithms, residuals and sorted copies of those voxels that are looked at. */
    NORMALIZER_BIAS("Volume Normalizer", "bias field", of(9, "voxel of the image"), of(1, "voxel of the mask"),
        of(80, "voxel that the field is fitted to, 100 000 at most")),

    /** Image and result, or image and some ten numbers for each voxel that is looked at. */
    NORMALIZER_N4("Volume Normalizer", "bias field (N4)", of(9, "voxel of the image"), of(1, "voxel of the mask"),
        of(84, "voxel that \"Every n-th voxel\" leaves")),

    /** Image and result; where the background was, or coefficients of the spline; segmentation before, between and after. */
    RESAMPLER("Volume Resampler", "", of(4, "voxel of the image"), of(4, "voxel of the result"),
        of(1, "voxel of the image for cubic interpolation"), of(3, "voxel of the image for that onto an oblique grid"),
        of(3, "voxel of the segmentation"), of(2, "voxel of its result")),

    /** Image and segmentation before and after, and one image between. */
    AUGMENTER("Volume Augmenter", "", of(14, "voxel of the image"), of(2, "voxel of the segmentation")),

    /** The joined columns, the result and a copy of it; the numbers of parts. */
    LABEL_EDITOR("Label Editor", "", of(1, "voxel of each joined column"), of(3, "voxel of the result"),
        of(5, "voxel of the result, where the largest part is kept")),

    /** The columns; votes and result; probabilities that are read, pooled or appended. */
    LABEL_FUSION("Label Fusion", "", of(1, "voxel of each fused column"), of(6, "voxel of the result"),
        of(4, "voxel and map of probabilities that is read, pooled or appended")),

    /** Images; segmentation before, between and after; probabilities before and after with a message each; a lattice. */
    REFINER("Segmentation Refiner", "", of(4, "voxel of the images"), of(3, "voxel of the segmentation"),
        of(5, "voxel of the segmentation, where small parts are removed"), of(24, "voxel and class, for the dense CRF"),
        of(120, "voxel, for its appearance kernel"), of(22, "voxel and further image of that")),

    /** Both images; the finest level of one and what it is made of, or the result. */
    REGISTRATION("Image Registration", "", of(4, "voxel of both images"), of(8, "voxel of the larger one"),
        of(1 << 24, "run")),

    /** Reference and one further image with their labels, one of them twice more while it is aligned; the sums. */
    ATLAS_BUILDER("Atlas Builder", "", of(15, "voxel of the two largest images"),
        of(5, "voxel of the atlas and class")),

    /** Image, corrected image, segmentation; registration, or probabilities twice. */
    ATLAS_SEGMENTER("Atlas Segmenter", "", of(12, "voxel of the image"),
        of(12, "voxel within the atlas and label (and the rest)"), of(4, "voxel of the image and map of probabilities"),
        of(1 << 24, "run")),

    /** Reference and one model's segmentation. */
    SCORER("Segmentation Scorer", "overlap and volumes", of(2, "voxel of the image")),

    /** Masks of both surfaces, squared distances, and two numbers per voxel of a surface. */
    SCORER_SURFACES("Segmentation Scorer", "distances of surfaces", of(2, "voxel of the image"),
        of(8, "voxel of the box around both masks of a class"), of(32, "voxel of their surfaces")),

    /** The numbers of the lesions of both sides. */
    SCORER_LESIONS("Segmentation Scorer", "lesions", of(10, "voxel of the image")),

    /** Both segmentations, a map, its sorted copy, and one while that is merged; of regions, the sum. */
    SCORER_AREAS("Segmentation Scorer", "areas under curves", of(16, "voxel of the image"),
        of(4, "voxel of the image, with regions")),

    /** Both segmentations and the numbers of their lesions; with probabilities a map and its candidates with their numbers. */
    LESION_SCORER("Lesion Scorer", "", of(10, "voxel of the image"), of(9, "voxel of the image, with probabilities")),

    /** Image, the values of a class and counts of them; the segmentation while it is read. */
    SEGMENTATION_STATISTICS("Segmentation Statistics", "", of(9, "voxel of the image"), of(2, "voxel of the segmentation")),

    /** Image, segmentation, foreground; values of each image, overall and within segmentations. */
    DIVERGENCE("Intensity Divergence Scorer", "", of(6, "voxel of an image"),
        of(10, "counted voxel of each image of a column, 2.5 MB at most")),

    /** See the description of the node: what is blended is one layer of blocks. */
    PREDICTOR("Segmentation Predictor", "", of(4, "voxel of the images of a row"), of(2, "voxel of the segmentation"),
        of(5, "voxel of the segmentation, where the largest part is kept"),
        of(4, "voxel and map of uncertainty or probability"),
        of(4, "voxel of a layer of blocks and class, and network"),
        of(32, "voxel of a block and image or class, and network")),

    /** Images, those under a shift, and a view of those with one more while it is made; segmentations, and the predictor's. */
    ADAPTATION_CHECK("Adaptation Check", "", of(16, "voxel of the images of a row"), of(10, "voxel of the segmentation"),
        of(4, "voxel and class"), of(4, "voxel of a layer of blocks and class, and network"),
        of(32, "voxel of a block and image or class, and network")),

    /** Image, result, one layer of blocks. */
    LEARNED_NORMALIZER("Learned Normalizer", "", of(8, "voxel of the image"), of(8, "voxel of a layer of blocks"),
        of(64, "voxel of a block")),

    /** Image, masked image, reconstruction, map before and after smoothing, distances; counts of scores of one and all images. */
    ANOMALY_DETECTOR("Anomaly Detector", "", of(28, "voxel of the image"), of(8, "voxel of a layer of blocks"),
        of(64, "voxel of a block"), of(34 << 20, "run")),

    /** A file that is made in memory and copied while it grows. */
    SEGMENTATION_WRITER("Segmentation Writer", "", of(1, "voxel of the segmentation"),
        of(5, "byte of the DICOM object: a voxel of a label map, 8 voxels of each class otherwise")),

    /** The image; files are written slice by slice. */
    VOLUME_WRITER("Volume Writer", "", of(4, "voxel of the image"), of(16, "pixel of a slice")),

    /** Image, list of what is no background; labels as they are read and on the network's grid, list of the foreground. */
    LEARNERS("All learners and studies that train", "", of(8, "voxel of each image of all cases"),
        of(6, "voxel of each segmentation of all cases")),

    /** What {@link #LEARNERS} take, and one held-out image as in {@link #ANOMALY_DETECTOR}; counts of all scores. */
    ANOMALY_LEARNER("Anomaly Learner", "beside that", of(28, "voxel of the largest image"), of(8, "voxel of a layer of blocks"),
        of(64, "voxel of a block"), of(18 << 20, "run")),

    /** Probabilities of one test image, one of them sorted, and one copy while that is merged; the image and its segmentation. */
    STUDY_AREAS("Transfer Study, Site Curriculum Study", "areas under curves, beside that",
        of(4, "voxel of the largest test image and class or region (and the background)"),
        of(16, "voxel of the largest test image")),

    /** One subject at a time. */
    REPORT("Adaptation Report", "", of(4, "voxel of the image"), of(2, "voxel of a segmentation")),

    /** One label map after the other, if a table is connected. */
    NETWORK_BUILDER("Network Builder", "", of(1, "voxel of a segmentation")),

    /** Image, its sorted copy, foreground; segmentation as it is read, and its surface. */
    PLANNER("Training Planner", "", of(9, "voxel of the image"), of(4, "voxel of the segmentation"), of(1 << 24, "run")),

    /** No images. */
    NO_IMAGES("Feature Harmonization, Subject Splitter, Network Reader, Network Writer, Network Average, DICOM Archive Query, DICOM Archive Writer", "");

    private final String m_node;

    private final String m_case;

    private final List<Part> m_parts;

    /**
     * A part of a need.
     *
     * @param bytes for each
     * @param of what
     */
    private record Part(int bytes, String of) {
    }

    NodeMemory(final String node, final String which, final Part... parts) {
        m_node = node;
        m_case = which;
        m_parts = List.of(parts);
    }

    private static Part of(final int bytes, final String of) {
        return new Part(bytes, of);
    }

    /**
     * Bytes of heap beside {@link HeapNeed#BASE}.
     *
     * @param counts how many there are of each part, in the order of the statement
     */
    public long bytes(final long... counts) {
        if (counts.length != m_parts.size()) {
            throw new IllegalArgumentException(counts.length + " numbers for the " + m_parts.size() + " parts of " + this);
        }
        long bytes = 0;
        for (int p = 0; p < counts.length; p++) {
            bytes += counts[p] * m_parts.get(p).bytes;
        }
        return bytes;
    }

    /** A row of the user guide's table. */
    public String statement() {
        return "| " + m_node + (m_case.isEmpty() ? "" : ", " + m_case) + " | "
            + (m_parts.isEmpty() ? "holds no images" : m_parts.stream()
                .map(p -> p.of.equals("run") ? (p.bytes >> 20) + " MB" : p.bytes + " per " + p.of)
                .collect(Collectors.joining("; ")))
            + " |";
    }
}
