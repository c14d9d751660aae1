package org.scanbridge.imaging.experiment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.atlas.Atlas;
import org.scanbridge.imaging.atlas.AtlasBuilder;
import org.scanbridge.imaging.atlas.AtlasOptions;
import org.scanbridge.imaging.atlas.AtlasSegmenter;
import org.scanbridge.imaging.atlas.SegmenterOptions;
import org.scanbridge.imaging.volume.LabelVolume;

import net.imglib2.parallel.TaskExecutor;
import net.imglib2.parallel.TaskExecutors;

/**
 * Dice of the atlas on real anatomy: sites are made of the label maps of eight heads, the atlas of five of them (01, 06, 07,
 * 10, 11) at site A. Head 12 at A and at the sites "dev" served to choose parameters; heads 13 and 14 at the other sites are
 * reported. No test.
 */
public final class AtlasTable {

    private static final String[] ATLAS = {"01", "06", "07", "10", "11"};

    private static final String[] CHOOSE = {"12"};

    private static final String[] REPORT = {"13", "14"};

    private static final double[] STRAIGHT = new double[3];

    private AtlasTable() {
    }

    private static BrainSite a(final int spacing) {
        return new BrainSite("A", "T1", spacing, 1, 0.1, 6, 3, STRAIGHT, 0);
    }

    /** Sites that parameters were chosen on. */
    public static List<BrainSite> chosenOn(final int s) {
        return List.of(a(s), new BrainSite("dev low", "LOW", s, 3, 0.25, 4, 3, STRAIGHT, 0),
            new BrainSite("dev random 1", "RANDOM", s, 1, 0.2, 6, 3, STRAIGHT, 0),
            new BrainSite("dev random 2", "RANDOM", s, 2, 0.1, 8, 4, new double[]{10, -5, 8}, 0.1));
    }

    /** Sites that are reported. */
    public static List<BrainSite> reported(final int s) {
        return List.of(a(s), new BrainSite("B1", "LOW", s, 2, 0.3, 4, 3, STRAIGHT, 0),
            new BrainSite("B2", "T2", s, 1, 0.15, 6, 3, STRAIGHT, 0),
            new BrainSite("C1", "RANDOM", s, 1, 0.15, 6, 3, STRAIGHT, 0),
            new BrainSite("C2", "RANDOM", s, 1, 0.15, 6, 3, STRAIGHT, 0),
            new BrainSite("A", "T1", s, 1, 0.1, 6, 3, new double[]{15, 0, 0}, 0.1),
            new BrainSite("A", "T1", s, 1, 0.1, 6, 3, new double[]{-8, 10, 12}, 0.15),
            new BrainSite("B2", "T2", s, 1, 0.15, 6, 3, new double[]{15, 0, 0}, 0.1),
            new BrainSite("B2", "T2", s, 1, 0.15, 6, 3, new double[]{-10, 5, -15}, 0.15));
    }

    /**
     * @param args folder of the label maps, spacing 1 or 2, {@code choose} or {@code report}, then optionally Gaussians, field
     *            order, neighbors, blur in mm and spacing of the atlas
     */
    public static void main(final String[] args) throws IOException {
        final Path folder = Path.of(args[0]);
        final int spacing = Integer.parseInt(args[1]);
        final boolean report = args[2].equals("report");
        final TaskExecutor workers = TaskExecutors.fixedThreadPool(2);
        final Map<String, LabelMaps> heads = new TreeMap<>();
        final List<AtlasBuilder.Subject> subjects = new ArrayList<>();
        for (final String name : ATLAS) {
            final BrainSite.Scan scan = a(spacing).scan(read(folder, name, heads), 1000 + Integer.parseInt(name), workers);
            subjects.add(new AtlasBuilder.Subject(scan.image(), scan.truth()));
        }
        final AtlasOptions d = AtlasOptions.DEFAULT;
        final AtlasOptions atlasOptions = args.length < 7 ? d
            : new AtlasOptions(Double.parseDouble(args[7]), d.margin(), d.clusters(), Double.parseDouble(args[6]));
        long start = System.nanoTime();
        final Atlas atlas = new AtlasBuilder(atlasOptions).build(subjects, workers, Progress.NONE);
        System.out.printf(Locale.ROOT, "atlas of %d subjects: %s, %.1f s%n", atlas.subjects(), atlas.geometry(),
            (System.nanoTime() - start) / 1e9);
        final SegmenterOptions options = args.length < 6 ? SegmenterOptions.DEFAULT
            : new SegmenterOptions(Integer.parseInt(args[3]), Integer.parseInt(args[4]), Double.parseDouble(args[5]), 40, 2);
        double all = 0;
        int count = 0;
        for (final BrainSite site : report ? reported(spacing) : chosenOn(spacing)) {
            final double[] dice = new double[3];
            final String[] names = report ? REPORT : CHOOSE;
            start = System.nanoTime();
            for (final String name : names) {
                final BrainSite.Scan scan =
                    site.scan(read(folder, name, heads), 1000 + Integer.parseInt(name), workers);
                final long begin = System.nanoTime();
                final LabelVolume labels =
                    new AtlasSegmenter(atlas, options).segment(scan.image(), false, workers, Progress.NONE).labels();
                for (int c = 0; c < 3; c++) {
                    dice[c] += dice(labels, scan.truth(), c + 1) / names.length;
                }
                System.out.printf(Locale.ROOT, "  %s %.1f s%n", name, (System.nanoTime() - begin) / 1e9);
            }
            final double mean = (dice[0] + dice[1] + dice[2]) / 3;
            System.out.printf(Locale.ROOT, "%-14s %s rotation %s crop %.2f: CSF %.3f GM %.3f WM %.3f mean %.3f%n", site.name(),
                site.contrast(), Arrays.toString(site.rotation()), site.inferior(), dice[0], dice[1], dice[2], mean);
            all += mean;
            count++;
        }
        System.out.printf(Locale.ROOT, "mean %.4f%n", all / count);
        workers.close();
    }

    private static LabelMaps read(final Path folder, final String name, final Map<String, LabelMaps> heads)
        throws IOException {
        if (!heads.containsKey(name)) {
            heads.put(name, LabelMaps.read(folder.resolve("training_seg_" + name + ".nii.gz")));
        }
        return heads.get(name);
    }

    private static double dice(final LabelVolume a, final LabelVolume b, final int label) {
        long both = 0;
        long sum = 0;
        for (int v = 0; v < a.voxels().length; v++) {
            final boolean p = a.voxels()[v] == label;
            final boolean t = b.voxels()[v] == label;
            both += p && t ? 1 : 0;
            sum += (p ? 1 : 0) + (t ? 1 : 0);
        }
        return sum == 0 ? Double.NaN : 2.0 * both / sum;
    }
}
