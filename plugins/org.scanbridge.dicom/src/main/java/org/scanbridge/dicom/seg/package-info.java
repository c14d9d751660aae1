/**
 * DICOM Segmentation objects: reading them into the grid of their image, and writing them.
 */
package org.scanbridge.dicom.seg;
