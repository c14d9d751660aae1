package org.scanbridge.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;

import org.scanbridge.imaging.normalize.Foreground;
import org.scanbridge.imaging.normalize.N4BiasCorrection;
import org.scanbridge.imaging.normalize.Sample;
import org.scanbridge.imaging.volume.Volume;

import com.sun.management.OperatingSystemMXBean;

/**
 * This side of {@code benchmarks/peers/n4.py}: holds an image of raw little-endian floats, corrects its bias by N4 for each line of
 * standard input, {@code levels iterations [file]}, prints the seconds of wall time and of processor time of all threads that it
 * took, and writes the corrected image where the line says so.
 */
public final class BiasPeer {

    private BiasPeer() {
    }

    /** @param args file of the image, then its size along i, j, k */
    public static void main(final String[] args) throws IOException {
        final Volume image = RawVolume.read(args);
        final OperatingSystemMXBean system = (OperatingSystemMXBean)ManagementFactory.getOperatingSystemMXBean();
        final BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            final String[] words = line.split(" ");
            final long start = System.nanoTime();
            final long processor = system.getProcessCpuTime();
            final Volume corrected = new N4BiasCorrection(Foreground.ABOVE_ZERO, Integer.parseInt(words[0]),
                Integer.parseInt(words[1]), 1).apply(Sample.of(image));
            final double wall = (System.nanoTime() - start) / 1e9;
            final double used = (system.getProcessCpuTime() - processor) / 1e9;
            if (words.length > 2) {
                RawVolume.write(corrected.voxels(), words[2]);
            }
            System.out.println(wall + " " + used);
        }
    }
}
