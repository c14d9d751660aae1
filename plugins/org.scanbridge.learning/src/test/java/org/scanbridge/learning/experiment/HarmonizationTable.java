package org.scanbridge.learning.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.distance.EuclideanDistanceTransform;
import org.scanbridge.imaging.experiment.BrainSite;
import org.scanbridge.imaging.experiment.LabelMaps;
import org.scanbridge.imaging.features.ClassStatistics;
import org.scanbridge.imaging.harmonize.ComBat;
import org.scanbridge.imaging.harmonize.Covariate;
import org.scanbridge.imaging.harmonize.FeatureRows;
import org.scanbridge.imaging.harmonize.Priors;
import org.scanbridge.imaging.metrics.SegmentVolume;
import org.scanbridge.imaging.phantom.Anatomy;
import org.scanbridge.imaging.phantom.BrainPhantom;
import org.scanbridge.imaging.phantom.ScannerSimulator;
import org.scanbridge.imaging.phantom.SiteProtocol;
import org.scanbridge.imaging.phantom.SiteProtocols;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.stats.Percentiles;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;
import org.scanbridge.learning.study.SiteClassification;

import net.imglib2.parallel.TaskExecutor;
import net.imglib2.parallel.TaskExecutors;

/**
 * Does pooling of features of three sites need harmonization, and does a known effect survive it? CSF grows with age: voxels of gray
 * or white matter that lie nearest to CSF become CSF, so many for each year, before the head is scanned. Sites have people of
 * different, overlapping ages. Every scan is segmented by its own intensities alone (three means within the brain), so that
 * volumes, too, depend on the scanner; the features are volume and 12 statistics of the intensities of each of the three
 * classes. Compared are the features as they are, a z-score of each feature at each site (scaled back to the pooled mean and
 * spread), ComBat, and ComBat that keeps the effect of age.
 * <p>
 * Verdicts, declared before the first run, on phantoms and on heads made of real label maps alike, with means over three
 * seeds:
 * <ol>
 * <li>sites are told by the features as they are: balanced accuracy at least 0.9 and p at most 0.05 for every seed;</li>
 * <li>after ComBat with age, fitted without the tested fold, at most 0.15 above chance (not 0: ages of the sites differ, and
 * CSF tells the age);</li>
 * <li>the slope of CSF over age in the pooled rows is nearer to that of the true volumes after ComBat with age than without
 * harmonization;</li>
 * <li>and nearer than after a z-score per site;</li>
 * <li>the pooled measured CSF correlates better with the true one after ComBat with age than without harmonization.</li>
 * </ol>
 */
public final class HarmonizationTable {

    private static final long[] SEEDS = {1, 2, 3};

    private static final int FOLDS = 5;

    private static final int PERMUTATIONS = 39;

    private static final int PHANTOMS_PER_SITE = 20;

    private static final int HEADS_PER_SITE = 8;

    private static final int PHANTOM_SIZE = 48;

    /** CSF per year in ml, a tenth of a phantom's or a twentieth of a head's in ten years. */
    private static final double PHANTOM_RATE = 0.03;

    private static final double HEAD_RATE = 1;

    private static final double[][] AGES = {{20, 60}, {35, 75}, {30, 80}};

    private static final String[] HEADS = {"01", "06", "07", "10", "11", "12", "13", "14"};

    private static final List<String> METHODS = List.of("none", "z-score per site", "ComBat", "ComBat with age");

    /** A scan. */
    private record Row(String subject, String site, double age, double trueCsf, double[] features) {
    }

    /** What came out for a method. */
    private record Line(String data, long seed, String method, SiteClassification.Outcome sites, double slope, double trueSlope,
        double correlation) {

        double slopeError() {
            return Math.abs(slope - trueSlope);
        }
    }

    /** Makes features of all rows of those of some. */
    private interface Method {
        double[][] apply(FeatureRows all, int... training);
    }

    private HarmonizationTable() {
    }

    /**
     * Writes {@code results.csv} and {@code verdicts.csv}.
     *
     * @param args folder of the results, then that of the label maps; without it, phantoms only
     */
    public static void main(final String[] args) throws IOException {
        final Path folder = Path.of(args[0]);
        final Path maps = args.length > 1 ? Path.of(args[1]) : null;
        Files.createDirectories(folder);
        final List<Line> lines = new ArrayList<>();
        try (TaskExecutor workers = TaskExecutors.fixedThreadPool(2)) {
            for (final long seed : SEEDS) {
                lines.addAll(lines("phantoms", seed, phantoms(seed)));
            }
            write(folder, lines);
            if (maps != null) {
                final Map<String, Head> heads = new LinkedHashMap<>();
                for (final String name : HEADS) {
                    heads.put(name, Head.read(maps.resolve("training_seg_" + name + ".nii.gz"), workers));
                }
                for (final long seed : SEEDS) {
                    lines.addAll(lines("heads", seed, heads(seed, heads, workers)));
                    write(folder, lines);
                }
            }
        }
    }

    private static List<Row> phantoms(final long seed) {
        final List<SiteProtocol> sites = List.of(SiteProtocols.A, SiteProtocols.B, SiteProtocols.C);
        final List<Row> rows = new ArrayList<>();
        for (int s = 0; s < sites.size(); s++) {
            for (int n = 0; n < PHANTOMS_PER_SITE; n++) {
                final SeededRandom random = SeededRandom.of(seed, s, n);
                final double age = random.uniform(AGES[s][0], AGES[s][1]);
                final LabelVolume young = new BrainPhantom(PHANTOM_SIZE, Anatomy.ADULT).generate(random.nextLong());
                final byte[] old = young.voxels().clone();
                final int[] order = order(old, young.geometry(), TaskExecutors.singleThreaded());
                final long grown = Math.round(PHANTOM_RATE * age * 1000 / young.geometry().voxelVolume());
                for (int v = 0; v < grown; v++) {
                    old[order[v]] = BrainPhantom.CSF;
                }
                final LabelVolume truth = new LabelVolume(old, young.geometry(), young.info(), young.labels());
                rows.add(row(sites.get(s).site() + n, sites.get(s).site(), age, truth,
                    new ScannerSimulator().scan(truth, sites.get(s), random.nextLong())));
            }
        }
        return rows;
    }

    /** A label map with the order in which its tissue becomes CSF. */
    private record Head(LabelMaps maps, int[] order) {

        static Head read(final Path file, final TaskExecutor workers) throws IOException {
            final LabelMaps maps = LabelMaps.read(file);
            final byte[] tissue = new byte[maps.values().length];
            for (int v = 0; v < tissue.length; v++) {
                tissue[v] = LabelMaps.tissue(maps.values()[v]);
            }
            return new Head(maps, HarmonizationTable.order(tissue, maps.geometry(), workers));
        }

        /** An older person with another size of head. */
        LabelMaps person(final double ml, final double... scale) {
            final Geometry g = maps.geometry();
            final double[] spacing = new double[3];
            for (int a = 0; a < 3; a++) {
                spacing[a] = g.spacing(a) * scale[a];
            }
            final Geometry grid = new Geometry(g.size(), spacing, g.origin(), g.direction());
            final short[] values = maps.values().clone();
            final long grown = Math.round(ml * 1000 / grid.voxelVolume());
            for (int v = 0; v < grown; v++) {
                values[order[v]] = 24;
            }
            return new LabelMaps(values, grid);
        }
    }

    /** Gray and white matter by its distance from CSF. */
    private static int[] order(final byte[] tissue, final Geometry grid, final TaskExecutor workers) {
        final boolean[] csf = new boolean[tissue.length];
        int count = 0;
        for (int v = 0; v < csf.length; v++) {
            csf[v] = tissue[v] == 1;
            count += tissue[v] > 1 ? 1 : 0;
        }
        final float[] squared = new EuclideanDistanceTransform(
            new double[]{grid.spacing(0), grid.spacing(1), grid.spacing(2)}, workers).squaredDistances(csf, grid.size());
        final long[] keys = new long[count];
        int n = 0;
        for (int v = 0; v < csf.length; v++) {
            if (tissue[v] > 1) {
                keys[n++] = (long)Float.floatToIntBits(squared[v]) << Integer.SIZE | v;
            }
        }
        Arrays.sort(keys);
        return Arrays.stream(keys).mapToInt(k -> (int)k).toArray();
    }

    private static List<Row> heads(final long seed, final Map<String, Head> heads, final TaskExecutor workers) {
        final List<BrainSite> sites = List.of(new BrainSite("A", "T1", 2, 1, 0.1, 6, 3, new double[3], 0),
            new BrainSite("B", "LOW", 2, 2, 0.3, 4, 3, new double[3], 0), new BrainSite("C", "T1", 2, 1, 0.2, 8, 8, new double[3], 0));
        final List<Row> rows = new ArrayList<>();
        for (int s = 0; s < sites.size(); s++) {
            for (int n = 0; n < HEADS_PER_SITE; n++) {
                final SeededRandom random = SeededRandom.of(seed, 10 + s, n);
                final double age = random.uniform(AGES[s][0], AGES[s][1]);
                final LabelMaps person = heads.get(HEADS[n % HEADS.length]).person(HEAD_RATE * age, random.uniform(0.95, 1.05),
                    random.uniform(0.95, 1.05), random.uniform(0.95, 1.05));
                final BrainSite.Scan scan = sites.get(s).scan(person, 1000 * seed + 100 * s + n, workers);
                rows.add(row(sites.get(s).name() + n, sites.get(s).name(), age, scan.truth(), scan.image()));
            }
        }
        return rows;
    }

    private static Row row(final String subject, final String site, final double age, final LabelVolume truth, final Volume image) {
        final List<Double> features = new ArrayList<>();
        ClassStatistics.of(image, segmented(image, truth), ClassStatistics.BINS).values().forEach(s -> {
            final ClassStatistics.Intensities i = s.intensities().orElseThrow();
            features.addAll(List.of(s.milliliters(), i.mean(), i.standardDeviation(), i.skewness(), i.excessKurtosis(), i.minimum(),
                i.percentile10(), i.percentile25(), i.median(), i.percentile75(), i.percentile90(), i.maximum(), i.entropy()));
        });
        return new Row(subject, site, age, SegmentVolume.milliliters(truth, 1),
            features.stream().mapToDouble(Double::doubleValue).toArray());
    }

    /** Three classes of intensity within the brain, the darkest first: CSF, gray and white matter of a T1. */
    private static LabelVolume segmented(final Volume image, final LabelVolume brain) {
        final int[] inside = IntStream.range(0, image.voxels().length).filter(v -> brain.voxels()[v] != 0).toArray();
        final float[] values = new float[inside.length];
        for (int v = 0; v < values.length; v++) {
            values[v] = image.voxels()[inside[v]];
        }
        final double[] means = Percentiles.of(values, 15, 50, 85);
        for (int i = 0; i < 30; i++) {
            final double[] sums = new double[3];
            final int[] counts = new int[3];
            for (final float v : values) {
                sums[nearest(means, v)] += v;
                counts[nearest(means, v)]++;
            }
            for (int c = 0; c < 3; c++) {
                means[c] = sums[c] / counts[c];
            }
        }
        final byte[] labels = new byte[image.voxels().length];
        for (int v = 0; v < values.length; v++) {
            labels[inside[v]] = (byte)(1 + nearest(means, values[v]));
        }
        return new LabelVolume(labels, image.geometry(), VolumeInfo.UNKNOWN, BrainSite.TISSUES);
    }

    private static int nearest(final double[] means, final double value) {
        return value < (means[0] + means[1]) / 2 ? 0 : value < (means[1] + means[2]) / 2 ? 1 : 2;
    }

    private static List<Line> lines(final String data, final long seed, final List<Row> rows) {
        final List<String> names = IntStream.range(0, rows.get(0).features.length).mapToObj(f -> "f" + f).toList();
        final FeatureRows all = new FeatureRows(names, rows.stream().map(Row::features).toArray(double[][]::new),
            rows.stream().map(Row::site).toList(),
            List.of(new Covariate.Numeric("age", rows.stream().mapToDouble(Row::age).toArray())));
        final SiteClassification classification =
            new SiteClassification(all.sites(), rows.stream().map(Row::subject).toList(), FOLDS, seed);
        final double[] ages = rows.stream().mapToDouble(Row::age).toArray();
        final double[] truth = rows.stream().mapToDouble(Row::trueCsf).toArray();
        final List<Line> lines = new ArrayList<>();
        for (final String name : METHODS) {
            final Method method = method(name);
            final double[][] pooled = method.apply(all, IntStream.range(0, rows.size()).toArray());
            final double[] csf = Arrays.stream(pooled).mapToDouble(r -> r[0]).toArray();
            lines.add(new Line(data, seed, name,
                classification.of(training -> method.apply(all, training), PERMUTATIONS, Progress.NONE),
                covariance(csf, ages) / covariance(ages, ages), covariance(truth, ages) / covariance(ages, ages),
                covariance(csf, truth) / Math.sqrt(covariance(csf, csf) * covariance(truth, truth))));
        }
        return lines;
    }

    private static Method method(final String name) {
        return switch (name) {
            case "none" -> (all, training) -> all.values();
            case "z-score per site" -> HarmonizationTable::zScored;
            case "ComBat" -> (all, training) -> {
                final FeatureRows plain = new FeatureRows(all.features(), all.values(), all.sites(), List.of());
                return new ComBat(Priors.PARAMETRIC, "").fit(plain.rows(training)).apply(plain);
            };
            default -> (all, training) -> new ComBat(Priors.PARAMETRIC, "").fit(all.rows(training)).apply(all);
        };
    }

    private static double[][] zScored(final FeatureRows all, final int... training) {
        final double[][] scored = new double[all.values().length][all.features().size()];
        for (int f = 0; f < all.features().size(); f++) {
            final int feature = f;
            final double[] pooled = moments(Arrays.stream(training).mapToDouble(r -> all.values()[r][feature]).toArray());
            final Map<String, double[]> bySite = new TreeMap<>();
            for (int r = 0; r < scored.length; r++) {
                final double[] site = bySite.computeIfAbsent(all.sites().get(r), s -> moments(Arrays.stream(training)
                    .filter(t -> all.sites().get(t).equals(s)).mapToDouble(t -> all.values()[t][feature]).toArray()));
                scored[r][f] = (all.values()[r][f] - site[0]) / site[1] * pooled[1] + pooled[0];
            }
        }
        return scored;
    }

    /** Mean and standard deviation. */
    private static double[] moments(final double... x) {
        final double mean = Arrays.stream(x).average().orElseThrow();
        return new double[]{mean, Math.sqrt(Arrays.stream(x).map(v -> (v - mean) * (v - mean)).sum() / (x.length - 1))};
    }

    private static double covariance(final double[] x, final double[] y) {
        final double a = Arrays.stream(x).average().orElseThrow();
        final double b = Arrays.stream(y).average().orElseThrow();
        return IntStream.range(0, x.length).mapToDouble(n -> (x[n] - a) * (y[n] - b)).sum();
    }

    private static void write(final Path folder, final List<Line> lines) throws IOException {
        final List<String> text = new ArrayList<>(List.of("data,seed,method,site accuracy,chance,p,mean of permutations,"
            + "CSF per year (ml),true CSF per year (ml),correlation with true CSF"));
        lines.forEach(l -> text.add(String.format(Locale.ROOT, "%s,%d,%s,%.3f,%.3f,%.2f,%.3f,%.4f,%.4f,%.3f", l.data, l.seed, l.method,
            l.sites.accuracy(), l.sites.chance(), l.sites.p(), l.sites.permuted(), l.slope, l.trueSlope, l.correlation)));
        Files.write(folder.resolve("results.csv"), text);
        final List<String> verdicts = new ArrayList<>(List.of("data,verdict,met,figures"));
        for (final String data : lines.stream().map(Line::data).distinct().toList()) {
            final List<Line> of = lines.stream().filter(l -> l.data.equals(data)).toList();
            final List<Line> none = of.stream().filter(l -> l.method.equals("none")).toList();
            final double worst = none.stream().mapToDouble(l -> l.sites.accuracy()).min().orElseThrow();
            final double p = none.stream().mapToDouble(l -> l.sites.p()).max().orElseThrow();
            verdicts.add(verdict(data, "sites are told without harmonization", worst >= 0.9 && p <= 0.05,
                String.format(Locale.ROOT, "least accuracy %.3f; largest p %.2f", worst, p)));
            final double after = mean(of, "ComBat with age", l -> l.sites.accuracy());
            verdicts.add(verdict(data, "after ComBat with age at most 0.15 above chance", after <= 1.0 / 3 + 0.15,
                String.format(Locale.ROOT, "accuracy %.3f", after)));
            final double error = mean(of, "ComBat with age", Line::slopeError);
            for (final String other : List.of("none", "z-score per site")) {
                final double others = mean(of, other, Line::slopeError);
                verdicts.add(verdict(data, "slope over age nearer to the true one than with: " + other, error < others,
                    String.format(Locale.ROOT, "errors %.4f and %.4f ml per year", error, others)));
            }
            final double r = mean(of, "ComBat with age", Line::correlation);
            final double before = mean(of, "none", Line::correlation);
            verdicts.add(verdict(data, "pooled CSF correlates better with the true one than without harmonization", r > before,
                String.format(Locale.ROOT, "correlations %.3f and %.3f", r, before)));
        }
        Files.write(folder.resolve("verdicts.csv"), verdicts);
    }

    private static String verdict(final String data, final String text, final boolean met, final String figures) {
        return data + "," + text + "," + (met ? "met" : "not met") + "," + figures;
    }

    private static double mean(final List<Line> lines, final String method, final ToDoubleFunction<Line> number) {
        return lines.stream().filter(l -> l.method.equals(method)).mapToDouble(number).average().orElseThrow();
    }
}
