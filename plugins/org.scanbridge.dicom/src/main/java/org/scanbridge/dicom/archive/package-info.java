/**
 * What the nodes ask of a hospital's archive, whatever the protocol: an {@link org.scanbridge.dicom.archive.Archive} is
 * asked what it holds, gives series instance by instance, and takes instances. A protocol is an
 * {@link org.scanbridge.dicom.archive.ArchiveConnector}; that of this bundle is DICOMweb, others are found as OSGi services.
 */
package org.scanbridge.dicom.archive;
