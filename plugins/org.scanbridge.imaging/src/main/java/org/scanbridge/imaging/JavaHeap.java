package org.scanbridge.imaging;

/** The heap of this virtual machine. */
public final class JavaHeap {

    private JavaHeap() {
    }

    /**
     * Bytes that it can still give. What nobody refers to any more counts as used until it is collected, so it is collected first
     * where there seems to be too little.
     *
     * @param needed how many bytes would be enough
     */
    public static long free(final long needed) {
        if (needed > free()) {
            System.gc();
        }
        return free();
    }

    private static long free() {
        final Runtime runtime = Runtime.getRuntime();
        return runtime.maxMemory() - runtime.totalMemory() + runtime.freeMemory();
    }
}
