package org.scanbridge.knime.view;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

import org.scanbridge.imaging.render.SliceGrid;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;

/**
 * The pixels of one slice, row by row from the upper left. Of a segmentation the label values, a byte each. Of an image levels
 * of 16 bits, first the high bytes of all pixels and then the low ones: level l is the value {@code low + step · l}; the
 * highest three levels are minus infinity, infinity and not a number. Whole numbers come exactly as long as they span less than
 * 65 533.
 * <p>
 * Not a PNG: writing one takes several times as long, and browsers need not give its bits back unchanged.
 *
 * @param low value of level 0; 0 for a segmentation
 * @param step difference between two levels; 0 for a segmentation
 * @param data the bytes, compressed as a zlib stream (RFC 1950), in base 64
 */
public record Pixels(double low, double step, String data) {

    /** The highest level that stands for a finite value. */
    static final int LAST = 0xffff - 3;

    private static final int MINUS_INFINITY = LAST + 1;

    private static final int INFINITY = LAST + 2;

    private static final int NOT_A_NUMBER = LAST + 3;

    static Pixels of(final Volume image, final SliceGrid slice) {
        final float[] voxels = image.voxels();
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        boolean whole = true;
        for (int y = 0; y < slice.height(); y++) {
            for (int x = 0; x < slice.width(); x++) {
                final float v = voxels[slice.voxel(x, y)];
                if (Float.isFinite(v)) {
                    low = Math.min(low, v);
                    high = Math.max(high, v);
                    whole &= v == Math.rint(v);
                }
            }
        }
        if (!(low <= high)) {
            low = 0;
            high = 0;
        }
        final double step = high == low || whole && high - low <= LAST ? 1 : (high - low) / LAST;
        final int count = slice.width() * slice.height();
        final byte[] bytes = new byte[2 * count];
        int p = 0;
        for (int y = 0; y < slice.height(); y++) {
            for (int x = 0; x < slice.width(); x++, p++) {
                final int level = level(voxels[slice.voxel(x, y)], low, step);
                bytes[p] = (byte)(level >> 8);
                bytes[count + p] = (byte)level;
            }
        }
        return new Pixels(low, step, packed(bytes));
    }

    static Pixels of(final LabelVolume labels, final SliceGrid slice) {
        final byte[] bytes = new byte[slice.width() * slice.height()];
        int p = 0;
        for (int y = 0; y < slice.height(); y++) {
            for (int x = 0; x < slice.width(); x++) {
                bytes[p++] = labels.voxels()[slice.voxel(x, y)];
            }
        }
        return new Pixels(0, 0, packed(bytes));
    }

    private static int level(final float value, final double low, final double step) {
        if (Float.isFinite(value)) {
            return (int)Math.min(LAST, Math.rint((value - low) / step));
        }
        return Float.isNaN(value) ? NOT_A_NUMBER : value > 0 ? INFINITY : MINUS_INFINITY;
    }

    private static String packed(final byte[] bytes) {
        final Deflater fast = new Deflater(Deflater.BEST_SPEED);
        try {
            final ByteArrayOutputStream packed = new ByteArrayOutputStream(bytes.length / 2 + 64);
            try (DeflaterOutputStream out = new DeflaterOutputStream(packed, fast, 1 << 16)) {
                out.write(bytes);
            } catch (final IOException e) {
                throw new AssertionError("memory can be written to", e);
            }
            return Base64.getEncoder().encodeToString(packed.toByteArray());
        } finally {
            fast.end();
        }
    }
}
