package org.scanbridge.dicom.data;

/**
 * Where the pixel data of a file lies.
 *
 * @param tag Pixel Data (7FE0,0010), Float Pixel Data (7FE0,0008) or Double Float Pixel Data (7FE0,0009)
 * @param vr its VR
 * @param offset position of the first byte of the value in the data set's bytes
 * @param length number of bytes announced, or {@link #ENCAPSULATED} for fragments up to a delimiter
 */
public record PixelLocation(int tag, VR vr, long offset, long length) {

    /** Stands for an undefined length: fragments in items. */
    public static final long ENCAPSULATED = -1;

    /** Whether the pixel data consists of fragments in items. */
    public boolean isEncapsulated() {
        return length == ENCAPSULATED;
    }
}
