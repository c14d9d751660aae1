package org.scanbridge.dicom.seg;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.DicomException;
import org.scanbridge.dicom.data.DicomFile;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.series.Problem;
import org.scanbridge.dicom.series.Problem.Effect;
import org.scanbridge.dicom.series.Problem.Kind;
import org.scanbridge.dicom.series.Stack;
import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.labels.CombinedLabels;
import org.scanbridge.imaging.labels.OverlapRule;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.VolumeInfo;

import net.imglib2.parallel.TaskExecutor;
import net.imglib2.parallel.TaskExecutors;

/**
 * Turns the contours of an RT Structure Set into labels. A voxel belongs to a structure if its center lies inside the
 * structure's contours of its slice, see {@link ContourUnion}. Contours that lie
 * between slices belong to the nearest slice; where several lie at one slice at different depths, the nearest ones count.
 */
final class StructureSetReader {

    private static final int MAX_LABEL = 255;

    /** Contours this close in planes were drawn on the same slice. */
    private static final double SAME_DEPTH = 0.05;

    /** A contour farther from its slice, in planes, is worth a word. */
    private static final double ON_SLICE = 0.1;

    private static final double ROUNDING = 0x1p-12;

    /** Names of structures that a message lists. */
    private static final int MAX_NAMES = 5;

    private final StructureSet m_set;

    private final Stack m_stack;

    private final int[] m_size;

    private final VolumeInfo m_info;

    private final Consumer<Problem> m_problems;

    /** Names of structures by what is wrong with contours of them. */
    private final SortedMap<String, TreeSet<String>> m_defects = new TreeMap<>();

    StructureSetReader(final StructureSet set, final Stack stack, final VolumeInfo info,
        final Consumer<Problem> problems) {
        m_set = set;
        m_stack = stack;
        m_size = stack.sliceGrid();
        m_info = info;
        m_problems = problems;
    }

    /** A closed contour in the coordinates of the slices. */
    private record Contour(double depth, double[] x, double[] y, boolean exclusive) {
    }

    Optional<LabelVolume> read() throws IOException {
        final SortedMap<Integer, Integer> labels = m_set.choice().labels(m_set.structures());
        if (labels.isEmpty() || labels.values().stream().anyMatch(l -> l > MAX_LABEL)) {
            m_problems.accept(problem(Kind.LABEL_OUT_OF_RANGE, Effect.SEGMENTATION_SKIPPED,
                labels.isEmpty() ? "None of its " + m_set.structures().size() + " structures has a name that was asked for."
                    : "It has " + labels.size() + " structures; there are 255 labels.",
                "Name the structures to read."));
            return Optional.empty();
        }
        final SortedMap<Integer, List<Contour>> contours = new TreeMap<>();
        try (DicomFile file = DicomFile.open(m_set.file())) {
            for (final DataSet roi : file.data().items(Tag.ROI_CONTOUR_SEQUENCE)) {
                final int number = roi.requiredInteger(Tag.REFERENCED_ROI_NUMBER);
                if (labels.containsKey(number)) {
                    final List<Contour> of = contours.computeIfAbsent(number, n -> new ArrayList<>());
                    for (final DataSet item : roi.items(Tag.CONTOUR_SEQUENCE)) {
                        contour(item, m_set.structures().get(number)).ifPresent(of::add);
                    }
                }
            }
        } catch (final DicomException e) {
            m_problems.accept(problem(Kind.UNREADABLE_FILE, Effect.SEGMENTATION_SKIPPED,
                "The contours cannot be read: " + e.getMessage() + ".", "Export the structure set again."));
            return Optional.empty();
        }
        return paint(labels, contours);
    }

    private Problem problem(final Kind kind, final Effect effect, final String message, final String remedy) {
        return new Problem(kind, effect, m_set.path(), m_info.series(), message, remedy);
    }

    private void defect(final String what, final String structure) {
        m_defects.computeIfAbsent(what, w -> new TreeSet<>()).add(structure);
    }

    private Optional<Contour> contour(final DataSet item, final String structure) throws DicomException {
        final String type = item.text(Tag.CONTOUR_GEOMETRIC_TYPE);
        final double[] points = item.numbers(Tag.CONTOUR_DATA);
        if (points.length % 3 != 0) {
            throw new DicomException(DicomException.Reason.BAD_VALUE, "Contour Data " + Tag.toString(Tag.CONTOUR_DATA)
                + " has " + points.length + " numbers, no multiple of 3", Tag.CONTOUR_DATA, DicomException.NONE);
        }
        final int n = points.length / 3;
        if (!type.equals("CLOSED_PLANAR") && !type.equals("CLOSEDPLANAR_XOR")) {
            defect("contours of type \"" + type + "\" enclose no area and were passed over", structure);
            return Optional.empty();
        }
        if (n < 3) {
            defect("contours of fewer than 3 points enclose no area and were passed over", structure);
            return Optional.empty();
        }
        final double[] x = new double[n];
        final double[] y = new double[n];
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (int p = 0; p < n; p++) {
            final double[] index = m_stack.index(points[3 * p], points[3 * p + 1], points[3 * p + 2]);
            // Corners on the very centers of pixels are frequent; rounding errors must not make them ragged.
            x[p] = Math.rint(index[0] / ROUNDING) * ROUNDING;
            y[p] = Math.rint(index[1] / ROUNDING) * ROUNDING;
            low = Math.min(low, index[2]);
            high = Math.max(high, index[2]);
        }
        if (high - low > 1) {
            defect("contours are not parallel to the slices and were passed over", structure);
            return Optional.empty();
        }
        final double depth = (low + high) / 2;
        if (depth < -0.5 || depth > m_size[2] - 0.5) {
            defect("contours lie outside the slices and were passed over", structure);
            return Optional.empty();
        }
        if (Math.abs(depth - Math.rint(depth)) > ON_SLICE) {
            defect("contours lie between slices and were moved to the nearest one", structure);
        }
        return Optional.of(new Contour(depth, x, y, type.equals("CLOSEDPLANAR_XOR")));
    }

    private Optional<LabelVolume> paint(final SortedMap<Integer, Integer> labels,
        final SortedMap<Integer, List<Contour>> contours) {
        final SortedMap<Integer, String> names = new TreeMap<>();
        final SortedMap<Integer, SortedMap<Integer, BitSet>> planes = new TreeMap<>();
        final SortedMap<Integer, Long> sizes = new TreeMap<>();
        for (final Map.Entry<Integer, List<Contour>> entry : contours.entrySet()) {
            final int label = labels.get(entry.getKey());
            final String structure = m_set.structures().get(entry.getKey());
            names.putIfAbsent(label, m_set.choice().name(label, structure));
            if (entry.getValue().isEmpty()) {
                continue;
            }
            final SortedMap<Integer, BitSet> whole = complete(planes(entry.getValue(), structure), structure);
            sizes.merge(label, whole.values().stream().mapToLong(BitSet::cardinality).sum(), Long::sum);
            final SortedMap<Integer, BitSet> ofLabel = planes.computeIfAbsent(label, l -> new TreeMap<>());
            whole.forEach((k, inside) -> ofLabel.computeIfAbsent(k, i -> new BitSet()).or(inside));
        }
        final byte[] voxels = new byte[Math.multiplyExact(Math.multiplyExact(m_size[0], m_size[1]), m_size[2])];
        if (m_set.choice().overlap() == OverlapRule.KEEP_ALL) {
            return combine(voxels.length, planes, names);
        }
        final SortedMap<String, Integer> overlaps = new TreeMap<>();
        for (final int label : m_set.choice().overlap().paintingOrder(sizes)) {
            planes.get(label).forEach((k, inside) -> paint(voxels, k, inside, label, overlaps));
        }
        report(overlaps);
        return Optional.of(new LabelVolume(m_stack.toGrid(voxels), m_stack.geometry(), m_info, new LabelSet(names)));
    }

    /** Each combination of structures becomes a class of its own. */
    private Optional<LabelVolume> combine(final int voxels,
        final SortedMap<Integer, SortedMap<Integer, BitSet>> planes, final SortedMap<Integer, String> names) {
        report(new TreeMap<>());
        final CombinedLabels.Result result;
        try {
            final CombinedLabels combined = new CombinedLabels(voxels);
            planes.forEach((label, ofLabel) -> ofLabel.forEach((k, inside) -> {
                final int plane = k * m_size[0] * m_size[1];
                inside.stream().forEach(p -> combined.add(plane + p, label));
            }));
            result = combined.finish(names, Set.copyOf(m_set.choice().labels(m_set.structures()).values()));
        } catch (final ImagingException e) {
            m_problems.accept(problem(Kind.LABEL_OUT_OF_RANGE, Effect.SEGMENTATION_SKIPPED, e.getMessage(),
                Overlaps.tooMany(Overlaps.SEGMENTS)));
            return Optional.empty();
        }
        Overlaps.report(result, "Structures", Overlaps.SEGMENTS, m_set.path(), m_info, m_problems);
        return Optional.of(new LabelVolume(m_stack.toGrid(result.voxels()), m_stack.geometry(), m_info, result.labels()));
    }

    /** Slices between contours, filled if that is asked for. */
    private SortedMap<Integer, BitSet> complete(final SortedMap<Integer, BitSet> planes, final String structure) {
        if (planes.isEmpty()) {
            return planes;
        }
        SortedMap<Integer, BitSet> all = planes;
        if (m_set.choice().interpolate()) {
            try (TaskExecutor workers = TaskExecutors.singleThreaded()) {
                all = new SliceInterpolation(m_size, m_stack.geometry().spacing(), workers).fill(planes);
            }
            if (all.size() > planes.size()) {
                defect(String.format(Locale.ROOT, "%d slices between contours have none and were interpolated",
                    all.size() - planes.size()), structure);
            }
        }
        final int missing = all.lastKey() - all.firstKey() + 1 - all.size();
        if (missing > 0) {
            defect(String.format(Locale.ROOT, "%d slices between the first and the last contour have none", missing),
                structure);
        }
        return all;
    }

    /** The pixels inside by plane, from the contours of the depth that is nearest to each plane. */
    private SortedMap<Integer, BitSet> planes(final List<Contour> contours, final String structure) {
        final SortedMap<Integer, Double> nearest = new TreeMap<>();
        for (final Contour c : contours) {
            final int k = plane(c);
            nearest.merge(k, c.depth, (a, b) -> Math.abs(b - k) < Math.abs(a - k) ? b : a);
        }
        final SortedMap<Integer, ContourUnion> masks = new TreeMap<>();
        for (final Contour c : contours) {
            final int k = plane(c);
            if (Math.abs(c.depth - nearest.get(k)) <= SAME_DEPTH) {
                if (!masks.computeIfAbsent(k, i -> new ContourUnion(m_size[0], m_size[1])).add(c.x, c.y, c.exclusive)) {
                    defect("contours run to and fro more often than any outline does and were passed over", structure);
                }
            }
        }
        final SortedMap<Integer, BitSet> planes = new TreeMap<>();
        masks.forEach((k, mask) -> planes.put(k, mask.inside()));
        return planes;
    }

    private int plane(final Contour contour) {
        return (int)Math.max(0, Math.min(m_size[2] - 1.0, Math.rint(contour.depth)));
    }

    private void paint(final byte[] voxels, final int k, final BitSet inside, final int label,
        final SortedMap<String, Integer> overlaps) {
        final int plane = k * m_size[0] * m_size[1];
        for (int p = inside.nextSetBit(0); p >= 0; p = inside.nextSetBit(p + 1)) {
            final int before = voxels[plane + p] & 0xff;
            if (before != 0 && before != label) {
                overlaps.merge(Math.min(before, label) + " and " + Math.max(before, label), 1, Integer::sum);
            }
            voxels[plane + p] = (byte)label;
        }
    }

    private void report(final SortedMap<String, Integer> overlaps) {
        m_defects.forEach((what, structures) -> m_problems.accept(problem(Kind.CONTOUR, Effect.KEPT,
            "In " + String.join(", ", structures.stream().limit(MAX_NAMES).map(s -> "\"" + s + "\"").toList())
                + (structures.size() > MAX_NAMES ? " and " + (structures.size() - MAX_NAMES) + " more" : "") + ": " + what
                + ".",
            what.endsWith("contour have none") ? "Choose \"Interpolate between contours\" if they were drawn on some slices"
                + " only." : "Look at the structure in the program that drew it.")));
        if (!overlaps.isEmpty()) {
            m_problems.accept(problem(Kind.SEGMENTATION_OVERLAP, Effect.KEPT,
                "Structures overlap: " + String.join(", ",
                    overlaps.entrySet().stream().limit(3).map(e -> e.getKey() + " in " + e.getValue() + " voxels").toList())
                    + "; " + m_set.choice().overlap().words() + " was taken.",
                Overlaps.change(Overlaps.SEGMENTS)));
        }
    }
}
