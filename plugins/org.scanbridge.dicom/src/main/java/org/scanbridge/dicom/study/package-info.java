/**
 * Folders of DICOM files as a whole: reading all series, segmentations and problems of a study, and writing one.
 */
package org.scanbridge.dicom.study;
