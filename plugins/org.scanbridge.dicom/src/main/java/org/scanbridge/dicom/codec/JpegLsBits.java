package org.scanbridge.dicom.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

import org.scanbridge.dicom.data.DicomException;

/**
 * Bits of JPEG-LS data: after a byte FF the next one has only seven (ITU-T T.87 section 9.1). The bits that do not count are taken out
 * beforehand, so that the next bits are found at a place that is one number, without a branch and without waiting for the code
 * before to be taken.
 */
final class JpegLsBits {

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    /** So many bits are there when eight bytes are read from the byte of the next bit on. */
    private static final int AT_HAND = Long.SIZE - Byte.SIZE + 1;

    /** A code of fewer zeros is at hand, whatever follows. */
    static final int SHORT = AT_HAND - 1 - 24;

    /** Eight bits from each byte, and {@value Long#BYTES} zeros and more behind them. */
    private final byte[] m_bytes;

    /** Bits before the end or a marker. */
    private final long m_end;

    /** The next bit. */
    private long m_at;

    JpegLsBits(final byte[] bytes, final int position) {
        m_bytes = new byte[bytes.length - Math.min(bytes.length, position) + Integer.BYTES + Long.BYTES];
        m_end = pack(bytes, position, m_bytes);
    }

    /** Writes the bits that count without gaps and returns how many there are. */
    private static long pack(final byte[] bytes, final int position, final byte[] to) {
        // bits that are not written yet, the first one the most significant; fewer than eight before each step
        long buffer = 0;
        int held = 0;
        int at = 0;
        boolean stuffed = false;
        int next = position;
        while (next < bytes.length && !(stuffed && bytes[next] < 0)) {
            final int four = !stuffed && next + Integer.BYTES <= bytes.length ? FourBytes.at(bytes, next) : -1;
            if (FourBytes.haveFf(four)) {
                final int count = stuffed ? Byte.SIZE - 1 : Byte.SIZE;
                final int one = bytes[next++] & 0xff;
                buffer |= (long)one << Long.SIZE - count - held;
                held += count;
                stuffed = one == 0xff;
                if (held >= Byte.SIZE) {
                    to[at++] = (byte)(buffer >>> Long.SIZE - Byte.SIZE);
                    buffer <<= Byte.SIZE;
                    held -= Byte.SIZE;
                }
            } else {
                buffer |= (four & 0xffffffffL) << Integer.SIZE - held;
                FourBytes.put(to, at, (int)(buffer >>> Integer.SIZE));
                buffer <<= Integer.SIZE;
                at += Integer.BYTES;
                next += Integer.BYTES;
            }
        }
        to[at] = (byte)(buffer >>> Long.SIZE - Byte.SIZE);
        return (long)Byte.SIZE * at + held;
    }

    private DicomException ended() {
        return JpegLsDecoder.broken("ends after " + m_end + " bits of a scan, before all pixels are decoded");
    }

    /** The next bits, the first one the most significant; at least {@value #AT_HAND} of them count. */
    private long next() {
        return (long)LONGS.get(m_bytes, (int)(m_at >>> 3)) << (m_at & 7);
    }

    private void take(final int count) throws DicomException {
        m_at += count;
        requireEnough();
    }

    /** The next bit. */
    int bit() throws DicomException {
        return bits(1);
    }

    /** The next bits as a number, at most 24. */
    int bits(final int count) throws DicomException {
        // in two shifts, so that no bits are none
        final int value = (int)(next() >>> 1 >>> Long.SIZE - 1 - count);
        take(count);
        return value;
    }

    /**
     * The number of zeros before the next 1, and takes them and the 1.
     *
     * @param limit the most that there may be
     */
    int zeros(final int limit) throws DicomException {
        int zeros = 0;
        int here = Long.numberOfLeadingZeros(next());
        while (here >= AT_HAND) {
            zeros += AT_HAND;
            take(AT_HAND);
            here = Long.numberOfLeadingZeros(next());
        }
        zeros += here;
        if (zeros > limit) {
            throw JpegLsDecoder.broken("has a code of more than " + limit + " bits");
        }
        take(here + 1);
        return zeros;
    }

    /**
     * A number that is some zeros, a 1 and k bits. Behind the end there are only zeros, so that the code after the one that goes beyond it
     * is none; whether the last one did, {@link #requireEnough} tells.
     *
     * @param k at most 24
     * @param escape so many zeros say something else; at most {@value #SHORT}
     * @return zeros · 2ᵏ + the k bits; -1, and nothing taken, if it is something else
     */
    int code(final int k, final int escape) {
        final long next = next();
        final int zeros = Long.numberOfLeadingZeros(next);
        if (zeros >= escape) {
            return -1;
        }
        m_at += zeros + 1 + k;
        // the bits behind the zeros are 2ᵏ too many, for the 1
        return (zeros - 1 << k) + (int)(next << zeros >>> Long.SIZE - 1 - k);
    }

    /** @throws DicomException if more bits were taken than there are */
    void requireEnough() throws DicomException {
        if (m_at > m_end) {
            throw ended();
        }
    }
}
