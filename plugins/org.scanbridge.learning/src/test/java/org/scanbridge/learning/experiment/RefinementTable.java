package org.scanbridge.learning.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.experiment.BrainSite;
import org.scanbridge.imaging.components.Connectivity;
import org.scanbridge.imaging.components.SmallComponents;
import org.scanbridge.imaging.crf.CrfOptions;
import org.scanbridge.imaging.crf.DenseCrf;
import org.scanbridge.imaging.metrics.ConfusionCounts;
import org.scanbridge.imaging.metrics.LesionDetection;
import org.scanbridge.imaging.metrics.LesionScores;
import org.scanbridge.imaging.metrics.SurfaceDistances;
import org.scanbridge.imaging.phantom.PhantomStudy;
import org.scanbridge.imaging.phantom.SiteProtocols;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.data.Role;
import org.scanbridge.learning.experiment.PhantomCases.Pair;
import org.scanbridge.learning.method.SegmentationOptions;
import org.scanbridge.learning.method.SegmentationTraining;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.predict.PredictionOptions;
import org.scanbridge.learning.predict.SlidingWindowPredictor;
import org.scanbridge.learning.train.TrainingListener;

import net.imglib2.parallel.TaskExecutors;

/**
 * What a dense CRF and the removal of small parts bring to the segmentation of lesions, each beside its controls: nothing,
 * small parts alone, CRF alone, both. A 3-D U-Net is trained on phantoms of site S (5 mm slices) and tested there and at site T
 * (3 mm slices, another contrast), which it has not seen. Settings are chosen on a seed of their own, at site S alone, by the
 * mean of Dice and lesion F1. The same on real label maps with lesions ({@link LesionHeads}), F and G in place of S and T, and
 * the settings chosen on a head that is neither learned from nor tested.
 *
 * <p>Declared before the first run, for phantoms and again for label maps:
 * <ol>
 * <li>at S the CRF alone gains at least 0.01 Dice over nothing in the mean of the seeds;</li>
 * <li>at S removing small parts alone gains at least 0.02 lesion F1 over nothing;</li>
 * <li>at S both together have at least the lesion F1 of the better of the two;</li>
 * <li>at T the CRF, with settings chosen at S, costs at most 0.01 Dice.</li>
 * </ol>
 */
public final class RefinementTable {

    private static final String PHANTOMS = "phantoms";

    /** Of the label maps, settings are chosen on this head; the network learns from the others that studies learn from. */
    private static final String CHOSEN_ON = "11";

    private static final int SIZE = 48;

    private static final int TRAINING = 8;

    private static final int TEST = 6;

    private static final long CHOOSING = 11;

    private static final long[] SEEDS = {1, 2, 3};

    private static final double[] VOLUMES = {0, 3, 5, 10, 20, 40};

    /** A case with what the network says. */
    private record Predicted(Volume image, LabelVolume truth, List<Volume> probabilities) {
    }

    /** Means over cases. */
    private record Scores(double dice, double f1, double hd95) {

        double criterion() {
            return (dice + f1) / 2;
        }
    }

    /**
     * The images of a study.
     *
     * @param learned with lesions, of the first site
     * @param tested with lesions, by site, the first first
     */
    private record Images(List<Pair> learned, Map<String, List<Pair>> tested) {

        static Images phantoms(final long seed) {
            final PhantomStudy study =
                new PhantomStudy(List.of(SiteProtocols.LESION_SOURCE, SiteProtocols.LESION_TARGET), SIZE, seed);
            final Map<String, List<Pair>> tested = new LinkedHashMap<>();
            for (int site = 0; site < study.sites().size(); site++) {
                tested.put(study.sites().get(site).site(), PhantomCases.pairs(study, site, TRAINING, TEST));
            }
            return new Images(PhantomCases.pairs(study, 0, 0, TRAINING), tested);
        }

        static Images heads(final Path maps, final long seed, final List<String> heads) throws IOException {
            final Map<String, List<Pair>> tested = new LinkedHashMap<>();
            for (final BrainSite site : LesionHeads.SITES) {
                tested.put(site.name(), new LesionHeads(maps, site, seed).ill(heads));
            }
            return new Images(new LesionHeads(maps, LesionHeads.SITES.get(0), seed)
                .ill(LesionHeads.LEARNED.stream().filter(h -> !h.equals(CHOSEN_ON)).toList()), tested);
        }
    }

    private RefinementTable() {
    }

    /**
     * @param arguments folder of the results, steps of training, {@code phantoms} or the folder of the label maps
     * @throws IOException if the label maps cannot be read or the results cannot be written
     */
    public static void main(final String[] arguments) throws IOException {
        final boolean phantoms = arguments[2].equals(PHANTOMS);
        final Path maps = Path.of(arguments[2]);
        final Path results =
            Files.createDirectories(Path.of(arguments[0])).resolve(phantoms ? "refinement.csv" : "refinement-heads.csv");
        final int steps = Integer.parseInt(arguments[1]);
        final List<Predicted> choosing = predict(phantoms ? Images.phantoms(CHOOSING)
            : Images.heads(maps, CHOOSING, List.of(CHOSEN_ON)), CHOOSING, steps).values().iterator().next();
        final double small = volume(choosing, Optional.empty());
        final CrfOptions crf = kernels(choosing);
        final double smallAfter = volume(choosing, Optional.of(crf));
        final List<String> lines = new ArrayList<>();
        lines.add("# small parts " + small + " mm3; " + crf + "; small parts after it " + smallAfter + " mm3; steps " + steps);
        lines.add("seed,site,method,dice,lesionF1,hd95");
        for (final long seed : SEEDS) {
            final Images images = phantoms ? Images.phantoms(seed) : Images.heads(maps, seed, LesionHeads.TESTED);
            for (final Map.Entry<String, List<Predicted>> site : predict(images, seed, steps).entrySet()) {
                add(lines, seed, site.getKey(), "nothing", score(site.getValue(), Optional.empty(), 0));
                add(lines, seed, site.getKey(), "small parts", score(site.getValue(), Optional.empty(), small));
                add(lines, seed, site.getKey(), "CRF", score(site.getValue(), Optional.of(crf), 0));
                add(lines, seed, site.getKey(), "both", score(site.getValue(), Optional.of(crf), smallAfter));
                Files.write(results, lines);
            }
        }
    }

    private static void add(final List<String> lines, final long seed, final String site, final String method, final Scores s) {
        lines.add(String.format(Locale.ROOT, "%d,%s,%s,%.4f,%.4f,%.3f", seed, site, method, s.dice, s.f1, s.hd95));
    }

    private static Map<String, List<Predicted>> predict(final Images images, final long seed, final int steps) {
        final Network network = SegmentationTraining.run(Network.untrained(NetworkSpec.unet3d(2, 8, 3, 24), seed),
            PhantomCases.cases(images.learned, true, Role.TRAIN),
            SegmentationOptions.defaults().withSteps(steps).withBatch(4).withLearningRate(3e-3).withForegroundFraction(0.5)
                .withSeed(seed),
            Progress.NONE, TrainingListener.NONE).network();
        final Map<String, List<Predicted>> sites = new LinkedHashMap<>();
        try (SlidingWindowPredictor predictor = new SlidingWindowPredictor(List.of(network),
            new PredictionOptions(SlidingWindowPredictor.DEFAULT_OVERLAP, Set.of(), false, true))) {
            for (final Map.Entry<String, List<Pair>> site : images.tested.entrySet()) {
                final List<Predicted> cases = new ArrayList<>();
                for (final Pair pair : site.getValue()) {
                    cases.add(new Predicted(pair.image(), pair.labels(),
                        predictor.segment(pair.image(), Progress.NONE).probabilities()));
                }
                sites.put(site.getKey(), cases);
            }
        }
        return sites;
    }

    private static double volume(final List<Predicted> cases, final Optional<CrfOptions> crf) {
        double best = 0;
        double most = -1;
        for (final double volume : VOLUMES) {
            final double criterion = score(cases, crf, volume).criterion();
            if (criterion > most) {
                most = criterion;
                best = volume;
            }
        }
        return best;
    }

    private static CrfOptions kernels(final List<Predicted> cases) {
        CrfOptions best = null;
        double most = -1;
        for (final double smoothness : new double[]{0, 0.5, 1, 2}) {
            for (final double appearance : new double[]{0, 1, 2, 4}) {
                for (final double distance : new double[]{2, 4}) {
                    for (final double intensity : new double[]{0.25, 0.5}) {
                        final boolean twice = appearance == 0 && (distance > 2 || intensity > 0.25);
                        if (twice || smoothness + appearance == 0) {
                            continue;
                        }
                        final CrfOptions options = new CrfOptions(1, smoothness, distance, intensity, appearance, 5);
                        final double criterion = criterion(cases, options);
                        if (criterion > most) {
                            most = criterion;
                            best = options;
                        }
                    }
                }
            }
        }
        return best;
    }

    /** What is refused on these images, since its kernel would not fit into memory, is not chosen. */
    private static double criterion(final List<Predicted> cases, final CrfOptions options) {
        try {
            return score(cases, Optional.of(options), 0).criterion();
        } catch (final ImagingException e) {
            System.out.println(options + " refused: " + e.getMessage());
            return Double.NEGATIVE_INFINITY;
        }
    }

    private static Scores score(final List<Predicted> cases, final Optional<CrfOptions> crf, final double volume) {
        double dice = 0;
        double f1 = 0;
        double hd95 = 0;
        for (final Predicted p : cases) {
            final List<Volume> maps = crf.map(o -> new DenseCrf(o).refine(p.probabilities, List.of(p.image), Progress.NONE))
                .orElse(p.probabilities);
            final byte[] voxels = new byte[p.truth.voxels().length];
            for (int v = 0; v < voxels.length; v++) {
                voxels[v] = (byte)(maps.get(1).voxels()[v] > maps.get(0).voxels()[v] ? 1 : 0);
            }
            final LabelVolume found = SmallComponents.remove(
                new LabelVolume(voxels, p.truth.geometry(), p.truth.info(), p.truth.labels()), Set.of(1), volume, Connectivity.CORNERS);
            dice += ConfusionCounts.of(found, p.truth, 1).dice().orElse(1) / cases.size();
            final LesionScores lesions = LesionDetection.DEFAULT.score(found, p.truth, 1);
            f1 += lesions.f1().orElse(1) / cases.size();
            hd95 += SurfaceDistances.of(found, p.truth, 1, TaskExecutors.singleThreaded()).map(SurfaceDistances::hausdorff95)
                .orElse(SurfaceDistances.penalty(p.truth.geometry())) / cases.size();
        }
        return new Scores(dice, f1, hd95);
    }
}
