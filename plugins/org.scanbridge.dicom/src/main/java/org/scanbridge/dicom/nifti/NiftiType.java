package org.scanbridge.dicom.nifti;

import java.nio.ByteBuffer;

/**
 * Data types of voxels (nifti1.h, DT_*), all of which become floats; colors become luminance (ITU-R BT.601), as those of
 * DICOM images do.
 */
enum NiftiType {
        UINT8(2, 1), INT16(4, 2), INT32(8, 4), FLOAT32(16, 4), FLOAT64(64, 8), INT8(256, 1), UINT16(512, 2),
        UINT32(768, 4), INT64(1024, 8), UINT64(1280, 8),
        RGB24(128, 3), RGBA32(2304, 4);

    private final int m_code;

    private final int m_bytes;

    NiftiType(final int code, final int bytes) {
        m_code = code;
        m_bytes = bytes;
    }

    int code() {
        return m_code;
    }

    /** Bytes of a voxel. */
    int bytes() {
        return m_bytes;
    }

    /** Whether a voxel is a color. */
    boolean isColor() {
        return this == RGB24 || this == RGBA32;
    }

    static NiftiType of(final int code) throws NiftiException {
        for (final NiftiType type : values()) {
            if (type.m_code == code) {
                return type;
            }
        }
        throw new NiftiException("Data type " + code + switch (code) {
            case 1 -> " (BINARY, one bit)";
            case 32, 1792, 2048 -> " (complex numbers)";
            case 1536 -> " (FLOAT128)";
            default -> "";
        } + " is not read; integers of 8 to 64 bits, floating-point numbers of 32 and 64 bits and colors (RGB24, RGBA32)"
            + " are.");
    }

    /** The next voxel of a buffer. */
    double next(final ByteBuffer in) {
        return switch (this) {
            case UINT8 -> in.get() & 0xff;
            case INT8 -> in.get();
            case INT16 -> in.getShort();
            case UINT16 -> in.getShort() & 0xffff;
            case INT32 -> in.getInt();
            case UINT32 -> in.getInt() & 0xffffffffL;
            case FLOAT32 -> in.getFloat();
            case FLOAT64 -> in.getDouble();
            case INT64 -> in.getLong();
            case UINT64 -> {
                final long v = in.getLong();
                yield v >= 0 ? v : v + 0x1p64;
            }
            case RGB24 -> luminance(in);
            case RGBA32 -> {
                final double luminance = luminance(in);
                in.get(); // how opaque
                yield luminance;
            }
        };
    }

    private static double luminance(final ByteBuffer in) {
        return 0.299 * (in.get() & 0xff) + 0.587 * (in.get() & 0xff) + 0.114 * (in.get() & 0xff);
    }
}
