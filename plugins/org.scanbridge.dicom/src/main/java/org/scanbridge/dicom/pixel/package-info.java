/**
 * From pixel data to values: pixel formats, decoders by transfer syntax, Modality LUT and rescale, luminance of colors.
 */
package org.scanbridge.dicom.pixel;
