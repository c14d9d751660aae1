/**
 * The DICOM file format: data sets and their encodings (PS3.5, PS3.6, PS3.10), read with bounds on memory and depth.
 */
package org.scanbridge.dicom.data;
