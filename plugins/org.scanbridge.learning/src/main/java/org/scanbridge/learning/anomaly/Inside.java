package org.scanbridge.learning.anomaly;

import java.util.Arrays;
import java.util.Optional;

import org.scanbridge.imaging.distance.EuclideanDistanceTransform;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.data.Background;

import net.imglib2.parallel.TaskExecutors;

/**
 * An image with nothing but what a network for anomalies is to see: the voxels inside a mask, the others replaced by the
 * image's background; without a mask, the voxels that are not its constant background, and all where there is none.
 *
 * @param image the image, background outside
 * @param voxels whether each voxel is inside, i fastest
 */
public record Inside(Volume image, boolean[] voxels) {

    /**
     * @param image voxels that are numbers
     * @param mask not 0 inside; empty if there is none
     * @param name what to call the image in messages, such as {@code subject 7}
     * @throws LearningException if a voxel is not a number, if the mask is on another grid, or if nothing is inside
     */
    public static Inside of(final Volume image, final Optional<LabelVolume> mask, final String name) {
        for (final float v : image.voxels()) {
            if (!Float.isFinite(v)) {
                throw new LearningException("The image of " + name + " has voxels with the value " + v
                    + ". Replace them before, in the Volume Normalizer with \"Replace NaN and infinite voxels\".");
            }
        }
        final Background background = Background.of(image.voxels(), image.geometry().size());
        final boolean[] inside = new boolean[image.voxels().length];
        if (mask.isEmpty()) {
            for (int v = 0; v < inside.length; v++) {
                inside[v] = !background.constant() || image.voxels()[v] != background.value();
            }
            requireAny(inside, "The image of " + name + " has the value " + background.value()
                + " everywhere: there is nothing to learn from or to look at. Leave it out.");
            return new Inside(image, inside);
        }
        final LabelVolume given = mask.get();
        if (!given.geometry().sameGrid(image.geometry())) {
            throw new LearningException("The mask of " + name + " is on another grid (" + given.geometry() + ") than the image ("
                + image.geometry().beside(given.geometry())
                + "). Resample it onto the image's grid with the Volume Resampler.");
        }
        final float[] masked = image.voxels().clone();
        for (int v = 0; v < inside.length; v++) {
            inside[v] = given.voxels()[v] != 0;
            masked[v] = inside[v] ? masked[v] : background.value();
        }
        requireAny(inside, "The mask of " + name + " is 0 everywhere. Leave the row out, or correct the mask.");
        return new Inside(image.withVoxels(masked), inside);
    }

    private static void requireAny(final boolean[] inside, final String message) {
        for (final boolean each : inside) {
            if (each) {
                return;
            }
        }
        throw new LearningException(message);
    }

    /**
     * Whether each voxel is inside and further than a distance from the nearest one outside.
     *
     * @param edge in mm; 0 leaves out nothing
     * @param name what to call the image in messages
     * @throws LearningException if nothing is left
     */
    public boolean[] without(final double edge, final String name) {
        if (edge == 0) {
            return voxels;
        }
        final boolean[] outside = new boolean[voxels.length];
        for (int v = 0; v < outside.length; v++) {
            outside[v] = !voxels[v];
        }
        final float[] squares = new EuclideanDistanceTransform(image.geometry().spacing(), TaskExecutors.singleThreaded())
            .squaredDistances(outside, image.geometry().size());
        final boolean[] left = new boolean[voxels.length];
        for (int v = 0; v < left.length; v++) {
            left[v] = voxels[v] && squares[v] > edge * edge;
        }
        requireAny(left, "Nothing is left of the image of " + name + " without an edge of " + edge
            + " mm. Choose a smaller \"Edge left out\", or check the mask.");
        return left;
    }

    /** Number of voxels that are set. */
    static int count(final boolean[] set) {
        int count = 0;
        for (final boolean each : set) {
            count += each ? 1 : 0;
        }
        return count;
    }

    /** The values of the voxels that are set. */
    static float[] values(final float[] map, final boolean[] set) {
        final float[] values = new float[count(set)];
        int n = 0;
        for (int v = 0; v < map.length; v++) {
            if (set[v]) {
                values[n++] = map[v];
            }
        }
        return values;
    }

    @Override
    public boolean equals(final Object o) {
        return o instanceof Inside i && image.equals(i.image) && Arrays.equals(voxels, i.voxels);
    }

    @Override
    public int hashCode() {
        return 31 * image.hashCode() + Arrays.hashCode(voxels);
    }

    @Override
    public String toString() {
        return count(voxels) + " voxels of " + image.geometry();
    }
}
