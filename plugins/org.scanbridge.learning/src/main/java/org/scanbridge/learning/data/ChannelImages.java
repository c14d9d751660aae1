package org.scanbridge.learning.data;

import java.util.List;

import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.learning.LearningException;

/**
 * The images of one subject as channels of a network's input: all on one grid, all voxels numbers.
 *
 * @param names what users call the channels, in the order in which the network gets them
 * @param volumes the images in the same order; at least one
 * @param owner whose images they are, for messages, such as {@code subject S-1}; empty if there is nothing to say
 */
public record ChannelImages(List<String> names, List<Volume> volumes, String owner) {

    /**
     * @throws LearningException if the images are on different grids (size, or position of a corner by more than a tenth
     *             of a voxel), or have voxels that are not numbers
     * @throws IllegalArgumentException if there is none, or not one name per image
     */
    public ChannelImages {
        names = List.copyOf(names);
        volumes = List.copyOf(volumes);
        if (volumes.isEmpty() || names.size() != volumes.size()) {
            throw new IllegalArgumentException(names.size() + " names for " + volumes.size() + " images");
        }
        for (int c = 0; c < volumes.size(); c++) {
            checkGrid(names, volumes, c, owner);
            checkNumbers(names, volumes, c, owner);
        }
    }

    /** A single image. */
    public static ChannelImages of(final Volume image) {
        return new ChannelImages(List.of("image"), List.of(image), "");
    }

    private static void checkGrid(final List<String> names, final List<Volume> volumes, final int channel,
        final String owner) {
        final Geometry first = volumes.get(0).geometry();
        final Geometry other = volumes.get(channel).geometry();
        if (!first.sameGrid(other)) {
            throw new LearningException("The image \"" + names.get(channel) + "\"" + of(owner)
                + " is on another grid than \"" + names.get(0) + "\": " + other + " instead of " + first.beside(other)
                + ". Resample it with the Volume Resampler onto the grid of column \"" + names.get(0) + "\".");
        }
    }

    private static void checkNumbers(final List<String> names, final List<Volume> volumes, final int channel,
        final String owner) {
        for (final float v : volumes.get(channel).voxels()) {
            if (!Float.isFinite(v)) {
                throw new LearningException("The image" + (names.size() > 1 ? " \"" + names.get(channel) + "\"" : "")
                    + of(owner) + " has voxels with the value " + v
                    + ". Replace them before, in the Volume Normalizer with \"Replace NaN and infinite voxels\", or leave"
                    + " the subject out.");
            }
        }
    }

    private static String of(final String owner) {
        return owner.isEmpty() ? "" : " of " + owner;
    }

    /** Number of channels. */
    public int count() {
        return volumes.size();
    }

    /** The image of the first channel: results take its place, subject and series. */
    public Volume first() {
        return volumes.get(0);
    }

    /** The voxels of each channel, i fastest; shared, read only. */
    public List<float[]> voxels() {
        return volumes.stream().map(Volume::voxels).toList();
    }
}
