package org.scanbridge.imaging.normalize;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.Volume;

/**
 * What is around the thing that an image shows, where it has one value: the rest of an image from which a brain was cut out, whatever
 * became of its 0 by a z-score, a change of scale, a shift or an inversion. It is looked for at the image's faces, since single values
 * are frequent elsewhere, too, such as the ends of a range that values were clipped to. Measured air is noise and has no such value.
 *
 * @param value the value, finite
 * @param voxels how many voxels have it: at least 5 % of all, but not all
 */
public record Surroundings(float value, int voxels) {

    /** From this share of an image's voxels on, those of one value are a background that somebody made. */
    static final double BACKGROUND = 0.05;

    /**
     * So much of one of the three pairs of opposite faces must have the value, and more than half of another. Where the image ends within a
     * brain, the other faces still tell; noise that a receiver rounded has a most frequent value as well, but, as
     * {@link IntensityFacts} has it, at least a fifth of it differs.
     */
    private static final double FACES = 1 - IntensityFacts.RIM;

    /** @param image all voxels finite */
    public static Optional<Surroundings> of(final Volume image) {
        final List<float[]> faces = IntStream.range(0, 3).mapToObj(axis -> faces(image, axis)).toList();
        for (final float[] pair : faces) {
            final float value = majority(pair);
            if (share(pair, value) >= FACES && faces.stream().filter(f -> share(f, value) > 0.5).count() > 1) {
                final int voxels = count(image.voxels(), value);
                return voxels < image.voxels().length && voxels >= BACKGROUND * image.voxels().length
                    ? Optional.of(new Surroundings(value, voxels)) : Optional.empty();
            }
        }
        return Optional.empty();
    }

    /** The voxels of the first and the last plane across an axis; of a single one twice. */
    private static float[] faces(final Volume image, final int axis) {
        final Geometry g = image.geometry();
        final int[] size = g.size();
        size[axis] = 2;
        final float[] faces = new float[size[0] * size[1] * size[2]];
        final int[] index = new int[3];
        for (int v = 0; v < faces.length; v++) {
            index[0] = v % size[0];
            index[1] = v / size[0] % size[1];
            index[2] = v / size[0] / size[1];
            index[axis] *= g.size(axis) - 1;
            faces[v] = image.get(index[0], index[1], index[2]);
        }
        return faces;
    }

    /** The value that more than half have, if there is one; else any of them (the vote of Boyer and Moore, 1981). */
    private static float majority(final float[] values) {
        float candidate = values[0];
        int votes = 0;
        for (final float x : values) {
            candidate = votes == 0 ? x : candidate;
            votes += x == candidate ? 1 : -1;
        }
        return candidate;
    }

    private static double share(final float[] values, final float value) {
        return (double)count(values, value) / values.length;
    }

    /** How many values are exactly this one. */
    public static int count(final float[] values, final float value) {
        int count = 0;
        for (final float x : values) {
            count += x == value ? 1 : 0;
        }
        return count;
    }
}
