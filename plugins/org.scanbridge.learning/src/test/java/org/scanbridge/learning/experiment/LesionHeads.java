package org.scanbridge.learning.experiment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.scanbridge.imaging.experiment.BrainSite;
import org.scanbridge.imaging.experiment.LabelMaps;
import org.scanbridge.imaging.normalize.Background;
import org.scanbridge.imaging.normalize.Foreground;
import org.scanbridge.imaging.normalize.IntensityNormalization;
import org.scanbridge.imaging.normalize.Sample;
import org.scanbridge.imaging.normalize.Scope;
import org.scanbridge.imaging.normalize.ZScore;
import org.scanbridge.imaging.phantom.BrainPhantom;
import org.scanbridge.imaging.phantom.WhiteMatterLesions;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

import net.imglib2.parallel.TaskExecutor;
import net.imglib2.parallel.TaskExecutors;

/**
 * FLAIR-like scans of real label maps, 2 mm, healthy and with lesions drawn into the cerebral white matter: those of
 * {@link WhiteMatterLesions} on a grid of 2 mm, so 5 to 40 of 4 to 12 mm. The brain is cut out by the label map, as studies of
 * anomalies do with FLAIR images (the scalp is brighter than any lesion), and z-scored; what is around it is constant.
 */
final class LesionHeads {

    /** Studies learn from these heads. */
    static final List<String> LEARNED = List.of("01", "06", "07", "10", "11");

    /** Studies test on these heads. */
    static final List<String> TESTED = List.of("12", "13", "14");

    /** Contrasts of the phantoms' sites S and T; slices of 4 and of 2 mm. */
    static final List<BrainSite> SITES = List.of(new BrainSite("F", "FLAIR", 2, 2, 0.1, 4, 3, new double[3], 0),
        new BrainSite("G", "FLAIR+", 2, 1, 0.1, 4, 3, new double[3], 0));

    private static final VolumeInfo INFO = new VolumeInfo("MR", "", "", "", "");

    private static final int STREAM_LESIONS = 3;

    /** Edge of the voxels that lesions are drawn in, in voxels of the label map. */
    private static final int DRAWN = 2;

    private final Path m_maps;

    private final BrainSite m_site;

    private final long m_seed;

    private final int m_number;

    /**
     * @param maps folder of the label maps
     * @param site scans the heads
     * @param seed which scans and lesions
     */
    LesionHeads(final Path maps, final BrainSite site, final long seed) {
        this(maps, site, seed, 0);
    }

    /**
     * One of several scans of a session; sites of one name have the same lesions on the same grid.
     *
     * @param maps folder of the label maps
     * @param site scans the heads
     * @param seed which sessions and lesions
     * @param number of the scan in its session, from 0
     */
    LesionHeads(final Path maps, final BrainSite site, final long seed, final int number) {
        m_maps = maps;
        m_site = site;
        m_seed = seed;
        m_number = number;
    }

    /**
     * @param heads two digits each
     * @return images of the heads as they are; subjects are the heads
     */
    List<Volume> healthy(final List<String> heads) throws IOException {
        final List<Volume> images = new ArrayList<>();
        try (TaskExecutor workers = TaskExecutors.fixedThreadPool(2)) {
            for (final String head : heads) {
                images.add(brain(scan(read(head), head, 0, workers), head));
            }
        }
        return images;
    }

    /**
     * @param heads two digits each
     * @return images of the heads with lesions, and where at least half of a voxel is lesion
     */
    List<PhantomCases.Pair> ill(final List<String> heads) throws IOException {
        final List<PhantomCases.Pair> pairs = new ArrayList<>();
        try (TaskExecutor workers = TaskExecutors.fixedThreadPool(2)) {
            for (final String head : heads) {
                final LabelMaps with = withLesions(read(head), SeededRandom.of(m_seed, Integer.parseInt(head), STREAM_LESIONS)
                    .nextLong());
                final BrainSite.Scan scan = scan(with, head, 1, workers);
                pairs.add(new PhantomCases.Pair(brain(scan, head), lesions(scan, with)));
            }
        }
        return pairs;
    }

    private LabelMaps read(final String head) throws IOException {
        return LabelMaps.read(m_maps.resolve("training_seg_" + head + ".nii.gz"));
    }

    /** Healthy and ill scans of a head have another noise and place. */
    private BrainSite.Scan scan(final LabelMaps map, final String head, final int visit, final TaskExecutor workers) {
        return m_site.scan(map, 1000 * m_seed + 100 * visit + Integer.parseInt(head), m_number, workers);
    }

    private Volume brain(final BrainSite.Scan scan, final String head) {
        final float[] voxels = scan.image().voxels().clone();
        for (int v = 0; v < voxels.length; v++) {
            voxels[v] = scan.truth().voxels()[v] == 0 ? 0 : voxels[v];
        }
        return new IntensityNormalization(new ZScore(), Foreground.ABOVE_ZERO, Scope.IMAGE, Background.CONSTANT).fit(List.of())
            .apply(Sample.of(new Volume(voxels, scan.image().geometry(), new VolumeInfo("MR", m_site.name(), head, "", ""))));
    }

    static LabelMaps withLesions(final LabelMaps head, final long seed) {
        final Geometry fine = head.geometry();
        final int[] size = new int[3];
        final double[] spacing = fine.spacing();
        for (int a = 0; a < 3; a++) {
            size[a] = fine.size(a) / DRAWN;
            spacing[a] *= DRAWN;
        }
        final double between = (DRAWN - 1) / 2.0;
        final Geometry coarse = new Geometry(size, spacing, fine.position(between, between, between), fine.direction());
        final byte[] white = new byte[coarse.voxelCount()];
        for (int v = 0; v < white.length; v++) {
            final int first = ((v / size[0] / size[1] * fine.size(1) + v / size[0] % size[1]) * fine.size(0) + v % size[0]) * DRAWN;
            white[v] = (byte)(cerebralWhite(head.values()[first]) ? BrainPhantom.WM : 0);
        }
        final byte[] drawn =
            WhiteMatterLesions.add(new LabelVolume(white, coarse, INFO, BrainPhantom.LABELS), seed).voxels();
        final short[] values = head.values().clone();
        for (int v = 0; v < values.length; v++) {
            final int i = v % fine.size(0) / DRAWN;
            final int j = v / fine.size(0) % fine.size(1) / DRAWN;
            final int k = v / fine.size(0) / fine.size(1) / DRAWN;
            if (cerebralWhite(values[v]) && i < size[0] && j < size[1] && k < size[2]
                && drawn[(k * size[1] + j) * size[0] + i] == WhiteMatterLesions.LESION) {
                values[v] = LabelMaps.LESION;
            }
        }
        return new LabelMaps(values, fine);
    }

    private static boolean cerebralWhite(final int label) {
        return label == 2 || label == 41;
    }

    /** 1 where at least half of the points of 1 mm in a voxel of the scan lie in a lesion of the map. */
    private static LabelVolume lesions(final BrainSite.Scan scan, final LabelMaps map) {
        final Geometry grid = scan.image().geometry();
        final Geometry head = map.geometry();
        final byte[] mask = new byte[grid.voxelCount()];
        for (int v = 0; v < mask.length; v++) {
            int votes = 0;
            for (int d = 0; d < 8; d++) {
                final double[] index = head.index(scan.toHead().apply(grid.position(v % grid.size(0) + (d % 2 - 0.5) / 2,
                    v / grid.size(0) % grid.size(1) + (d / 2 % 2 - 0.5) / 2, v / grid.size(0) / grid.size(1) + (d / 4 - 0.5) / 2)));
                votes += at(map, index) == LabelMaps.LESION ? 1 : 0;
            }
            mask[v] = (byte)(votes >= 4 ? 1 : 0);
        }
        return new LabelVolume(mask, grid, scan.image().info(), WhiteMatterLesions.LABELS);
    }

    private static int at(final LabelMaps map, final double[] index) {
        int v = 0;
        for (int a = 2; a >= 0; a--) {
            final int n = (int)Math.round(index[a]);
            if (n < 0 || n >= map.geometry().size(a)) {
                return 0;
            }
            v = v * map.geometry().size(a) + n;
        }
        return map.values()[v];
    }
}
