package org.scanbridge.dicom.pixel;

import java.nio.ByteOrder;
import java.util.Objects;

/**
 * The samples of one frame, uncompressed.
 *
 * @param format how they are laid out; bits, color and planes may differ from the header's after decompression
 * @param bytes the samples in whole cells of {@code format.bitsAllocated()} bits (at least 8), row by row
 * @param order byte order of the cells
 */
public record DecodedFrame(PixelFormat format, byte[] bytes, ByteOrder order) {

    /** @throws IllegalArgumentException if there are too few bytes */
    public DecodedFrame {
        Objects.requireNonNull(format, "format");
        Objects.requireNonNull(order, "order");
        final long expected = (long)format.framePixels() * format.samples() * (format.bitsAllocated() / 8);
        if (bytes.length < expected) {
            throw new IllegalArgumentException(bytes.length + " bytes for a frame of " + expected);
        }
    }
}
