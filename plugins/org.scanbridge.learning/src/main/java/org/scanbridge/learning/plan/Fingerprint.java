package org.scanbridge.learning.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;

import org.scanbridge.imaging.resample.Reorientation;
import org.scanbridge.imaging.stats.Percentiles;
import org.scanbridge.learning.LearningException;

/**
 * What a plan has to know of a study: nnU-Net's data fingerprint (Isensee et al., Nature Methods 2021, Methods), plus sites
 * and the thickness of structures.
 */
final class Fingerprint {

    private final List<ImageFacts> m_images;

    private final boolean m_sameAxes;

    private final Optional<Thinnest> m_thinnest;

    /** The thinnest class and how thick it is in the median image, in mm. */
    record Thinnest(String name, double thickness) {
    }

    /**
     * @param images of all images, at least one
     * @throws LearningException if there are no images
     */
    Fingerprint(final List<ImageFacts> images) {
        m_images = List.copyOf(images);
        if (m_images.isEmpty()) {
            throw new LearningException("The table has no images to plan for. Connect the table that the network will be"
                + " trained on.");
        }
        m_sameAxes = m_images.stream().map(Fingerprint::axes).distinct().count() == 1;
        m_thinnest = findThinnest();
    }

    /** All images. */
    List<ImageFacts> images() {
        return m_images;
    }

    /** Whether the axes of all images run the same way. */
    boolean sameAxes() {
        return m_sameAxes;
    }

    private static List<Integer> axes(final ImageFacts facts) {
        final Reorientation turn = Reorientation.toLps(facts.geometry());
        final List<Integer> axes = new ArrayList<>();
        for (int a = 0; a < 3; a++) {
            axes.add(turn.flip()[a] ? -1 - turn.axis()[a] : turn.axis()[a]);
        }
        return axes;
    }

    /** The index axis of an image that is axis {@code axis} of the plan. */
    private int axis(final ImageFacts facts, final int axis) {
        return m_sameAxes ? axis : Reorientation.toLps(facts.geometry()).axis()[axis];
    }

    /** A percentile of the spacings along an axis of the plan, in mm. */
    double spacing(final int axis, final double percent) {
        return percentile(f -> f.geometry().spacing(axis(f, axis)), percent);
    }

    /** The median size of the content along an axis of the plan, in mm. */
    double content(final int axis) {
        return percentile(f -> f.content().get(axis(f, axis)), 50);
    }

    /** The median number of voxels along an axis of the plan. */
    double size(final int axis) {
        return percentile(f -> f.geometry().size(axis(f, axis)), 50);
    }

    /** The median size of the images along an axis of the plan, in mm. */
    double extent(final int axis) {
        return percentile(f -> f.geometry().size(axis(f, axis)) * f.geometry().spacing(axis(f, axis)), 50);
    }

    private double percentile(final ToDoubleFunction<ImageFacts> value, final double percent) {
        final double[] sorted = m_images.stream().mapToDouble(value).sorted().toArray();
        return Percentiles.ofSorted(sorted, percent);
    }

    /** Those that somebody has segmented. */
    List<ImageFacts> labeled() {
        return m_images.stream().filter(ImageFacts::labeled).toList();
    }

    /** Number of persons of whom an image is segmented. */
    int labeledSubjects() {
        return (int)labeled().stream().map(ImageFacts::subject).distinct().count();
    }

    /** Sites with segmentations. */
    SortedSet<String> labeledSites() {
        final SortedSet<String> sites = new TreeSet<>();
        labeled().forEach(f -> sites.add(f.site()));
        return sites;
    }

    /** Sites without any. */
    SortedSet<String> unlabeledSites() {
        final SortedSet<String> sites = new TreeSet<>();
        m_images.forEach(f -> sites.add(f.site()));
        sites.removeAll(labeledSites());
        return sites;
    }

    /** Names of all classes that occur, by label value. */
    SortedMap<Integer, String> classes() {
        final SortedMap<Integer, String> names = new TreeMap<>();
        for (final ImageFacts facts : labeled()) {
            for (final int value : facts.classes().get().keySet()) {
                names.putIfAbsent(value, facts.labels().name(value));
            }
        }
        return names;
    }

    /** The class whose median thickness is least; empty without segmentations. */
    Optional<Thinnest> thinnest() {
        return m_thinnest;
    }

    private Optional<Thinnest> findThinnest() {
        Thinnest thinnest = null;
        for (final var entry : classes().entrySet()) {
            final double median = median(entry.getKey(), ClassFacts::thickness);
            if (thinnest == null || median < thinnest.thickness()) {
                thinnest = new Thinnest(entry.getValue(), median);
            }
        }
        return Optional.ofNullable(thinnest);
    }

    private double[] values(final int label, final ToDoubleFunction<ClassFacts> value) {
        return labeled().stream().map(f -> f.classes().get().get(label)).filter(c -> c != null).mapToDouble(value).sorted()
            .toArray();
    }

    private double median(final int label, final ToDoubleFunction<ClassFacts> value) {
        return Percentiles.ofSorted(values(label, value), 50);
    }

    /** Which share of the voxels in the box around the content has a label, in the median labeled image, in [0, 1]. */
    double labeledShare() {
        final double[] shares = labeled().stream().mapToDouble(f -> {
            final double box = f.content().get(0) * f.content().get(1) * f.content().get(2);
            return Math.min(1, f.classes().get().values().stream().mapToDouble(ClassFacts::volume).sum() / box);
        }).sorted().toArray();
        return Percentiles.ofSorted(shares, 50);
    }

    /** Classes that are missing in some labeled images. */
    Set<String> sometimesMissing() {
        final Set<String> names = new TreeSet<>();
        classes().forEach((value, name) -> {
            if (values(value, ClassFacts::volume).length < labeled().size()) {
                names.add(name);
            }
        });
        return names;
    }

    /** The largest coefficient of variation of the volume of a class: standard deviation over mean. */
    double volumeVariation() {
        double largest = 0;
        for (final int value : classes().keySet()) {
            final double[] volumes = values(value, ClassFacts::volume);
            final double mean = Arrays.stream(volumes).average().orElseThrow();
            final double variance = Arrays.stream(volumes).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
            largest = Math.max(largest, Math.sqrt(variance) / mean);
        }
        return largest;
    }

    /** Number of images whose values are Hounsfield units. */
    long ct() {
        return m_images.stream().filter(ImageFacts::ct).count();
    }
}
