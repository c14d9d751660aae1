package org.scanbridge.dicom.nifti.study;

/** How images and label maps lie in a folder. */
public enum NiftiLayout {
        /** {@link #FOLDERS} if there are folders of images and of labels, else {@link #BIDS}, else {@link #ENDINGS}. */
        AUTOMATIC,
        /**
         * Folders {@code images…} and {@code labels…} with files of the same name, as in the Medical Segmentation
         * Decathlon and nnU-Net ({@code imagesTr/case_0000.nii.gz} and {@code labelsTr/case.nii.gz}).
         */
        FOLDERS,
        /** Brain Imaging Data Structure: {@code sub-01/anat/sub-01_T1w.nii.gz} and {@code …_dseg.nii.gz}. */
        BIDS,
        /** Side by side: {@code case_flair.nii.gz} and {@code case_seg.nii.gz}. */
        ENDINGS,
        /** Two patterns whose stars stand for the same. */
        PATTERNS
}
