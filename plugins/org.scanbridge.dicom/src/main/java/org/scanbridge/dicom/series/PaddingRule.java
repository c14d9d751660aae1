package org.scanbridge.dicom.series;

/**
 * What becomes of pixel padding: stored values that Pixel Padding Value (0028,0120) and Pixel Padding Range Limit
 * (0028,0121) declare to be no part of the image (PS3.3 C.7.5.1.1.2).
 */
public enum PaddingRule {
        /** It becomes the smallest value of the volume's other voxels. */
        LOWEST,
        /** It becomes a value of the user's choice. */
        VALUE,
        /** It stays as if it were measured. */
        KEEP
}
