package org.scanbridge.imaging.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.atlas.Atlas;
import org.scanbridge.imaging.atlas.AtlasBuilder;
import org.scanbridge.imaging.atlas.AtlasOptions;
import org.scanbridge.imaging.atlas.AtlasSegmentation;
import org.scanbridge.imaging.atlas.AtlasSegmenter;
import org.scanbridge.imaging.atlas.SegmenterOptions;
import org.scanbridge.imaging.metrics.ConfusionCounts;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

import net.imglib2.parallel.TaskExecutor;
import net.imglib2.parallel.TaskExecutors;

/**
 * The atlas on an anatomy that is no brain: generated trunks whose lungs, liver, spine and aorta differ in place and the body in width
 * from person to person, each organ by itself, so that no affine registration lays all of them upon each other. Dice of each organ on
 * trunks that are not in the atlas, at the atlas' contrast and at two others, and of a control that does not look at the image: what most of
 * the atlas' trunks have in the same place. No test.
 */
public final class TrunkTable {

    private static final String[] ORGANS = {"lungs", "liver", "spine", "aorta"};

    /** Mean intensities of air, muscle and fat, then of the organs. */
    private static final double[][] CONTRASTS =
        {{3, 90, 160, 15, 120, 60, 190}, {3, 100, 40, 185, 70, 140, 15}, {3, 60, 150, 12, 40, 100, 20}};

    private static final String[] NAMES = {"as in the atlas", "inverted", "another order"};

    /** Standard deviation in mm of the place of an organ along each axis, and of the body's half width. */
    private static final double[] SPREADS = {4, 12};

    private static final int TRAINED = 5;

    private static final int TESTED = 2;

    /** Air, muscle and fat have no label. */
    private static final int FIRST_ORGAN = 3;

    private static final int[] SIZE = {68, 52, 56};

    private static final double NOISE = 6;

    private TrunkTable() {
    }

    /** @param args none */
    public static void main(final String[] args) {
        try (TaskExecutor workers = TaskExecutors.fixedThreadPool(2)) {
            System.out.println("spread,contrast,trunk," + String.join(",", ORGANS) + ",fit,covered");
            for (final double spread : SPREADS) {
                study(spread, workers);
            }
        }
    }

    private static void study(final double spread, final TaskExecutor workers) {
        final List<byte[]> trained = new ArrayList<>();
        final List<AtlasBuilder.Subject> subjects = new ArrayList<>();
        for (int s = 0; s < TRAINED; s++) {
            final byte[] tissues = trunk(s, spread);
            final byte[] organs = organs(tissues);
            trained.add(organs);
            subjects.add(new AtlasBuilder.Subject(scan(tissues, CONTRASTS[0], s), labels(organs)));
        }
        final Atlas atlas = new AtlasBuilder(new AtlasOptions(4, 16, 8, 4)).build(subjects, workers, Progress.NONE);
        final AtlasSegmenter segmenter = new AtlasSegmenter(atlas, SegmenterOptions.DEFAULT);
        for (int s = TRAINED; s < TRAINED + TESTED; s++) {
            final byte[] tissues = trunk(s, spread);
            final LabelVolume truth = labels(organs(tissues));
            row(spread, "control", s, labels(commonest(trained)), truth, "");
            for (int c = 0; c < CONTRASTS.length; c++) {
                final AtlasSegmentation found = segmenter.segment(scan(tissues, CONTRASTS[c], s), false, workers, Progress.NONE);
                row(spread, NAMES[c], s, found.labels(), truth,
                    String.format(Locale.ROOT, "%.2f,%.2f", found.fit().followed(), found.fit().covered()));
            }
        }
    }

    private static void row(final double spread, final String contrast, final int trunk, final LabelVolume found,
        final LabelVolume truth, final String fit) {
        final StringBuilder line = new StringBuilder();
        for (int o = 1; o <= ORGANS.length; o++) {
            line.append(String.format(Locale.ROOT, "%.3f,", ConfusionCounts.of(found, truth, o).dice().orElseThrow()));
        }
        System.out.printf(Locale.ROOT, "%.0f mm,%s,%d,%s%s%n", spread, contrast, trunk, line, fit);
    }

    private static Geometry grid() {
        return new Geometry(SIZE, new double[]{5, 5, 5}, new double[]{-167.5, -127.5, -137.5},
            new double[]{1, 0, 0, 0, 1, 0, 0, 0, 1});
    }

    /** 0 air, 1 muscle, 2 fat, then the organs; 340 × 260 × 280 mm. */
    private static byte[] trunk(final int person, final double spread) {
        final SeededRandom random = SeededRandom.of(31, person);
        final double[] shift = new double[11];
        for (int n = 0; n < shift.length; n++) {
            shift[n] = spread * random.nextGaussian();
        }
        final Geometry grid = grid();
        final byte[] tissues = new byte[grid.voxelCount()];
        for (int v = 0; v < tissues.length; v++) {
            final double[] p = grid.position(v % SIZE[0], v / SIZE[0] % SIZE[1], v / SIZE[0] / SIZE[1]);
            int tissue = Math.hypot(p[0] / (150 + shift[0]), p[1] / (100 + shift[1])) < 1 ? 2 : 0;
            tissue = Math.hypot(p[0] / (135 + shift[0]), p[1] / (85 + shift[1])) < 1 ? 1 : tissue;
            tissue = tissue == 1 && (within(p, 65 + shift[2], shift[3], 55 + shift[4], 48, 58, 80)
                || within(p, -65 + shift[5], shift[3], 55 + shift[4], 48, 58, 80)) ? FIRST_ORGAN : tissue;
            tissue = tissue == 1 && within(p, -60 + shift[6], shift[7], -60 + shift[8], 60, 55, 50) ? FIRST_ORGAN + 1 : tissue;
            tissue = Math.hypot(p[0], p[1] - 65) < 20 ? FIRST_ORGAN + 2 : tissue;
            tissue = Math.hypot(p[0] - 18 - shift[9] / 3, p[1] - 30 - shift[10] / 3) < 12 ? FIRST_ORGAN + 3 : tissue;
            tissues[v] = (byte)tissue;
        }
        return tissues;
    }

    private static boolean within(final double[] p, final double x, final double y, final double z, final double a, final double b,
        final double c) {
        return Math.hypot(Math.hypot((p[0] - x) / a, (p[1] - y) / b), (p[2] - z) / c) < 1;
    }

    private static byte[] organs(final byte[] tissues) {
        final byte[] organs = new byte[tissues.length];
        for (int v = 0; v < organs.length; v++) {
            organs[v] = (byte)Math.max(0, tissues[v] - FIRST_ORGAN + 1);
        }
        return organs;
    }

    private static LabelVolume labels(final byte[] organs) {
        return new LabelVolume(organs, grid(), new VolumeInfo("MR", "", "", "", ""), LabelSet.of(ORGANS));
    }

    /** Rician noise, and a field that doubles brightness from one side to the other. */
    private static Volume scan(final byte[] tissues, final double[] means, final int person) {
        final SeededRandom random = SeededRandom.of(32, person);
        final float[] x = new float[tissues.length];
        for (int v = 0; v < x.length; v++) {
            final double field = Math.pow(2, (double)(v % SIZE[0]) / (SIZE[0] - 1) - 0.5);
            x[v] = (float)Math.hypot(field * means[tissues[v]] + NOISE * random.nextGaussian(), NOISE * random.nextGaussian());
        }
        return new Volume(x, grid(), new VolumeInfo("MR", "", "trunk " + person, "", ""));
    }

    private static byte[] commonest(final List<byte[]> labels) {
        final byte[] result = new byte[labels.get(0).length];
        for (int v = 0; v < result.length; v++) {
            final int[] votes = new int[ORGANS.length + 1];
            for (final byte[] each : labels) {
                votes[each[v]]++;
            }
            for (int o = 1; o < votes.length; o++) {
                result[v] = (byte)(votes[o] > votes[result[v]] ? o : result[v]);
            }
        }
        return result;
    }
}
