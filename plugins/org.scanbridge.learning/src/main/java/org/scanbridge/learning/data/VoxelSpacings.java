package org.scanbridge.learning.data;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import org.scanbridge.imaging.volume.Geometry;

/**
 * The voxel spacings of the images that a network was trained on. A network knows structures by their size in voxels, so it
 * finds them badly, and says nothing of it, in images with other voxels.
 *
 * @param smallest the smallest spacing along i, j, k in mm
 * @param largest the largest one
 */
public record VoxelSpacings(List<Double> smallest, List<Double> largest) {

    /** Key in the options of a training. */
    private static final String OPTION = "voxelSpacing";

    /**
     * By which factor voxels may be larger or smaller than all of the training: about as much as heads differ, and as much as
     * augmentation scales by default.
     */
    private static final double TOLERATED = 1.2;

    private static final String TIMES = "×";

    private static final String TO = " to ";

    /** Copies the lists. */
    public VoxelSpacings {
        smallest = List.copyOf(smallest);
        largest = List.copyOf(largest);
    }

    /** @param grids of the images of a training, at least one */
    static VoxelSpacings of(final Collection<Geometry> grids) {
        final List<Double> smallest = new ArrayList<>();
        final List<Double> largest = new ArrayList<>();
        for (int a = 0; a < 3; a++) {
            final int axis = a;
            smallest.add(grids.stream().mapToDouble(g -> g.spacing(axis)).min().orElseThrow());
            largest.add(grids.stream().mapToDouble(g -> g.spacing(axis)).max().orElseThrow());
        }
        return new VoxelSpacings(smallest, largest);
    }

    /**
     * Reads what {@link #addTo(Map)} wrote.
     *
     * @param options of a training
     * @return empty if they do not tell, as those of earlier versions
     */
    public static Optional<VoxelSpacings> of(final Map<String, String> options) {
        return Optional.ofNullable(options.get(OPTION)).map(text -> {
            final String[] ends = text.split(TO);
            return new VoxelSpacings(numbers(ends[0]), numbers(ends[ends.length - 1]));
        });
    }

    private static List<Double> numbers(final String text) {
        return Arrays.stream(text.split(TIMES)).map(Double::valueOf).toList();
    }

    /** Writes them into the options of a training. */
    public void addTo(final Map<String, String> options) {
        options.put(OPTION, toString());
    }

    /** Those of both. */
    public VoxelSpacings with(final VoxelSpacings other) {
        final List<Double> least = new ArrayList<>();
        final List<Double> most = new ArrayList<>();
        for (int a = 0; a < 3; a++) {
            least.add(Math.min(smallest.get(a), other.smallest.get(a)));
            most.add(Math.max(largest.get(a), other.largest.get(a)));
        }
        return new VoxelSpacings(least, most);
    }

    /**
     * Whether an image has voxels as those of the training, to a factor of 1.2 along each axis.
     *
     * @param grid of the image
     * @param flat whether the network looks at single slices, so that their distance does not matter
     */
    public boolean include(final Geometry grid, final boolean flat) {
        for (int a = 0; a < (flat ? 2 : 3); a++) {
            if (grid.spacing(a) * TOLERATED < smallest.get(a) || grid.spacing(a) > TOLERATED * largest.get(a)) {
                return false;
            }
        }
        return true;
    }

    /** Without unit: {@code 1.0×1.0×3.0}, or {@code 0.9×0.9×1.0 to 1.0×1.0×3.0} where images differ. */
    @Override
    public String toString() {
        final String least = text(smallest);
        final String most = text(largest);
        return least.equals(most) ? least : least + TO + most;
    }

    /** To six digits, as grids are told. */
    private static String text(final List<Double> spacing) {
        return spacing.stream().map(mm -> "" + BigDecimal.valueOf(mm).round(new MathContext(6)).doubleValue())
            .collect(Collectors.joining(TIMES));
    }
}
