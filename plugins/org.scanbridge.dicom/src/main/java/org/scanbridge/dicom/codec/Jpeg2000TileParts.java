package org.scanbridge.dicom.codec;

import java.util.HashMap;
import java.util.Map;

/**
 * Corrects the numbers of tile parts that SOT segments announce (TNsot, ISO/IEC 15444-1 A.4.2). Some encoders write the
 * index of the last part instead, and the standard lets all but one part of a tile say 0, which means "not told". The
 * library believes the first part of each tile, takes 0 for 1, and leaves out the other parts without a word: with them
 * most bits of a lossless image. So every part is made to tell the number of parts that are there.
 */
final class Jpeg2000TileParts {

    private static final int SOT = 0xff90;

    private static final int SOT_LENGTH = 12;

    private static final int TILE = 4;

    private static final int PART_LENGTH = 6;

    private static final int PART = 10;

    private static final int PARTS = 11;

    private Jpeg2000TileParts() {
    }

    /**
     * The stream with right numbers.
     *
     * @param bytes a stream whose segments were checked
     * @param start where it begins
     * @return the same array if nothing is wrong, else a copy
     */
    static byte[] corrected(final byte[] bytes, final int start) {
        final Map<Integer, Integer> counts = new HashMap<>();
        boolean wrong = false;
        for (int at = firstPart(bytes, start); at >= 0; at = next(bytes, at)) {
            counts.merge(tile(bytes, at), (bytes[at + PART] & 0xff) + 1, Math::max);
        }
        for (int at = firstPart(bytes, start); at >= 0 && !wrong; at = next(bytes, at)) {
            wrong = isWrong(bytes, at, counts);
        }
        if (!wrong) {
            return bytes;
        }
        final byte[] copy = bytes.clone();
        for (int at = firstPart(bytes, start); at >= 0; at = next(bytes, at)) {
            if (isWrong(bytes, at, counts)) {
                copy[at + PARTS] = (byte)(int)counts.get(tile(bytes, at));
            }
        }
        return copy;
    }

    /** Too small, or 0, which stands for a number that is not told. */
    private static boolean isWrong(final byte[] bytes, final int at, final Map<Integer, Integer> counts) {
        final int told = bytes[at + PARTS] & 0xff;
        return told < counts.get(tile(bytes, at)) && counts.get(tile(bytes, at)) <= 0xff;
    }

    private static int tile(final byte[] bytes, final int at) {
        return unsigned(bytes, at + TILE);
    }

    private static int unsigned(final byte[] bytes, final int at) {
        return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
    }

    private static int firstPart(final byte[] bytes, final int start) {
        int at = start + 2;
        while (at + SOT_LENGTH <= bytes.length && unsigned(bytes, at) != SOT) {
            at += 2 + Math.max(2, unsigned(bytes, at + 2));
        }
        return at + SOT_LENGTH <= bytes.length ? at : -1;
    }

    /** The tile part after one; -1 if there is none. */
    private static int next(final byte[] bytes, final int at) {
        final long length = (long)unsigned(bytes, at + PART_LENGTH) << 16 | unsigned(bytes, at + PART_LENGTH + 2);
        final long next = at + length;
        return length >= SOT_LENGTH && next + SOT_LENGTH <= bytes.length && unsigned(bytes, (int)next) == SOT ? (int)next : -1;
    }
}
