package org.scanbridge.imaging;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.ref.Reference;

import org.junit.jupiter.api.Test;

class JavaHeapTest {

    private static final long MEBI = 1 << 20;

    /** What was refused for garbage would have fitted. */
    @Test
    void garbageIsFreeWhereItIsNeeded() {
        final long before = JavaHeap.free(Long.MAX_VALUE) / MEBI;
        byte[] held = new byte[(int)(256 * MEBI)];
        assertEquals(before - 256, JavaHeap.free(Long.MAX_VALUE) / MEBI, 32, "held");
        Reference.reachabilityFence(held);
        held = null;
        assertEquals(before, JavaHeap.free(Long.MAX_VALUE) / MEBI, 32, "dropped");
    }
}
