/**
 * Decoders of compressed pixel data, one class a code: RLE, JPEG, JPEG lossless, JPEG-LS, JPEG 2000.
 */
package org.scanbridge.dicom.codec;
