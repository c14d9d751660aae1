/**
 * NIfTI-1 and NIfTI-2 files; their RAS frame is turned into LPS.
 */
package org.scanbridge.dicom.nifti;
