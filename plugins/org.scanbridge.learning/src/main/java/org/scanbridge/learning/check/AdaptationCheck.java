package org.scanbridge.learning.check;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.data.ChannelImages;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.network.Network;

import net.imglib2.parallel.TaskExecutor;

/**
 * Does a network work on images that nobody has labeled? Calibrated on labeled images of the source, as they are and under
 * {@link SimulatedShift simulated shifts}, of which every second one is an image painted in a contrast drawn at random, it
 * predicts the Dice of every structure of every image, with an interval, from {@link Evidence}. How far to trust it:
 * {@link DiceCalibration}. Deterministic. Not for several threads at once.
 */
public final class AdaptationCheck implements AutoCloseable {

    /** The name of the mean of all structures. */
    public static final String ALL = "all classes";

    /** Fewer points say too little. */
    private static final int LEAST_POINTS = 4;

    /**
     * By how much intervals reach further than those of the calibration: what errs with a site, above all a second opinion, errs
     * alike in all simulated images of a subject, which therefore show less of it. Chosen on sites to choose on
     * (docs/evaluation.md).
     */
    public static final double SITES_DIFFER = 0.1;

    private final Examination m_examination;

    private final CheckOptions m_options;

    private final TaskExecutor m_workers;

    /** One per structure, none for one that no labeled image has, then that of the mean; empty before the calibration. */
    private List<Optional<Calibrated>> m_calibrated = List.of();

    /** Which structures the labeled images have. */
    private List<Integer> m_present = List.of();

    private UsualShapes m_usual;

    private ReverseAccuracy m_reverse;

    /**
     * A labeled image of the source.
     *
     * @param source image and truth, with classes of the network
     * @param second reads another segmentation of it, see {@link Evidence#SECOND_OPINION}; that of the shifted image is taken to be
     *            the same. All of the calibration's images have one, or none has
     */
    public record LabeledCase(TrainingCase source, Optional<Supplier<LabelVolume>> second) {
    }

    /**
     * What was learned of a structure.
     *
     * @param sourceDice mean true Dice on the labeled images as they are
     * @param usual mean evidence on those
     */
    private record Calibrated(DiceCalibration calibration, double sourceDice, Map<Evidence, Double> usual) {
    }

    /**
     * @param networks one, or an ensemble
     * @param options how to check
     * @param workers what atlases share their work out to
     * @throws LearningException if the networks do not segment the same
     */
    public AdaptationCheck(final List<Network> networks, final CheckOptions options, final TaskExecutor workers) {
        m_examination = new Examination(networks);
        m_options = options;
        m_workers = workers;
    }

    /** Names of the structures that are judged, then {@link #ALL}. */
    public List<String> structures() {
        final List<String> names = new ArrayList<>(m_examination.structures().stream().map(Structure::name).toList());
        names.add(ALL);
        return names;
    }

    /** Bytes that an image of a size takes of Java's heap beside the image itself. */
    public long bytes(final int[] size) {
        return m_examination.bytes(size);
    }

    /** Number of segmentations that a labeled image and a judged one take together with its shifts. */
    public long passes(final long labeled, final long judged) {
        return m_examination.passes() * (labeled * m_options.shifts() + judged);
    }

    /**
     * Learns from labeled images what evidence is worth. They should be images that the network was not trained on, of which
     * it is more certain than of others.
     *
     * @param cases of the source; those of one subject stay together
     * @throws LearningException if there are too few, too few subjects to reverse a segmentation, or none has a structure
     */
    public void calibrate(final List<LabeledCase> cases, final Progress progress) {
        final List<Structure> structures = m_examination.structures();
        if (cases.size() * m_options.shifts() < LEAST_POINTS) {
            throw new LearningException("The check was given " + cases.size() + " labeled image(s) and "
                + m_options.shifts() + " simulated shift(s), which is too little to learn from. Connect more labeled images of"
                + " the source, or simulate more shifts.");
        }
        prepare(cases, structures);
        final List<List<DiceCalibration.Point>> points = new ArrayList<>();
        final List<List<DiceCalibration.Point>> asTheyAre = new ArrayList<>();
        for (int s = 0; s <= structures.size(); s++) {
            points.add(new ArrayList<>());
            asTheyAre.add(new ArrayList<>());
        }
        final SimulatedShift shifts = new SimulatedShift(m_options.seed(), m_options.shifts());
        final double all = (double)cases.size() * m_options.shifts();
        for (int c = 0; c < cases.size(); c++) {
            final TrainingCase source = cases.get(c).source();
            final ChannelImages images = source.images();
            final LabelVolume truth = source.labels().get();
            Examination.requireSameGrid(images, truth, "segmentation");
            final Optional<LabelVolume> second = cases.get(c).second().map(Supplier::get);
            for (int shift = 0; shift < m_options.shifts(); shift++) {
                final double done = (double)c * m_options.shifts() + shift;
                final ChannelImages changed = isPainted(shift)
                    ? shifts.painted(images, truth, ignored(source), shift, c) : shifts.of(images, shift, c);
                final SubjectEvidence found =
                    evidence(source.subject(), changed, second, progress.part(done / all, (done + 1) / all));
                add(found, truth, ignored(source), points);
                if (shift == 0) {
                    add(found, truth, ignored(source), asTheyAre);
                }
            }
        }
        final List<Integer> learned = new ArrayList<>(m_present);
        learned.add(structures.size());
        final List<DiceCalibration> calibrations =
            DiceCalibration.fit(learned.stream().map(points::get).toList(), m_options.coverage());
        final List<Optional<Calibrated>> calibrated = new ArrayList<>();
        for (int s = 0; s <= structures.size(); s++) {
            final int at = learned.indexOf(s);
            calibrated.add(at < 0 ? Optional.empty() : Optional.of(new Calibrated(calibrations.get(at),
                asTheyAre.get(s).stream().mapToDouble(DiceCalibration.Point::dice).average().orElseThrow(),
                DiceCalibration.mean(asTheyAre.get(s)))));
        }
        m_calibrated = List.copyOf(calibrated);
    }

    /**
     * The mean true Dice of each structure, then of the mean of all, on the labeled images as they are.
     *
     * @return in the order of {@link #structures()}; empty for a structure that no labeled image has
     * @throws IllegalStateException if nothing was calibrated
     */
    public List<OptionalDouble> sourceDice() {
        requireCalibrated();
        return m_calibrated.stream()
            .map(c -> c.isPresent() ? OptionalDouble.of(c.get().sourceDice()) : OptionalDouble.empty()).toList();
    }

    private void requireCalibrated() {
        if (m_calibrated.isEmpty()) {
            throw new IllegalStateException("The check must be calibrated first.");
        }
    }

    /**
     * Which of the simulated shifts are painted: every second one, from the one after the image as it is on. Shifts of a scanner
     * alone are too mild to show what evidence a network leaves that is lost, so that the Dice at contrasts that it never saw
     * would be overestimated.
     */
    public static boolean isPainted(final int shift) {
        return shift % 2 == 1;
    }

    private void prepare(final List<LabeledCase> cases, final List<Structure> structures) {
        final TreeSet<String> subjects = new TreeSet<>();
        final UsualShapes.Collector shapes = new UsualShapes.Collector(structures);
        final List<ReverseAccuracy.Reference> references = new ArrayList<>();
        final TreeSet<Integer> present = new TreeSet<>();
        for (final LabeledCase each : cases) {
            final TrainingCase source = each.source();
            if (each.second().isPresent() != cases.get(0).second().isPresent()) {
                throw new LearningException("Of the labeled images, some have a second opinion and some have none (subject "
                    + source.subject() + "). Make it for all of them, or choose no \"Second opinion column\".");
            }
            subjects.add(source.subject());
            final LabelVolume truth = source.labels().get();
            shapes.add(truth);
            IntStream.range(0, structures.size()).filter(s -> structures.get(s).voxels(truth) > 0).forEach(present::add);
            references.add(new ReverseAccuracy.Reference(source.subject(), source.image(), source.labels(), ignored(source)));
        }
        if (present.isEmpty()) {
            throw new LearningException("No labeled image has a voxel of a class of the network (" + String.join(", ",
                structures.stream().map(Structure::name).toList()) + "), so nothing tells what evidence is worth. Connect labeled"
                + " images of the source that show them.");
        }
        m_present = List.copyOf(present);
        m_usual = shapes.usual();
        if (m_options.references() > 0 && subjects.size() < 2) {
            throw new LearningException("All labeled images are of subject " + subjects.first()
                + ", whose segmentation cannot be reversed on itself. Connect images of two subjects or more, or set"
                + " \"Reversed images\" to 0.");
        }
        m_reverse = new ReverseAccuracy(references, m_workers);
    }

    private static Optional<Integer> ignored(final TrainingCase source) {
        return source.partial() ? Optional.of(NetworkSpec.UNANNOTATED) : Optional.empty();
    }

    private SubjectEvidence evidence(final String subject, final ChannelImages images, final Optional<LabelVolume> second,
        final Progress progress) {
        final boolean reversed = m_options.references() > 0;
        final SubjectEvidence found =
            m_usual.addTo(m_examination.of(images, second, reversed ? progress.part(0, 0.5) : progress));
        return reversed ? found.with(Evidence.REVERSE, m_reverse.of(subject, images.first(), found.labels(),
            m_examination.structures(), m_options.references(), progress.part(0.5, 1)).orElseThrow()) : found;
    }

    private void add(final SubjectEvidence found, final LabelVolume truth, final Optional<Integer> ignored,
        final List<List<DiceCalibration.Point>> points) {
        final List<Structure> structures = m_examination.structures();
        double sum = 0;
        for (int s = 0; s < structures.size(); s++) {
            final double dice = structures.get(s).dice(found.labels(), truth, ignored);
            points.get(s).add(new DiceCalibration.Point(found.evidence().get(s), dice));
            sum += m_present.contains(s) ? dice : 0;
        }
        points.get(structures.size()).add(new DiceCalibration.Point(mean(found.evidence()), sum / m_present.size()));
    }

    /** The mean over the structures that the labeled images have. */
    private Map<Evidence, Double> mean(final List<Map<Evidence, Double>> evidence) {
        final Map<Evidence, Double> mean = new EnumMap<>(Evidence.class);
        for (final int s : m_present) {
            evidence.get(s).forEach((kind, value) -> mean.merge(kind, value / m_present.size(), Double::sum));
        }
        return mean;
    }

    /**
     * Judges an image.
     *
     * @param subject whose it is
     * @param images one per channel, normalized as the training images were
     * @param second another segmentation of it, with classes of the network; there must be one if the labeled images have one
     * @return one per structure, then that of the mean of those that the labeled images have
     * @throws LearningException if the image cannot be segmented, or has no second opinion
     * @throws IllegalStateException if nothing was calibrated
     */
    public List<StructureVerdict> judge(final String subject, final ChannelImages images, final Optional<LabelVolume> second,
        final Progress progress) {
        requireCalibrated();
        final Calibrated mean = m_calibrated.get(m_calibrated.size() - 1).orElseThrow();
        if (second.isEmpty() && mean.usual().containsKey(Evidence.SECOND_OPINION)) {
            throw new LearningException("It has no second opinion, which the labeled images have. Make it for all images, or"
                + " choose no \"Second opinion column\".");
        }
        final SubjectEvidence found = evidence(subject, images, second, progress);
        final List<Map<Evidence, Double>> all = new ArrayList<>(found.evidence());
        all.add(mean(found.evidence()));
        final List<String> names = structures();
        return IntStream.range(0, names.size()).mapToObj(s -> {
            if (m_calibrated.get(s).isEmpty()) {
                return new StructureVerdict(names.get(s), DiceEstimate.UNKNOWN, Double.NaN, Verdict.unknown(), all.get(s));
            }
            final Calibrated calibrated = m_calibrated.get(s).get();
            final DiceEstimate estimate = calibrated.calibration().estimate(all.get(s)).widened(SITES_DIFFER);
            return new StructureVerdict(names.get(s), estimate, calibrated.sourceDice(),
                Verdict.of(estimate, calibrated.sourceDice(), m_options.tolerance(), all.get(s), calibrated.usual(),
                    calibrated.calibration().weights(), calibrated.calibration().isBeyond(all.get(s))),
                all.get(s));
        }).toList();
    }

    @Override
    public void close() {
        m_examination.close();
    }
}
