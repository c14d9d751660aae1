package org.scanbridge.knime.util;

/** Names and words that the nodes agree on; each is only a default of a setting. */
public final class StudyTable {

    /** Pseudonymous subject id. */
    public static final String SUBJECT = "Subject";

    /** Name of the site. */
    public static final String SITE = "Site";

    /** Pseudonymous series id. */
    public static final String SERIES = "Series";

    /** DICOM modality. */
    public static final String MODALITY = "Modality";

    /** The image. */
    public static final String IMAGE = "Image";

    /** The reference segmentation; missing where unlabeled. */
    public static final String SEGMENTATION = "Segmentation";

    /** SHA-256 over the input files. */
    public static final String INPUT_HASH = "Input Hash";

    /** Folder of a study. */
    public static final String FOLDER = "Folder";

    /** The normalized image. */
    public static final String NORMALIZED = "Normalized";

    /** What a subject is used for: {@link #TRAINING}, {@link #VALIDATION} or {@link #TEST}. */
    public static final String ROLE = "Role";

    /** Cross-validation fold of a training subject, from 1 on. */
    public static final String FOLD = "Fold";

    /** The role of subjects that training sees. */
    public static final String TRAINING = "training";

    /** The role of subjects that choose between models. */
    public static final String VALIDATION = "validation";

    /** The role of subjects that are looked at once, at the end. */
    public static final String TEST = "test";

    /** The domain of the source site. */
    public static final String SOURCE = "source";

    /** The domain of every other site. */
    public static final String TARGET = "target";

    /** What the scorer calls a score of a union of classes. */
    public static final String REGION = "region";

    /** Key of the column property that says how an image column was normalized. */
    public static final String NORMALIZATION_PROPERTY = "scanbridge.normalization";

    private StudyTable() {
    }
}
