package org.scanbridge.learning.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

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

    private final double m_foregroundFraction;

    private final boolean m_mirror;

    private final PatchAugmentation m_augmentation;

    /** Without augmentation but mirroring. */
    public PatchSampler(final List<LoadedCase> cases, final PatchSize patch, final double foregroundFraction,
        final boolean mirror) {
        this(cases, patch, foregroundFraction, mirror, PatchAugmentation.NONE);
    }

    /**
     * @param cases at least one
     * @param patch size of the patches
     * @param foregroundFraction share of patches with a center drawn from the labeled voxels, each class that occurs
     *            in the case equally likely; the centers of the others are drawn from what is not background in the
     *            image, which needs no labels
     * @param mirror whether half of the patches are mirrored along i
     * @param augmentation what happens to patches before that
     */
    public PatchSampler(final List<LoadedCase> cases, final PatchSize patch, final double foregroundFraction,
        final boolean mirror, final PatchAugmentation augmentation) {
        if (cases.isEmpty()) {
            throw new IllegalArgumentException("There are no cases to draw patches from");
        }
        final Map<String, List<LoadedCase>> sites = new TreeMap<>();
        cases.forEach(c -> sites.computeIfAbsent(c.source().site(), s -> new ArrayList<>()).add(c));
        m_bySite = List.copyOf(sites.values());
        m_patch = patch;
        m_foregroundFraction = foregroundFraction;
        m_mirror = mirror;
        m_augmentation = Objects.requireNonNull(augmentation, "augmentation");
    }

    /**
     * Draws one patch without its labels.
     *
     * @param random decides everything
     * @param images gets the voxels of the patch and its margin, i fastest
     * @param slot the patch's place in the array
     * @return the site of the case
     */
    public String draw(final SeededRandom random, final float[] images, final int slot) {
        return draw(random, images, null, slot);
    }

    /**
     * Draws one patch with its labels; all cases must have some.
     *
     * @param labels gets the labels of the patch without its margin
     * @return the site of the case
     */
    public String drawLabeled(final SeededRandom random, final float[] images, final byte[] labels, final int slot) {
        return draw(random, images, Objects.requireNonNull(labels), slot);
    }

    private String draw(final SeededRandom random, final float[] images, final byte[] labels, final int slot) {
        final List<LoadedCase> site = m_bySite.get(random.nextInt(m_bySite.size()));
        final LoadedCase drawn = site.get(random.nextInt(site.size()));
        final int[] size = drawn.image().size();
        final int center = center(random, drawn);
        final int i = start(center % size[0], m_patch.i(), size[0]);
        final int j = start(center / size[0] % size[1], m_patch.j(), size[1]);
        final int k = start(center / size[0] / size[1], m_patch.k(), size[2]);
        final Margin margin = drawn.image().margin();
        final PatchSize copied = margin.around(m_patch);
        final boolean mirrored = m_mirror && random.happens(0.5);
        // behind a mirrored patch comes what was before it
        final int first = mirrored ? i + margin.lowI() - margin.highI() : i;
        if (m_augmentation.isNone()) {
            drawn.image().copyBlock(first, j, k, m_patch, images, slot * copied.voxels());
            if (labels != null) {
                drawn.copyLabels(i, j, k, m_patch, labels, slot * m_patch.voxels());
            }
        } else {
            final int[] start = {first - margin.lowI(), j - margin.lowJ(), k - margin.lowK()};
            augmented(random, drawn, start, new int[]{i - start[0], margin.lowJ(), margin.lowK()}, copied, images, labels,
                slot);
        }
        if (mirrored) {
            mirror(images, slot * copied.voxels(), copied);
            if (labels != null) {
                mirror(labels, slot * m_patch.voxels(), m_patch);
            }
        }
        return drawn.source().site();
    }

    /**
     * Copies a patch after random changes of a region around it.
     *
     * @param start where what the network sees begins on the grid
     * @param labelsAt where the labeled patch begins in that
     * @param size of what the network sees
     */
    private void augmented(final SeededRandom random, final LoadedCase drawn, final int[] start, final int[] labelsAt,
        final PatchSize size, final float[] images, final byte[] labels, final int slot) {
        final PatchAugmentation.Drawn change = m_augmentation.draw(random, drawn.background());
        final int[] seen = {size.i(), size.j(), size.k()};
        final int[] wider = new int[3];
        final int[] from = new int[3];
        final int[] region = new int[3];
        for (int a = 0; a < 3; a++) {
            wider[a] = change.widening(seen[a]);
            from[a] = start[a] - wider[a];
            region[a] = seen[a] + 2 * wider[a];
        }
        final Volume image = drawn.region(from, region);
        final LabeledVolume moved = change.move(labels == null ? LabeledVolume.of(image)
            : LabeledVolume.of(image, drawn.labelRegion(from, region)));
        final GridWindow window = new GridWindow(moved.image().geometry(), wider, seen);
        final float[] voxels = change.color(LabeledVolume.of(window.apply(moved.image(), 0))).image().voxels();
        System.arraycopy(voxels, 0, images, slot * size.voxels(), voxels.length);
        if (labels != null) {
            final int[] at = {wider[0] + labelsAt[0], wider[1] + labelsAt[1], wider[2] + labelsAt[2]};
            final byte[] patch = new GridWindow(moved.image().geometry(), at,
                new int[]{m_patch.i(), m_patch.j(), m_patch.k()}).apply(moved.labels().orElseThrow()).voxels();
            System.arraycopy(patch, 0, labels, slot * m_patch.voxels(), patch.length);
        }
    }

    private int center(final SeededRandom random, final LoadedCase drawn) {
        int[] candidates = drawn.content();
        if (random.happens(m_foregroundFraction)) {
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

    private static void mirror(final float[] images, final int at, final PatchSize size) {
        for (int row = at; row < at + size.voxels(); row += size.i()) {
            for (int a = row, b = row + size.i() - 1; a < b; a++, b--) {
                final float image = images[a];
                images[a] = images[b];
                images[b] = image;
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
