package org.scanbridge.dicom.benchmark;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import org.scanbridge.dicom.data.ByteSource;
import org.scanbridge.dicom.data.DicomFile;
import org.scanbridge.dicom.pixel.DecodedFrame;
import org.scanbridge.dicom.pixel.DicomDecoders;
import org.scanbridge.dicom.pixel.PixelFormat;

/**
 * This side of {@code benchmarks/peers/decode.py}: for each line of standard input, {@code file times [out]}, decodes the first
 * frame of a DICOM file so many times, prints the seconds of processor time that this took its thread, and writes the samples,
 * little-endian and color by color, where the line says so.
 */
public final class DecodePeer {

    private DecodePeer() {
    }

    /** @param args none */
    public static void main(final String[] args) throws IOException {
        final Map<String, byte[]> files = new HashMap<>();
        final DicomDecoders decoders = DicomDecoders.standard();
        final BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            final String[] words = line.split(" ");
            if (!files.containsKey(words[0])) {
                files.put(words[0], Files.readAllBytes(Path.of(words[0])));
            }
            final long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            DecodedFrame frame = null;
            for (int n = 0; n < Integer.parseInt(words[1]); n++) {
                try (DicomFile file = DicomFile.parse(ByteSource.of(files.get(words[0])))) {
                    frame = decoders.decode(file, PixelFormat.of(file.data()), 0);
                }
            }
            final long end = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            if (words.length > 2) {
                Files.write(Path.of(words[2]), frame.bytes());
            }
            System.out.println((end - start) / 1e9);
        }
    }
}
