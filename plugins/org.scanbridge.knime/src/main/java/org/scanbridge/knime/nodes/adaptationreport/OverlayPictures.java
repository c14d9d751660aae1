package org.scanbridge.knime.nodes.adaptationreport;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.container.CloseableRowIterator;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.KNIMEException;
import org.scanbridge.imaging.render.IntensityWindow;
import org.scanbridge.imaging.render.LabelColors;
import org.scanbridge.imaging.render.Plane;
import org.scanbridge.imaging.render.SliceRenderer;
import org.scanbridge.imaging.render.SliceStack;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.knime.util.HeapNeed;
import org.scanbridge.knime.util.NodeMemory;
import org.scanbridge.knime.util.StudyTable;
import org.scanbridge.learning.report.Overlay;
import org.scanbridge.learning.report.ScoreRow;

/** Pictures of a few subjects of each site: image, reference, and what each model made of it. */
final class OverlayPictures {

    private static final SliceRenderer RENDERER = new SliceRenderer(Plane.AXIAL, 240, 240, 0.55);

    private static final double WINDOW_LOW = 1;

    private static final double WINDOW_HIGH = 99.5;

    private final AdaptationReportParameters m_parameters;

    private final List<ScoreRow> m_scores;

    OverlayPictures(final AdaptationReportParameters parameters, final List<ScoreRow> scores) {
        m_parameters = parameters;
        m_scores = scores.stream().filter(s -> s.role().equals(StudyTable.TEST)).toList();
    }

    /** @throws KNIMEException if an image does not fit into memory */
    List<Overlay> paint(final BufferedDataTable table) throws KNIMEException {
        final Map<String, String> captions = chosen();
        HeapNeed.ofRows(table, row -> bytes(table.getDataTableSpec(), row, captions)).require();
        final List<Overlay> overlays = new ArrayList<>();
        final DataTableSpec spec = table.getDataTableSpec();
        final int image = spec.findColumnIndex(m_parameters.m_imageColumn);
        final Map<String, Overlay> bySubject = new LinkedHashMap<>();
        try (CloseableRowIterator rows = table.iterator()) {
            while (rows.hasNext()) {
                final DataRow row = rows.next();
                final String subject = ReportTables.text(spec, row, StudyTable.SUBJECT);
                if (captions.containsKey(subject) && !bySubject.containsKey(subject) && !row.getCell(image).isMissing()) {
                    bySubject.put(subject, overlay(spec, row, captions.get(subject)));
                }
            }
        }
        captions.keySet().stream().map(bySubject::get).filter(o -> o != null).forEach(overlays::add);
        return overlays;
    }

    private long bytes(final DataTableSpec spec, final DataRow row, final Map<String, String> captions) {
        final DataCell image = row.getCell(spec.findColumnIndex(m_parameters.m_imageColumn));
        if (image.isMissing() || !captions.containsKey(ReportTables.text(spec, row, StudyTable.SUBJECT))) {
            return 0;
        }
        long segmentation = 0;
        for (final String column : Columns.names(spec, LabelVolumeValue.class)) {
            final DataCell cell = row.getCell(spec.findColumnIndex(column));
            if (!cell.isMissing()) {
                segmentation = Math.max(segmentation, ((LabelVolumeValue)cell).geometry().voxelCount());
            }
        }
        return NodeMemory.REPORT.bytes(((VolumeValue)image).geometry().voxelCount(), segmentation);
    }

    private Overlay overlay(final DataTableSpec spec, final DataRow row, final String caption) {
        final Volume image =
            ((VolumeValue)row.getCell(spec.findColumnIndex(m_parameters.m_imageColumn))).volume();
        final IntensityWindow window = IntensityWindow.percentiles(image, WINDOW_LOW, WINDOW_HIGH);
        final Optional<LabelVolume> reference = labels(spec, row, m_parameters.m_referenceColumn);
        final int slice = reference.map(OverlayPictures::fullestSlice).orElse(RENDERER.middle(image.geometry()));
        final List<Overlay.Panel> panels = new ArrayList<>();
        final SortedMap<Integer, String> classes = new TreeMap<>();
        reference.ifPresent(r -> addClasses(classes, r));
        panels.add(new Overlay.Panel("image", png(image, Optional.empty(), slice, window)));
        reference.ifPresent(r -> panels.add(new Overlay.Panel("reference", png(image, reference, slice, window))));
        for (final String model : Columns.names(spec, LabelVolumeValue.class)) {
            if (!model.equals(m_parameters.m_referenceColumn)) {
                labels(spec, row, model).filter(l -> l.geometry().sameGrid(image.geometry())).ifPresent(l -> {
                    panels.add(new Overlay.Panel(model, png(image, Optional.of(l), slice, window)));
                    addClasses(classes, l);
                });
            }
        }
        final SliceStack stack = new SliceStack(image.geometry(), Plane.AXIAL);
        final List<Overlay.ClassColor> colors = classes.entrySet().stream()
            .map(c -> new Overlay.ClassColor(c.getValue(), LabelColors.rgb(c.getKey()) & 0xffffff)).toList();
        if (image.info().isProjection(image.geometry())) {
            return new Overlay(caption, panels, "", List.of(), colors);
        }
        return new Overlay(caption, panels, String.format(Locale.ROOT, "axial slice %d of %d%s", slice + 1, stack.size()[2],
            stack.obliqueness() < 1 ? "" : String.format(Locale.ROOT, ", oblique by %.0f°", stack.obliqueness())),
            List.of(stack.letters()), colors);
    }

    /** The names of the labels that occur in a segmentation; a name that is known before stays. */
    private static void addClasses(final SortedMap<Integer, String> classes, final LabelVolume labels) {
        for (int value = 1; value <= labels.maxValue(); value++) {
            classes.putIfAbsent(value, labels.labels().name(value));
        }
    }

    private static byte[] png(final Volume image, final Optional<LabelVolume> labels, final int slice,
        final IntensityWindow window) {
        return SliceRenderer.png(RENDERER.render(image, labels, slice, window));
    }

    private static Optional<LabelVolume> labels(final DataTableSpec spec, final DataRow row, final String column) {
        final int index = spec.findColumnIndex(column);
        return index < 0 || row.getCell(index).isMissing() ? Optional.empty()
            : Optional.of(((LabelVolumeValue)row.getCell(index)).labelVolume());
    }

    /** The axial slice with the most labeled voxels: a lesion is seldom in the middle of the body. */
    static int fullestSlice(final LabelVolume labels) {
        final Geometry grid = labels.geometry();
        final double[] cosines = grid.direction();
        int axis = 0;
        for (int a = 1; a < 3; a++) {
            if (Math.abs(cosines[3 * a + 2]) > Math.abs(cosines[3 * axis + 2])) {
                axis = a;
            }
        }
        final long[] counts = new long[grid.size(axis)];
        final int stride = axis == 0 ? 1 : axis == 1 ? grid.size(0) : grid.size(0) * grid.size(1);
        final byte[] voxels = labels.voxels();
        for (int v = 0; v < voxels.length; v++) {
            if (voxels[v] != 0) {
                counts[v / stride % counts.length]++;
            }
        }
        int fullest = counts.length / 2;
        for (int n = 0; n < counts.length; n++) {
            if (counts[n] > counts[fullest]) {
                fullest = n;
            }
        }
        // Slices are numbered from the inferior end.
        return cosines[3 * axis + 2] >= 0 ? fullest : counts.length - 1 - fullest;
    }

    /** Captions of the subjects to show, by subject id, in the order in which they are shown. */
    private Map<String, String> chosen() {
        // The sites that the model was adapted to come first: they are what the report is about.
        final Map<String, Map<String, double[]>> sites = new TreeMap<>(
            Comparator.comparing((final String site) -> isSource(site)).thenComparing(Comparator.naturalOrder()));
        for (final ScoreRow s : m_scores) {
            if (s.model().equals(m_parameters.m_adapted) && s.dice().isPresent()) {
                final double[] sum = sites.computeIfAbsent(s.site(), k -> new TreeMap<>()).computeIfAbsent(s.subject(),
                    k -> new double[2]);
                sum[0] += s.dice().getAsDouble();
                sum[1]++;
            }
        }
        record Ranked(String subject, double dice) {
        }
        final Map<String, String> captions = new LinkedHashMap<>();
        sites.forEach((site, subjects) -> {
            final List<Ranked> ranked = subjects.entrySet().stream()
                .map(e -> new Ranked(e.getKey(), e.getValue()[0] / e.getValue()[1]))
                .sorted(Comparator.comparingDouble(Ranked::dice)).toList();
            for (final int rank : order(ranked.size())) {
                if (captions.keySet().stream().filter(subjects::containsKey).count() < m_parameters.m_subjects) {
                    final String place =
                        rank == 0 ? "worst" : rank == ranked.size() - 1 ? "best" : rank == ranked.size() / 2 ? "median" : "";
                    captions.put(ranked.get(rank).subject, String.format(Locale.ROOT, "%s, subject %s: Dice of %s %.3f%s", site,
                        ranked.get(rank).subject, m_parameters.m_adapted, ranked.get(rank).dice,
                        place.isEmpty() ? "" : " (" + place + " of " + ranked.size() + ")"));
                }
            }
        });
        return captions;
    }

    private boolean isSource(final String site) {
        return m_scores.stream().anyMatch(s -> s.site().equals(site) && s.domain().equals(StudyTable.SOURCE));
    }

    /** Worst, median, best, then the others from the worst on. */
    static List<Integer> order(final int n) {
        final List<Integer> order = new ArrayList<>();
        for (final int first : new int[]{0, n / 2, n - 1}) {
            if (first >= 0 && first < n && !order.contains(first)) {
                order.add(first);
            }
        }
        for (int i = 0; i < n; i++) {
            if (!order.contains(i)) {
                order.add(i);
            }
        }
        return order;
    }
}
