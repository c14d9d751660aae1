/**
 * DIMSE and image readers by dcm4che, for installations that have it. Thin on purpose: what is asked of archives and made of
 * their answers is in {@link org.scanbridge.dicom.archive.dimse}, where it is tested without dcm4che.
 */
package org.scanbridge.dicom.dcm4che;
