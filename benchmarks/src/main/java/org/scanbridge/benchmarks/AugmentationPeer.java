package org.scanbridge.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.scanbridge.imaging.augment.Augmentation;
import org.scanbridge.imaging.augment.Blur;
import org.scanbridge.imaging.augment.Gamma;
import org.scanbridge.imaging.augment.GaussianNoise;
import org.scanbridge.imaging.augment.LabeledVolume;
import org.scanbridge.imaging.augment.Motion;
import org.scanbridge.imaging.augment.Range;
import org.scanbridge.imaging.augment.Transformation;
import org.scanbridge.imaging.random.SeededRandom;

/**
 * This side of {@code benchmarks/peers/augment.py}: holds an image of raw little-endian floats, runs the augmentation that a
 * line of standard input names, prints how many seconds it took, and writes the result where the line says so:
 * {@code gamma 1.4 [file]}, {@code noise 0.1 [file]}, {@code blur 1.1 [file]}, {@code motion 7 [file]}; the number of motion
 * is its seed.
 */
public final class AugmentationPeer {

    private AugmentationPeer() {
    }

    /** @param args file of the image, then its size along i, j, k */
    public static void main(final String[] args) throws IOException {
        final LabeledVolume image = LabeledVolume.of(RawVolume.read(args));
        final BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            final List<String> words = List.of(line.split(" "));
            final double number = Double.parseDouble(words.get(1));
            final long start = System.nanoTime();
            final Transformation drawn = augmentation(words.get(0), number)
                .draw(new SeededRandom(words.get(0).equals("motion") ? (long)number : 1));
            final float[] y = drawn.apply(image).image().voxels();
            System.out.println((System.nanoTime() - start) / 1e9);
            if (words.size() > 2) {
                RawVolume.write(y, words.get(2));
                System.out.println("written");
            }
        }
    }

    private static Augmentation augmentation(final String name, final double number) {
        final Range range = new Range(number, number);
        return switch (name) {
            case "gamma" -> new Gamma(range);
            case "noise" -> new GaussianNoise(range);
            case "blur" -> new Blur(range);
            case "motion" -> new Motion(2, new Range(2, 2), new Range(8, 8), new Range(4, 4));
            default -> throw new IllegalArgumentException("no augmentation " + name);
        };
    }
}
