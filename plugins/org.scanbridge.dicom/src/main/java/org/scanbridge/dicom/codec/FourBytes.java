package org.scanbridge.dicom.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Four bytes of entropy-coded data at once, where none of them is FF, which would change what the next byte means. */
final class FourBytes {

    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private FourBytes() {
    }

    /** Four bytes as a number, the first one the most significant. */
    static int at(final byte[] bytes, final int position) {
        return (int)INTS.get(bytes, position);
    }

    /** The reverse of {@link #at}. */
    static void put(final byte[] bytes, final int position, final int four) {
        INTS.set(bytes, position, four);
    }

    /** Whether one of the bytes of a number is FF: a zero byte of the inverse (Warren, Hacker's Delight, section 6-1). */
    static boolean haveFf(final int bytes) {
        return (~bytes - 0x01010101 & bytes & 0x80808080) != 0;
    }
}
