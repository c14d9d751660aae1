package org.scanbridge.learning.check;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;

import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.learning.data.ChannelImages;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.network.Network;

/**
 * Is an adapted network probably worse than the one it came from? Compares, without labels of the new site, the
 * {@link Evidence} for what both make of the same images: agreement of views, certainty, and, where there are trusted
 * segmentations, volume, form, neighbors and place. Where a teacher has segmented the image, the Dice with what it says counts
 * beside them: a network that is lost at a new contrast may make its mistakes in every view, and be certain of them. Quick and
 * not calibrated, for the end of a training: it says nothing of a Dice. {@link AdaptationCheck} takes longer and does.
 *
 * @param before mean evidence in [0, 1] of the network it came from, over images, structures and kinds
 * @param after the same of the adapted network
 * @param images how many images were compared
 * @param worse on how many of them there is less evidence than before
 * @param lost structures that have almost vanished from the segmentations, with their volumes in words
 */
public record NetworkComparison(double before, double after, int images, int worse, List<String> lost) {

    /**
     * What segmentations look like that people made.
     *
     * @param usual empty if there are none
     * @param volumes mean volume of each structure, mm³; empty if there are none
     */
    record Trusted(Optional<UsualShapes> usual, List<Double> volumes) {

        static Trusted of(final List<Structure> structures, final List<Supplier<LabelVolume>> segmentations) {
            if (segmentations.isEmpty()) {
                return new Trusted(Optional.empty(), List.of());
            }
            final UsualShapes.Collector collector = new UsualShapes.Collector(structures);
            final double[] volumes = new double[structures.size()];
            for (final Supplier<LabelVolume> segmentation : segmentations) {
                final LabelVolume labels = segmentation.get();
                collector.add(labels);
                for (int s = 0; s < volumes.length; s++) {
                    volumes[s] += volume(structures.get(s), List.of(labels)) / segmentations.size();
                }
            }
            return new Trusted(Optional.of(collector.usual()), DoubleStream.of(volumes).boxed().toList());
        }

        SubjectEvidence addTo(final SubjectEvidence found) {
            return usual.isPresent() ? usual.get().addTo(found) : found;
        }
    }

    /** What less evidence than that means nobody can say. */
    static final double LEAST_CHANGE = 0.01;

    /** A structure that keeps less of its volume has almost vanished: scanners do not change anatomy that much. */
    static final double LEAST_VOLUME = 0.1;

    /**
     * Compares two networks.
     *
     * @param before it came from
     * @param after the adapted one, of the same classes
     * @param images of new sites, with what a teacher says of them, if there is one; read one after the other; at least one
     * @param trusted read labeled segmentations, with classes of the networks; may be none
     */
    public static NetworkComparison of(final Network before, final Network after, final List<TrainingCase> images,
        final List<Supplier<LabelVolume>> trusted, final Progress progress) {
        if (images.isEmpty()) {
            throw new IllegalArgumentException("There are no images to compare the networks on.");
        }
        try (Examination first = new Examination(List.of(before)); Examination second = new Examination(List.of(after))) {
            final Trusted trust = Trusted.of(first.structures(), trusted);
            final List<SubjectEvidence> was = new ArrayList<>();
            final List<SubjectEvidence> is = new ArrayList<>();
            for (int n = 0; n < images.size(); n++) {
                final double done = (double)n / images.size();
                final double half = (n + 0.5) / images.size();
                final ChannelImages read = images.get(n).images();
                final Optional<LabelVolume> taught = images.get(n).teacher().map(t -> t.likeliest(read.first()));
                was.add(trust.addTo(first.of(read, taught, progress.part(done, half))));
                is.add(trust.addTo(second.of(read, taught, progress.part(half, (n + 1.0) / images.size()))));
            }
            return of(first.structures(), was, is, trust);
        }
    }

    /** Compares what is known of the same images before and after. */
    static NetworkComparison of(final List<Structure> structures, final List<SubjectEvidence> was,
        final List<SubjectEvidence> is, final Trusted trust) {
        double before = 0;
        double after = 0;
        int worse = 0;
        for (int n = 0; n < was.size(); n++) {
            final double first = mean(was.get(n));
            final double second = mean(is.get(n));
            before += first / was.size();
            after += second / was.size();
            worse += second < first ? 1 : 0;
        }
        final List<String> lost = new ArrayList<>();
        for (int s = 0; s < structures.size(); s++) {
            final Structure structure = structures.get(s);
            final double first = volume(structure, was.stream().map(SubjectEvidence::labels).toList());
            final double second = volume(structure, is.stream().map(SubjectEvidence::labels).toList());
            // What was never there, but for the mistakes of the network before, is not lost.
            final double usual = trust.volumes().isEmpty() ? first : Math.min(first, trust.volumes().get(s));
            if (second < LEAST_VOLUME * usual) {
                lost.add(String.format(Locale.ROOT, "\"%s\" (%.2f ml instead of %.2f ml in the mean)", structure.name(),
                    second / 1000, first / 1000));
            }
        }
        return new NetworkComparison(before, after, was.size(), worse, List.copyOf(lost));
    }

    /** Whether the adaptation probably did harm: less evidence in the mean and on most images, or something has vanished. */
    public boolean isHarmful() {
        return !lost.isEmpty() || after - before < -LEAST_CHANGE && 2 * worse > images;
    }

    /** What users read where it is harmful. */
    public String words() {
        final String start = "The adapted network is probably worse at the new site than the one it came from: ";
        final String vanished = lost.isEmpty() ? ""
            : "of its segmentations " + String.join(", ", lost) + (lost.size() == 1 ? " has" : " have") + " almost vanished; ";
        return start + vanished + String.format(Locale.ROOT, "evidence without labels %.3f instead of %.3f, less on %d of %d"
            + " image%s. Look at its segmentations, and judge both networks with the Adaptation Check before you use it; a lower"
            + " learning rate or weight of the method, or another method, may do better.", after, before, worse, images,
            images == 1 ? "" : "s");
    }

    private static double mean(final SubjectEvidence found) {
        return found.evidence().stream().map(Map::values).flatMap(Collection::stream)
            .mapToDouble(Double::doubleValue).average().orElseThrow();
    }

    /** Mean volume, mm³. */
    private static double volume(final Structure structure, final List<LabelVolume> all) {
        return all.stream().mapToDouble(l -> structure.voxels(l) * l.geometry().voxelVolume()).average().orElseThrow();
    }
}
