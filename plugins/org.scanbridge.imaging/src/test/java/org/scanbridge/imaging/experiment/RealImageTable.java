package org.scanbridge.imaging.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.atlas.Atlas;
import org.scanbridge.imaging.atlas.AtlasBuilder;
import org.scanbridge.imaging.atlas.AtlasOptions;
import org.scanbridge.imaging.atlas.AtlasSegmenter;
import org.scanbridge.imaging.atlas.SegmenterOptions;
import org.scanbridge.imaging.normalize.Foreground;
import org.scanbridge.imaging.normalize.ForegroundChoice;
import org.scanbridge.imaging.normalize.Sample;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

import net.imglib2.parallel.TaskExecutor;
import net.imglib2.parallel.TaskExecutors;

/**
 * Dice of the atlas on scans against references of other programs, within those references' brain masks, and of the foreground that is
 * chosen with these masks: the atlas is
 * {@link AtlasTable}'s of five heads at site A, the scans are what {@code benchmarks/peers/real-images.sh} makes of files in public
 * packages. No test.
 */
public final class RealImageTable {

    private static final String[] ATLAS = {"01", "06", "07", "10", "11"};

    private RealImageTable() {
    }

    /** @param args folder of the label maps, and folder of pairs {@code x.nii.gz} and {@code x_ref.nii.gz}, int32 */
    public static void main(final String[] args) throws IOException {
        final TaskExecutor workers = TaskExecutors.fixedThreadPool(2);
        final BrainSite site = new BrainSite("A", "T1", 2, 1, 0.1, 6, 3, new double[3], 0);
        final List<AtlasBuilder.Subject> subjects = new ArrayList<>();
        for (final String name : ATLAS) {
            final BrainSite.Scan scan = site.scan(LabelMaps.read(Path.of(args[0], "training_seg_" + name + ".nii.gz")),
                1000 + Integer.parseInt(name), workers);
            subjects.add(new AtlasBuilder.Subject(scan.image(), scan.truth()));
        }
        final Atlas atlas = new AtlasBuilder(AtlasOptions.DEFAULT).build(subjects, workers, Progress.NONE);
        final List<Path> references;
        try (Stream<Path> files = Files.list(Path.of(args[1]))) {
            references = files.filter(f -> f.toString().endsWith("_ref.nii.gz")).sorted().toList();
        }
        for (final Path file : references) {
            final String name = file.getFileName().toString().replace("_ref.nii.gz", "");
            final LabelMaps scan = LabelMaps.read(file.resolveSibling(name + ".nii.gz"));
            final short[] reference = LabelMaps.read(file).values();
            final float[] x = new float[scan.values().length];
            for (int v = 0; v < x.length; v++) {
                x[v] = scan.values()[v];
            }
            final Volume image = new Volume(x, scan.geometry(), new VolumeInfo("MR", "", name, "", ""));
            final LabelVolume labels =
                new AtlasSegmenter(atlas, SegmenterOptions.DEFAULT).segment(image, false, workers, Progress.NONE).labels();
            System.out.printf(Locale.ROOT, "%-18s CSF %.3f GM %.3f WM %.3f, foreground %.3f %s%n", name, dice(labels, reference, 1),
                dice(labels, reference, 2), dice(labels, reference, 3), foreground(image, reference), ForegroundChoice.of(image));
        }
        workers.close();
    }

    /** Dice of the foreground that is chosen by the image with the reference's mask. */
    private static double foreground(final Volume image, final short[] reference) {
        final BitSet mask = new BitSet();
        for (int v = 0; v < reference.length; v++) {
            mask.set(v, reference[v] != 0);
        }
        final BitSet chosen = Foreground.AUTOMATIC.of(Sample.of(image));
        final int sum = mask.cardinality() + chosen.cardinality();
        mask.and(chosen);
        return 2.0 * mask.cardinality() / sum;
    }

    private static double dice(final LabelVolume labels, final short[] reference, final int label) {
        long both = 0;
        long sum = 0;
        for (int v = 0; v < reference.length; v++) {
            final boolean p = labels.voxels()[v] == label && reference[v] != 0;
            both += p && reference[v] == label ? 1 : 0;
            sum += (p ? 1 : 0) + (reference[v] == label ? 1 : 0);
        }
        return 2.0 * both / sum;
    }
}
