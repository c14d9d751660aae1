/**
 * What DIMSE (PS3.4 annexes B and C, PS3.7) asks of an archive and makes of its answers, without a word of the protocol
 * itself: messages go through a {@link org.scanbridge.dicom.archive.dimse.DimsePort}, which a bundle with a library for the
 * protocol provides.
 */
package org.scanbridge.dicom.archive.dimse;
