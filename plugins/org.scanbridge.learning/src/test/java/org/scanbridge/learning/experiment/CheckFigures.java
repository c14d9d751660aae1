package org.scanbridge.learning.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.IntStream;

import org.scanbridge.learning.check.AdaptationEffect;
import org.scanbridge.learning.check.DiceCalibration;
import org.scanbridge.learning.check.DiceCalibration.Point;
import org.scanbridge.learning.check.DiceEstimate;
import org.scanbridge.learning.check.Evidence;

/**
 * Figures of the documentation from what {@link CheckTable} has written: Spearman's rank correlation of predicted and true Dice of
 * images (mean of the tissues), their mean distance, the share of true Dice within the intervals, and what became of adaptations.
 * Arguments: files of {@link CheckTable}, later ones only for networks that earlier ones lack. No test.
 */
public final class CheckFigures {

    private static final List<Evidence> COLUMNS = List.of(Evidence.VIEWS, Evidence.CONFIDENCE, Evidence.SECOND_OPINION,
        Evidence.REVERSE, Evidence.VOLUME, Evidence.FORM, Evidence.NEIGHBORS, Evidence.PLACE);

    private static final Set<String> DEVELOPMENT = Set.of("dev low", "dev random 1", "dev random 2", "A");

    /** Eight points of the calibration are not fitted: enough for intervals of 80 %, not of 90 %. */
    private static final double COVERAGE = 0.8;

    /**
     * An image under a network.
     *
     * @param points of the tissues, then their mean
     */
    private record Image(String network, boolean shift, String site, String head, List<Point> points) {
    }

    /** An image at a site, judged. */
    private record Judged(String network, String site, String head, List<DiceEstimate> estimates, List<Point> points) {

        double predicted() {
            return estimates.get(estimates.size() - 1).dice();
        }

        double truth() {
            return points.get(points.size() - 1).dice();
        }
    }

    private CheckFigures() {
    }

    public static void main(final String[] files) throws IOException {
        final List<Image> images = new ArrayList<>();
        for (final String file : files) {
            final Set<String> known = new TreeSet<>(images.stream().map(Image::network).toList());
            read(Path.of(file)).stream().filter(i -> !known.contains(i.network)).forEach(images::add);
        }
        final Set<Evidence> shapes =
            Set.of(Evidence.VOLUME, Evidence.FORM, Evidence.NEIGHBORS, Evidence.PLACE);
        print("views and confidence", images, Set.of(Evidence.VIEWS, Evidence.CONFIDENCE));
        print("shapes", images, shapes);
        print("all without second opinion", images, with(shapes, Evidence.VIEWS, Evidence.CONFIDENCE));
        print("second opinion alone", images, Set.of(Evidence.SECOND_OPINION));
        print("all", images, with(shapes, Evidence.VIEWS, Evidence.CONFIDENCE, Evidence.SECOND_OPINION));
    }

    private static Set<Evidence> with(final Set<Evidence> some, final Evidence... more) {
        final Set<Evidence> all = new TreeSet<>(some);
        all.addAll(Arrays.asList(more));
        return all;
    }

    private static List<Image> read(final Path file) throws IOException {
        final Map<List<String>, List<Point>> points = new LinkedHashMap<>();
        for (final String line : Files.readAllLines(file)) {
            final String[] cells = line.split(",");
            final Map<Evidence, Double> evidence = new EnumMap<>(Evidence.class);
            for (int c = 0; c < COLUMNS.size(); c++) {
                final double value = Double.parseDouble(cells[6 + c]);
                if (!Double.isNaN(value)) {
                    evidence.put(COLUMNS.get(c), value);
                }
            }
            points.computeIfAbsent(List.of(cells).subList(0, 4), k -> new ArrayList<>())
                .add(new Point(evidence, Double.parseDouble(cells[5])));
        }
        final List<Image> images = new ArrayList<>();
        points.forEach((key, tissues) -> {
            final List<Point> all = new ArrayList<>(tissues);
            final Map<Evidence, Double> mean = new EnumMap<>(Evidence.class);
            tissues.forEach(p -> p.evidence().forEach((kind, v) -> mean.merge(kind, v / tissues.size(), Double::sum)));
            all.add(new Point(mean, tissues.stream().mapToDouble(Point::dice).average().orElseThrow()));
            images.add(new Image(key.get(0), key.get(1).equals("shift"), key.get(2), key.get(3), all));
        });
        return images;
    }

    private static Point only(final Point point, final Set<Evidence> kinds) {
        final Map<Evidence, Double> some = new EnumMap<>(Evidence.class);
        kinds.forEach(k -> {
            if (point.evidence().containsKey(k)) {
                some.put(k, point.evidence().get(k));
            }
        });
        return new Point(some, point.dice());
    }

    private static List<Judged> judged(final List<Image> images, final Set<Evidence> kinds) {
        final List<Judged> judged = new ArrayList<>();
        for (final String network : new TreeSet<>(images.stream().map(Image::network).toList())) {
            final List<Image> own = images.stream().filter(i -> i.network.equals(network)).toList();
            final List<Image> shifts = own.stream().filter(Image::shift).toList();
            if (shifts.stream().anyMatch(i -> !i.points.get(0).evidence().keySet().containsAll(kinds))
                || shifts.size() == own.size() || shifts.isEmpty()) {
                continue;
            }
            final List<DiceCalibration> calibrations = DiceCalibration.fit(IntStream.range(0, 4)
                .mapToObj(s -> shifts.stream().map(i -> only(i.points.get(s), kinds)).toList()).toList(), COVERAGE);
            System.out.println(network + " " + calibrations.get(3).weights());
            own.stream().filter(i -> !i.shift).forEach(i -> judged.add(new Judged(network, i.site, i.head,
                IntStream.range(0, 4).mapToObj(s -> calibrations.get(s).estimate(i.points.get(s).evidence())).toList(),
                i.points)));
        }
        return judged;
    }

    private static void print(final String name, final List<Image> images, final Set<Evidence> kinds) {
        System.out.println("== " + name);
        final List<Judged> all = judged(images, kinds);
        line("development", all, j -> DEVELOPMENT.contains(j.site));
        line("reported", all, j -> !DEVELOPMENT.contains(j.site));
        for (final Judged j : all) {
            System.out.printf(Locale.ROOT, "%s, %s, head %s: predicted %.3f (%.3f to %.3f), true %.3f%n", j.network, j.site, j.head,
                j.predicted(), j.estimates.get(3).low(), j.estimates.get(3).high(), j.truth());
        }
        // each adapted network at its target against the one it came from
        for (final String network : new TreeSet<>(all.stream().map(Judged::network).filter(n -> n.contains("-")).toList())) {
            final String site = network.substring(network.indexOf('-') + 1);
            final List<Judged> after = all.stream().filter(j -> j.network.equals(network) && j.site.equals(site)).toList();
            final List<Judged> before = all.stream().filter(j -> j.network.equals("plain") && j.site.equals(site)).toList();
            if (!after.isEmpty() && after.size() == before.size()) {
                final AdaptationEffect effect = AdaptationEffect.of(before.stream().map(Judged::predicted).toList(),
                    after.stream().map(Judged::predicted).toList());
                System.out.printf(Locale.ROOT, "%s: predicted change %.3f, true %.3f: %s%n", network, effect.change(),
                    after.stream().mapToDouble(Judged::truth).average().orElseThrow()
                        - before.stream().mapToDouble(Judged::truth).average().orElseThrow(), effect.words());
            }
        }
    }

    private static void line(final String name, final List<Judged> all, final Predicate<Judged> which) {
        final List<Judged> some = all.stream().filter(which).toList();
        if (some.size() < 2) {
            return;
        }
        int covered = 0;
        int count = 0;
        double distance = 0;
        for (final Judged j : some) {
            distance += Math.abs(j.predicted() - j.truth()) / some.size();
            for (int s = 0; s < 4; s++, count++) {
                covered += j.estimates.get(s).low() <= j.points.get(s).dice()
                    && j.points.get(s).dice() <= j.estimates.get(s).high() ? 1 : 0;
            }
        }
        System.out.printf(Locale.ROOT, "%s: %d images, Spearman %.2f, mean distance %.3f, within the interval %d of %d%n", name,
            some.size(), spearman(some.stream().mapToDouble(Judged::predicted).toArray(),
                some.stream().mapToDouble(Judged::truth).toArray()), distance, covered, count);
    }

    /** Pearson's correlation of the ranks, ties sharing their mean rank. */
    private static double spearman(final double[] a, final double[] b) {
        final double[] x = ranks(a);
        final double[] y = ranks(b);
        final double mean = (a.length + 1) / 2.0;
        double xy = 0;
        double xx = 0;
        double yy = 0;
        for (int n = 0; n < x.length; n++) {
            xy += (x[n] - mean) * (y[n] - mean);
            xx += (x[n] - mean) * (x[n] - mean);
            yy += (y[n] - mean) * (y[n] - mean);
        }
        return xy / Math.sqrt(xx * yy);
    }

    private static double[] ranks(final double[] a) {
        final double[] ranks = new double[a.length];
        for (int n = 0; n < a.length; n++) {
            for (final double other : a) {
                ranks[n] += other < a[n] ? 1 : other == a[n] ? 0.5 : 0;
            }
            ranks[n] += 0.5;
        }
        return ranks;
    }
}
