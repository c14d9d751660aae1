package org.scanbridge.learning.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.learning.architecture.NetworkRegion;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.data.ClassValues;
import org.scanbridge.learning.network.Network;

/**
 * What has a Dice of its own: a class of the network other than the background, or a region.
 *
 * @param name what users call it
 * @param classes the classes of the network that make it up
 * @param output which of the network's outputs is its probability
 */
public record Structure(String name, Set<Integer> classes, int output) {

    /** Copies the set. */
    public Structure {
        classes = Set.copyOf(classes);
    }

    /** Those of a network. */
    public static List<Structure> of(final Network network) {
        return of(network.spec(), network.labels());
    }

    /**
     * Those of networks of an architecture.
     *
     * @param labels names of the classes; may be empty
     */
    public static List<Structure> of(final NetworkSpec spec, final LabelSet labels) {
        if (spec.regions().isEmpty()) {
            final ClassValues values = ClassValues.of(labels, spec.classes());
            return IntStream.range(1, spec.classes())
                .mapToObj(c -> new Structure(labels.name(values.value(c)), Set.of(c), c)).toList();
        }
        final List<Structure> regions = new ArrayList<>();
        for (final NetworkRegion region : spec.regions()) {
            regions.add(new Structure(region.name(), Set.copyOf(region.classes()), regions.size()));
        }
        return regions;
    }

    /** Which of the 256 label values belong to it. */
    boolean[] inside() {
        final boolean[] inside = new boolean[256];
        classes.forEach(c -> inside[c] = true);
        return inside;
    }

    /** Its number of voxels. */
    public long voxels(final LabelVolume labels) {
        final boolean[] inside = inside();
        long count = 0;
        for (final byte v : labels.voxels()) {
            count += inside[v & 0xff] ? 1 : 0;
        }
        return count;
    }

    /** Dice of two segmentations of one grid, in [0, 1]; 1 where both have nothing of it. */
    public double dice(final LabelVolume a, final LabelVolume b) {
        return dice(a, b, Optional.empty());
    }

    /**
     * As {@link #dice(LabelVolume, LabelVolume)} without the voxels that have a value in the second one.
     *
     * @param ignored the value
     */
    double dice(final LabelVolume a, final LabelVolume b, final Optional<Integer> ignored) {
        final boolean[] inside = inside();
        final int out = ignored.orElse(-1);
        final byte[] x = a.voxels();
        final byte[] y = b.voxels();
        long both = 0;
        long sum = 0;
        for (int v = 0; v < x.length; v++) {
            if ((y[v] & 0xff) != out) {
                final boolean p = inside[x[v] & 0xff];
                final boolean q = inside[y[v] & 0xff];
                both += p && q ? 1 : 0;
                sum += (p ? 1 : 0) + (q ? 1 : 0);
            }
        }
        return sum == 0 ? 1 : 2.0 * both / sum;
    }
}
