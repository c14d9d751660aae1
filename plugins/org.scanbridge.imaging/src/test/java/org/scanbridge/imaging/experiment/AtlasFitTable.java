package org.scanbridge.imaging.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.atlas.Atlas;
import org.scanbridge.imaging.atlas.AtlasBuilder;
import org.scanbridge.imaging.atlas.AtlasOptions;
import org.scanbridge.imaging.atlas.AtlasSegmentation;
import org.scanbridge.imaging.atlas.AtlasSegmenter;
import org.scanbridge.imaging.atlas.SegmenterOptions;
import org.scanbridge.imaging.filter.GaussianBlur;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

import net.imglib2.parallel.TaskExecutor;
import net.imglib2.parallel.TaskExecutors;

/**
 * Does the fit that the Atlas Segmenter reports tell images that follow the atlas from those that do not? Measures of good images (with their Dice)
 * and of what is made of them that no atlas fits: a single slice, a head upside-down, permuted axes, noise, a torso. {@code choose}: head
 * 12 at the sites that parameters were chosen on. {@code report}: heads 13 and 14 at the sites that are reported, and
 * a folder of scans: {@code x.nii.gz} with {@code x_ref.nii.gz} as of {@link RealImageTable}, without a reference another part of the body. No test.
 */
public final class AtlasFitTable {

    private static final String[] ATLAS = {"01", "06", "07", "10", "11"};

    private final Atlas m_atlas;

    private final TaskExecutor m_workers;

    private AtlasFitTable(final Atlas atlas, final TaskExecutor workers) {
        m_atlas = atlas;
        m_workers = workers;
    }

    /** @param args folder of the label maps, {@code choose} or {@code report}, then optionally a folder of scans, int32 */
    public static void main(final String[] args) throws IOException {
        final TaskExecutor workers = TaskExecutors.fixedThreadPool(2);
        final Path folder = Path.of(args[0]);
        final boolean report = args[1].equals("report");
        final List<AtlasBuilder.Subject> subjects = new ArrayList<>();
        for (final String name : ATLAS) {
            final BrainSite.Scan scan = AtlasTable.chosenOn(2).get(0).scan(head(folder, name), 1000 + Integer.parseInt(name), workers);
            subjects.add(new AtlasBuilder.Subject(scan.image(), scan.truth()));
        }
        final AtlasFitTable table =
            new AtlasFitTable(new AtlasBuilder(AtlasOptions.DEFAULT).build(subjects, workers, Progress.NONE), workers);
        System.out.println("kind,image,dice,covered,told,known");
        if (args.length > 2) {
            final List<Path> files;
            try (Stream<Path> found = Files.list(Path.of(args[2]))) {
                files = found.filter(f -> !f.toString().endsWith("_ref.nii.gz")).sorted().toList();
            }
            for (final Path file : files) {
                table.scan(file);
            }
        }
        for (int kind = 0; kind < 3; kind++) {
            table.row("bad", "torso " + kind, torso(kind + (report ? 10 : 0)), null);
        }
        for (final String name : report ? new String[]{"13", "14"} : new String[]{"12"}) {
            final LabelMaps head = head(folder, name);
            for (final BrainSite site : report ? AtlasTable.reported(2) : AtlasTable.chosenOn(2)) {
                final BrainSite.Scan scan = site.scan(head, 1000 + Integer.parseInt(name), workers);
                final String called = name + " " + site.name() + " " + Arrays.toString(site.rotation()).replace(',', ' ');
                table.row("good", called, scan.image(), scan.image().withVoxels(floats(scan.truth().voxels())));
                if (!name.equals("14")) {
                    table.broken(called, scan.image(), scan.truth().voxels());
                }
            }
        }
        workers.close();
    }

    private static LabelMaps head(final Path folder, final String name) throws IOException {
        return LabelMaps.read(folder.resolve("training_seg_" + name + ".nii.gz"));
    }

    private void scan(final Path file) throws IOException {
        final String name = file.getFileName().toString().replace(".nii.gz", "");
        final LabelMaps scan = LabelMaps.read(file);
        final Volume image = image(scan, name);
        final Path reference = file.resolveSibling(name + "_ref.nii.gz");
        if (!Files.exists(reference)) {
            row("other", name, image, null);
        } else {
            final short[] labels = LabelMaps.read(reference).values();
            final byte[] truth = new byte[labels.length];
            for (int v = 0; v < truth.length; v++) {
                truth[v] = (byte)labels[v];
            }
            row("good", name, image, image.withVoxels(floats(truth)));
            if (name.endsWith("given") || name.endsWith("inverted")) {
                broken(name, image, truth);
            }
        }
    }

    private static Volume image(final LabelMaps scan, final String name) {
        final float[] x = new float[scan.values().length];
        for (int v = 0; v < x.length; v++) {
            x[v] = scan.values()[v];
        }
        return new Volume(x, scan.geometry(), new VolumeInfo("MR", "", name, "", ""));
    }

    /** What is made of an image that no atlas fits; what was moved has its Dice, since a registration may find it. */
    private void broken(final String name, final Volume image, final byte[] truth) {
        final Geometry g = image.geometry();
        row("bad", name + " one slice", part(image, g.size(2) / 2, 1), part(image.withVoxels(floats(truth)), g.size(2) / 2, 1));
        row("bad", name + " upside-down", image, truth, new int[]{0, 1, 2}, true);
        row("bad", name + " permuted", image, truth, new int[]{1, 2, 0}, false);
        row("bad", name + " transposed", image, truth, new int[]{1, 0, 2}, false);
        row("bad", name + " white noise", noise(image, 0), null);
        row("bad", name + " smooth noise", noise(image, 2), null);
    }

    private void row(final String kind, final String name, final Volume image, final byte[] truth, final int[] axes,
        final boolean flip) {
        row(kind, name, moved(image, axes, flip), moved(image.withVoxels(floats(truth)), axes, flip));
    }

    private static float[] floats(final byte[] labels) {
        final float[] x = new float[labels.length];
        for (int v = 0; v < x.length; v++) {
            x[v] = labels[v];
        }
        return x;
    }

    private void row(final String kind, final String name, final Volume image, final Volume truth) {
        try {
            final AtlasSegmentation s =
                new AtlasSegmenter(m_atlas, SegmenterOptions.DEFAULT).segment(image, false, m_workers, Progress.NONE);
            System.out.printf(Locale.ROOT, "%s,%s,%s,%.4f,%.4f,%.4f%n", kind, name,
                truth == null ? "" : String.format(Locale.ROOT, "%.3f", dice(s.labels().voxels(), truth.voxels())), s.fit().covered(),
                s.fit().told(), s.fit().known());
        } catch (final ImagingException e) {
            System.out.println(kind + "," + name + ",refused: " + e.getMessage().replace(',', ';'));
        }
    }

    /** Mean of the three labels' Dice; for scans within the reference, which may end at the brain. */
    private static double dice(final byte[] labels, final float[] truth) {
        double mean = 0;
        for (int label = 1; label <= 3; label++) {
            long both = 0;
            long sum = 0;
            for (int v = 0; v < truth.length; v++) {
                both += labels[v] == label && truth[v] == label ? 1 : 0;
                sum += (labels[v] == label ? 1 : 0) + (truth[v] == label ? 1 : 0);
            }
            mean += 2.0 * both / sum / 3;
        }
        return mean;
    }

    private static Volume part(final Volume image, final int first, final int slices) {
        final Geometry g = image.geometry();
        final int n = g.size(0) * g.size(1);
        return new Volume(Arrays.copyOfRange(image.voxels(), first * n, (first + slices) * n),
            new Geometry(new int[]{g.size(0), g.size(1), slices}, new double[]{g.spacing(0), g.spacing(1), g.spacing(2)},
                g.position(0, 0, first), g.direction()), image.info());
    }

    /** Voxels of other places under the same directions, as with a wrong header. */
    private static Volume moved(final Volume image, final int[] from, final boolean flip) {
        final Geometry g = image.geometry();
        final int[] size = {g.size(from[0]), g.size(from[1]), g.size(from[2])};
        final Geometry to = new Geometry(size,
            new double[]{g.spacing(from[0]), g.spacing(from[1]), g.spacing(from[2])}, g.position(0, 0, 0), g.direction());
        final float[] x = new float[to.voxelCount()];
        final int[] index = new int[3];
        for (int v = 0; v < x.length; v++) {
            index[from[0]] = v % size[0];
            index[from[1]] = v / size[0] % size[1];
            index[from[2]] = v / size[0] / size[1];
            x[v] = image.get(index[0], index[1], flip ? g.size(2) - 1 - index[2] : index[2]);
        }
        return new Volume(x, to, image.info());
    }

    private Volume noise(final Volume image, final double blur) {
        final SeededRandom random = new SeededRandom(1);
        final float[] x = new float[image.voxels().length];
        for (int v = 0; v < x.length; v++) {
            x[v] = (float)(100 + 30 * random.nextGaussian());
        }
        final Volume noise = image.withVoxels(x);
        return blur == 0 ? noise : new GaussianBlur(blur, blur, blur).apply(noise, m_workers);
    }

    /** A trunk of 300 × 200 × 250 mm with lungs, spine, liver and vessels, of another contrast for each kind. */
    private static Volume torso(final int kind) {
        final SeededRandom random = SeededRandom.of(77, kind);
        final int[] size = {90, 70, 70};
        final double[] means = new double[6];
        for (int t = 1; t < means.length; t++) {
            means[t] = random.uniform(20, 200);
        }
        final float[] x = new float[size[0] * size[1] * size[2]];
        for (int v = 0; v < x.length; v++) {
            final double a = 4 * (v % size[0]) - 178;
            final double b = 4 * (v / size[0] % size[1]) - 138;
            final double c = 4 * (v / size[0] / size[1]) - 138;
            int tissue = Math.hypot(a / 150, b / 100) < 1 ? Math.hypot(a / 135, b / 85) < 1 ? 1 : 2 : 0;
            tissue = c > 0 && Math.hypot(Math.hypot((Math.abs(a) - 65) / 50, b / 60), (c - 60) / 80) < 1 ? 3 : tissue;
            tissue = c < -5 && Math.hypot(Math.hypot((a + 60) / 60, b / 60), (c + 60) / 55) < 1 ? 4 : tissue;
            tissue = Math.hypot(a, b - 70) < 20 || Math.hypot(a - 15, b - 35) < 11 ? 5 : tissue;
            x[v] = (float)Math.hypot(means[tissue] + 6 * random.nextGaussian(), 6 * random.nextGaussian());
        }
        return new Volume(x, new Geometry(size, new double[]{4, 4, 4}, new double[]{-178, -138, -138},
            new double[]{1, 0, 0, 0, 1, 0, 0, 0, 1}), new VolumeInfo("MR", "", "torso", "", ""));
    }
}
