package org.scanbridge.imaging;

/** The heap of this virtual machine. */
public final class JavaHeap {

    private JavaHeap() {
    }

    /** Bytes that it can still give; what nobody refers to any more counts as used until it is collected. */
    public static long free() {
        final Runtime runtime = Runtime.getRuntime();
        return runtime.maxMemory() - runtime.totalMemory() + runtime.freeMemory();
    }
}
