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

import org.scanbridge.learning.check.AdaptationCheck;
import org.scanbridge.learning.check.AdaptationEffect;
import org.scanbridge.learning.check.DiceCalibration;
import org.scanbridge.learning.check.DiceCalibration.Point;
import org.scanbridge.learning.check.DiceEstimate;
import org.scanbridge.learning.check.Evidence;

/**
 * Figures of the documentation from what {@link CheckTable} has written: Spearman's rank correlation of predicted and true Dice of
 * images (mean of the tissues), their mean distance, the share of true Dice within the intervals, and what became of adaptations.
 * Arguments: files of {@link CheckTable} (with or without the header of the documentation's copy), later ones only for networks that earlier ones lack. No test.
 */
public final class CheckFigures {

    private static final List<Evidence> COLUMNS = List.of(Evidence.VIEWS, Evidence.CONFIDENCE, Evidence.SECOND_OPINION,
        Evidence.REVERSE, Evidence.VOLUME, Evidence.FORM, Evidence.NEIGHBORS, Evidence.PLACE);

    private static final Set<String> DEVELOPMENT = Set.of("dev low", "dev random 1", "dev random 2", "dev T2");

    /** Eight points of the calibration are not fitted: enough for intervals of 80 %, not of 90 %. */
    private static final double COVERAGE = 0.8;

    /** Two heads under eight shifts each; a network that is not done yet has fewer. */
    private static final int LEAST_CALIBRATED = 16;

    /**
     * An image under a network.
     *
     * @param points of the tissues, then their mean
     */
    private record Image(String network, String kind, String site, String head, List<Point> points) {

        boolean isJudged() {
            return kind.equals("site");
        }
    }

    /**
     * What is calibrated on, and how.
     *
     * @param name in the output
     * @param painted whether every second shift is a painted image, as {@link AdaptationCheck} has it; else all are shifts
     * @param wider by how much intervals are widened
     */
    private record Way(String name, boolean painted, double wider) {

        boolean has(final Image image) {
            return !image.isJudged()
                && image.kind.equals(painted && AdaptationCheck.isPainted(Integer.parseInt(image.site)) ? "painted" : "shift");
        }
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
        for (final Way way : List.of(new Way("shifts", false, 0), new Way("shifts and painted images", true, 0),
            new Way("shifts and painted images, widened", true, AdaptationCheck.SITES_DIFFER))) {
            print("all without second opinion", way, images, with(shapes, Evidence.VIEWS, Evidence.CONFIDENCE));
            print("second opinion alone", way, images, Set.of(Evidence.SECOND_OPINION));
            print("all", way, images, with(shapes, Evidence.VIEWS, Evidence.CONFIDENCE, Evidence.SECOND_OPINION));
        }
    }

    private static Set<Evidence> with(final Set<Evidence> some, final Evidence... more) {
        final Set<Evidence> all = new TreeSet<>(some);
        all.addAll(Arrays.asList(more));
        return all;
    }

    private static List<Image> read(final Path file) throws IOException {
        final Map<List<String>, List<Point>> points = new LinkedHashMap<>();
        for (final String line : Files.readAllLines(file)) {
            if (line.startsWith("network,")) {
                continue;
            }
            final String[] cells = line.split(",");
            final Map<Evidence, Double> evidence = new EnumMap<>(Evidence.class);
            for (int c = 0; c < COLUMNS.size(); c++) {
                final String value = cells[6 + c];
                if (!value.isEmpty() && !value.equals("NaN")) {
                    evidence.put(COLUMNS.get(c), Double.parseDouble(value));
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
            images.add(new Image(key.get(0), key.get(1), key.get(2), key.get(3), all));
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

    private static List<Judged> judged(final Way way, final List<Image> images, final Set<Evidence> kinds) {
        final List<Judged> judged = new ArrayList<>();
        for (final String network : new TreeSet<>(images.stream().map(Image::network).toList())) {
            final List<Image> own = images.stream().filter(i -> i.network.equals(network)).toList();
            final List<Image> shifts = own.stream().filter(way::has).toList();
            if (shifts.size() < LEAST_CALIBRATED
                || shifts.stream().anyMatch(i -> !i.points.get(0).evidence().keySet().containsAll(kinds))) {
                continue;
            }
            final List<DiceCalibration> calibrations = DiceCalibration.fit(IntStream.range(0, 4)
                .mapToObj(s -> shifts.stream().map(i -> only(i.points.get(s), kinds)).toList()).toList(), COVERAGE);
            System.out.println(network + " " + calibrations.get(3).weights());
            own.stream().filter(Image::isJudged).forEach(i -> judged.add(new Judged(network, i.site, i.head,
                IntStream.range(0, 4)
                    .mapToObj(s -> calibrations.get(s).estimate(i.points.get(s).evidence()).widened(way.wider)).toList(),
                i.points)));
        }
        return judged;
    }

    private static void print(final String name, final Way way, final List<Image> images, final Set<Evidence> kinds) {
        System.out.println("== " + name + ", calibrated on " + way.name);
        final List<Judged> all = judged(way, images, kinds);
        line("source", all, j -> j.site.equals("A"));
        line("development", all, j -> DEVELOPMENT.contains(j.site));
        line("reported", all, j -> !DEVELOPMENT.contains(j.site) && !j.site.equals("A"));
        for (final Judged j : all) {
            System.out.printf(Locale.ROOT, "%s, %s, head %s: predicted %.3f (%.3f to %.3f), true %.3f%n", j.network, j.site, j.head,
                j.predicted(), j.estimates.get(3).low(), j.estimates.get(3).high(), j.truth());
        }
        // each adapted network against the one it came from
        for (final String network : new TreeSet<>(
            all.stream().map(Judged::network).filter(n -> n.split("-").length == 3).toList())) {
            final String source = "plain-" + network.substring(network.lastIndexOf('-') + 1);
            for (final String site : new TreeSet<>(
                all.stream().filter(j -> j.network.equals(network)).map(Judged::site).toList())) {
                effect(network, site, at(all, source, site), at(all, network, site));
            }
        }
    }

    private static List<Judged> at(final List<Judged> all, final String network, final String site) {
        return all.stream().filter(j -> j.network.equals(network) && j.site.equals(site)).toList();
    }

    private static void effect(final String network, final String site, final List<Judged> before, final List<Judged> after) {
        if (before.size() == after.size()) {
            final AdaptationEffect effect = AdaptationEffect.of(before.stream().map(Judged::predicted).toList(),
                after.stream().map(Judged::predicted).toList());
            System.out.printf(Locale.ROOT, "%s at %s: predicted change %.3f, true %.3f: %s%n", network, site, effect.change(),
                after.stream().mapToDouble(Judged::truth).average().orElseThrow()
                    - before.stream().mapToDouble(Judged::truth).average().orElseThrow(), effect.words());
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
