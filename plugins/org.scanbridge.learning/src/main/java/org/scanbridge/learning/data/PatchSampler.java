package org.scanbridge.learning.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;

import org.scanbridge.imaging.augment.LabelSynthesis;
import org.scanbridge.imaging.augment.LabeledVolume;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.resample.GridWindow;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.learning.architecture.Margin;
import org.scanbridge.learning.architecture.PatchSize;

/**
 * Draws patches from cases. Every site is equally likely, then every case of the site. A patch lies wholly inside the
 * (padded) image, as near to its center voxel as that allows.
 */
public final class PatchSampler {

    private final List<List<LoadedCase>> m_bySite;

    private final PatchSize m_patch;

    private final PatchCenters m_centers;

    private final Map<LoadedCase, Subset> m_subsets = new IdentityHashMap<>();

    /** Of labeled cases, by channel; empty if no patches are painted. */
    private final Map<LoadedCase, double[][]> m_clusters = new IdentityHashMap<>();

    private final boolean m_mirror;

    private final PatchAugmentation m_augmentation;

    /** Without augmentation but mirroring. */
    public PatchSampler(final List<LoadedCase> cases, final PatchSize patch, final double foregroundFraction,
        final boolean mirror) {
        this(cases, patch, foregroundFraction, mirror, PatchAugmentation.NONE);
    }

    /** With centers by {@link PatchCenters.Rule#FOREGROUND}. */
    public PatchSampler(final List<LoadedCase> cases, final PatchSize patch, final double foregroundFraction,
        final boolean mirror, final PatchAugmentation augmentation) {
        this(cases, patch, PatchCenters.onForeground(foregroundFraction), 0, mirror, augmentation);
    }

    /**
     * @param cases at least one
     * @param patch size of the patches
     * @param centers around which voxels patches are drawn
     * @param seed decides which labeled voxels a fixed subset has, with site and subject of the case; other rules do not
     *            use it
     * @param mirror whether half of the patches are mirrored along i
     * @param augmentation what happens to patches before that
     */
    public PatchSampler(final List<LoadedCase> cases, final PatchSize patch, final PatchCenters centers, final long seed,
        final boolean mirror, final PatchAugmentation augmentation) {
        if (cases.isEmpty()) {
            throw new IllegalArgumentException("There are no cases to draw patches from");
        }
        final Map<String, List<LoadedCase>> sites = new TreeMap<>();
        cases.forEach(c -> sites.computeIfAbsent(c.source().site(), s -> new ArrayList<>()).add(c));
        m_bySite = List.copyOf(sites.values());
        m_patch = patch;
        m_centers = Objects.requireNonNull(centers, "centers");
        m_mirror = mirror;
        m_augmentation = Objects.requireNonNull(augmentation, "augmentation");
        augmentation.painting().ifPresent(p -> cases.stream().filter(LoadedCase::labeled)
            .forEach(c -> m_clusters.put(c, clusters(c, p.synthesis()))));
        if (centers.rule() == PatchCenters.Rule.FIXED_SUBSET) {
            cases.forEach(c -> m_subsets.put(c, Subset.of(c, centers.share(), seed)));
        }
    }

    private static double[][] clusters(final LoadedCase source, final LabelSynthesis synthesis) {
        final int channels = source.image().channels().size();
        final double[][] clusters = new double[channels][];
        for (int c = 0; c < channels; c++) {
            clusters[c] = synthesis.clusters(source.region(c, new int[3], source.image().size()).voxels(), source.labels());
        }
        return clusters;
    }

    /**
     * Draws one patch without its labels.
     *
     * @param random decides everything
     * @param images gets the voxels of the patch and its margin: [slot, k, j, i, channels]
     * @param slot the patch's place in the array
     * @return the site of the case
     */
    public String draw(final SeededRandom random, final float[] images, final int slot) {
        return draw(random, images, null, slot, null, 0);
    }

    /**
     * Draws one patch with what a teacher says of it; the same patch as {@link #draw(SeededRandom, float[], int)}.
     *
     * @param taught gets the probabilities of the patch without its margin, [k, j, i, classes] in 1/255; zeros where the
     *            teacher says nothing, or there is none for the case
     * @param at index of the first of them
     * @return the site of the case
     */
    public String drawTaught(final SeededRandom random, final float[] images, final int slot, final byte[] taught,
        final int at) {
        return draw(random, images, null, slot, Objects.requireNonNull(taught), at);
    }

    /**
     * Draws one patch with its labels; all cases must have some.
     *
     * @param labels gets the labels of the patch without its margin
     * @return the site of the case
     */
    public String drawLabeled(final SeededRandom random, final float[] images, final byte[] labels, final int slot) {
        return draw(random, images, Objects.requireNonNull(labels), slot, null, 0);
    }

    private String draw(final SeededRandom random, final float[] images, final byte[] labels, final int slot,
        final byte[] taught, final int taughtAt) {
        final List<LoadedCase> site = m_bySite.get(random.nextInt(m_bySite.size()));
        final LoadedCase drawn = site.get(random.nextInt(site.size()));
        final int[] size = drawn.image().size();
        final int center = center(random, drawn);
        final int i = start(center % size[0], m_patch.i(), size[0]);
        final int j = start(center / size[0] % size[1], m_patch.j(), size[1]);
        final int k = start(center / size[0] / size[1], m_patch.k(), size[2]);
        final Margin margin = drawn.image().margin();
        final PatchSize copied = margin.around(m_patch);
        final int channels = drawn.image().channels().size();
        final int at = slot * copied.voxels() * channels;
        final boolean mirrored = m_mirror && random.happens(0.5);
        // behind a mirrored patch comes what was before it
        final int first = mirrored ? i + margin.lowI() - margin.highI() : i;
        if (m_augmentation.isNone()) {
            drawn.image().copyBlock(first, j, k, m_patch, images, at);
            if (labels != null) {
                drawn.copyLabels(i, j, k, m_patch, labels, slot * m_patch.voxels());
            }
            if (taught != null && drawn.taught()) {
                teach(drawn, map -> {
                    final byte[] patch = new byte[m_patch.voxels()];
                    drawn.copy(map, i, j, k, m_patch, patch, 0);
                    return patch;
                }, mirrored, taught, taughtAt);
            }
        } else {
            final int[] start = {first - margin.lowI(), j - margin.lowJ(), k - margin.lowK()};
            final Moved moved = augmented(random, drawn, start, new int[]{i - start[0], margin.lowJ(), margin.lowK()},
                copied, images, labels, slot);
            if (taught != null && drawn.taught()) {
                teach(drawn, moved, mirrored, taught, taughtAt);
            }
        }
        if (mirrored) {
            mirror(images, at, copied, channels);
            if (labels != null) {
                mirror(labels, slot * m_patch.voxels(), m_patch);
            }
        }
        return drawn.source().site();
    }

    /** Cuts what the patch shows out of a map of the case. */
    private interface Moved {
        byte[] of(byte[] map);
    }

    private void teach(final LoadedCase drawn, final Moved moved, final boolean mirrored, final byte[] taught,
        final int at) {
        final List<byte[]> patches = new ArrayList<>();
        for (final byte[] map : drawn.teacher().maps()) {
            final byte[] patch = moved.of(map);
            if (mirrored) {
                mirror(patch, 0, m_patch);
            }
            patches.add(patch);
        }
        drawn.teacher().write(patches, taught, at);
    }

    /**
     * Copies a patch after random changes of a region around it.
     *
     * @param start where what the network sees begins on the grid
     * @param labelsAt where the labeled patch begins in that
     * @param size of what the network sees
     * @return moves further maps of the case in the same way
     */
    private Moved augmented(final SeededRandom random, final LoadedCase drawn, final int[] start, final int[] labelsAt,
        final PatchSize size, final float[] images, final byte[] labels, final int slot) {
        final int channels = drawn.image().channels().size();
        final PatchAugmentation.Drawn change = m_augmentation.draw(random, drawn.backgrounds());
        final int[] seen = {size.i(), size.j(), size.k()};
        final int[] wider = new int[3];
        final int[] from = new int[3];
        final int[] region = new int[3];
        for (int a = 0; a < 3; a++) {
            wider[a] = change.widening(seen[a]);
            from[a] = start[a] - wider[a];
            region[a] = seen[a] + 2 * wider[a];
        }
        for (int c = 0; c < channels; c++) {
            final Volume image = drawn.region(c, from, region);
            final boolean labeled = labels != null && c == 0;
            final boolean paints = labels != null && change.paints();
            final GridWindow window = new GridWindow(image.geometry(), wider, seen);
            final LabeledVolume moved = change.move(c,
                labeled || paints ? LabeledVolume.of(image, drawn.labelRegion(from, region)) : LabeledVolume.of(image), window);
            final LabeledVolume patch = paints ? change.paint(c, moved, m_clusters.get(drawn)[c])
                : LabeledVolume.of(moved.image());
            final float[] voxels = change.color(c, patch).image().voxels();
            for (int v = 0; v < voxels.length; v++) {
                images[(slot * size.voxels() + v) * channels + c] = voxels[v];
            }
            if (labeled) {
                final byte[] truth = labelsOf(moved, labelsAt);
                System.arraycopy(truth, 0, labels, slot * m_patch.voxels(), truth.length);
            }
        }
        return map -> {
            final Volume image = drawn.region(0, from, region);
            return labelsOf(change.move(0, LabeledVolume.of(image, drawn.region(map, from, region)),
                new GridWindow(image.geometry(), wider, seen)), labelsAt);
        };
    }

    private byte[] labelsOf(final LabeledVolume moved, final int[] labelsAt) {
        return new GridWindow(moved.image().geometry(), labelsAt, new int[]{m_patch.i(), m_patch.j(), m_patch.k()})
            .apply(moved.labels().orElseThrow()).voxels();
    }

    /** The voxels that a rule of a fixed subset chooses from, labeled and normal; never both empty. */
    private record Subset(int[] labeled, int[] normal) {

        /** Key of the draw, beside seed, site and subject. */
        private static final long DRAW = 0x737562736574L;

        static Subset of(final LoadedCase source, final double share, final long seed) {
            final byte[] labels = source.labels();
            final int[] labeled = IntStream.range(0, labels.length)
                .filter(v -> labels[v] != 0 && !source.isUnannotated(v)).toArray();
            SeededRandom.of(seed, DRAW, source.source().site().hashCode(), source.source().subject().hashCode())
                .shuffle(labeled);
            return new Subset(Arrays.copyOf(labeled,
                labeled.length == 0 ? 0 : (int)Math.max(1, Math.rint(share * labeled.length))),
                Arrays.stream(source.content()).filter(v -> labels[v] == 0).toArray());
        }
    }

    private int center(final SeededRandom random, final LoadedCase drawn) {
        final Subset subset = m_subsets.get(drawn);
        if (subset != null) {
            final boolean labeled = random.happens(0.5);
            final int[] chosen = subset.normal.length == 0 || labeled && subset.labeled.length > 0 ? subset.labeled
                : subset.normal;
            return chosen[random.nextInt(chosen.length)];
        }
        int[] candidates = drawn.content();
        if (random.happens(m_centers.share())) {
            final List<int[]> classes = drawn.foreground();
            if (!classes.isEmpty()) {
                candidates = classes.get(random.nextInt(classes.size()));
            }
        }
        return candidates[random.nextInt(candidates.length)];
    }

    private static int start(final int center, final int patch, final int size) {
        return Math.max(0, Math.min(center - patch / 2, size - patch));
    }

    private static void mirror(final float[] images, final int at, final PatchSize size, final int channels) {
        final int length = size.i() * channels;
        for (int row = at; row < at + size.voxels() * channels; row += length) {
            for (int a = row, b = row + length - channels; a < b; a += channels, b -= channels) {
                for (int c = 0; c < channels; c++) {
                    final float image = images[a + c];
                    images[a + c] = images[b + c];
                    images[b + c] = image;
                }
            }
        }
    }

    private static void mirror(final byte[] labels, final int at, final PatchSize size) {
        for (int row = at; row < at + size.voxels(); row += size.i()) {
            for (int a = row, b = row + size.i() - 1; a < b; a++, b--) {
                final byte label = labels[a];
                labels[a] = labels[b];
                labels[b] = label;
            }
        }
    }
}
