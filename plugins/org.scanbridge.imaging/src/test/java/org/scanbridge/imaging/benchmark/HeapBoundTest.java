package org.scanbridge.imaging.benchmark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

/** Every preprocessing operation gets by with three times the memory of its volume, the volume itself counted. */
class HeapBoundTest {

    private static final int MEBI = 1 << 20;

    /** What the virtual machine, the executors and one slice per worker need, whatever the volume. */
    private static final int BASE = 6;

    /** In a virtual machine of its own, as the bound is on the heap. A compacting collector, so that no gaps count. */
    @Test
    void everyOperationFitsIntoThreeVolumes() throws IOException, InterruptedException {
        final int[] size = {192, 192, 128};
        final int volume = size[0] * size[1] * size[2] * Float.BYTES / MEBI;
        final Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC", "-Xmn4m", "-Xmx" + (3 * volume + BASE) + "m", "-cp",
            System.getProperty("java.class.path"), HeapBound.class.getName(), "" + size[0], "" + size[1], "" + size[2])
                .redirectErrorStream(true).start();
        final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(5, TimeUnit.MINUTES));
        assertEquals(0, process.exitValue(), output);
        assertTrue(output.lines().count() > 30, output);
    }
}
