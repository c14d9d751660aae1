/**
 * Folders of NIfTI images and label maps: which file is which, and which label map belongs to which image.
 */
package org.scanbridge.dicom.nifti.study;
