package org.scanbridge.learning.check;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

import org.scanbridge.imaging.volume.LabelVolume;

/**
 * What structures look like in segmentations that people made: medians of volume, surface and spread, means of what they
 * touch and of where they are. Those of a new segmentation are compared with them; a contrast that a network mistakes for another one gives it
 * structures of unusual shapes in unusual places, though it may be certain of them.
 */
public final class UsualShapes {

    private final List<Structure> m_structures;

    private final Shape[] m_usual;

    private final float[][] m_places;

    private UsualShapes(final List<Structure> structures, final Shape[] usual, final float[][] places) {
        m_structures = structures;
        m_usual = usual;
        m_places = places;
    }

    /** Collects segmentations one after the other. */
    public static final class Collector {

        private final List<Structure> m_structures;

        private final List<Shape[]> m_shapes = new ArrayList<>();

        private final List<float[][]> m_places = new ArrayList<>();

        /** @param structures what is looked at */
        public Collector(final List<Structure> structures) {
            m_structures = List.copyOf(structures);
        }

        /** @param labels a segmentation to trust, with classes of the network */
        public void add(final LabelVolume labels) {
            m_shapes.add(Shape.of(labels, m_structures));
            m_places.add(Places.of(labels, m_structures));
        }

        /** @throws IllegalStateException if nothing was added */
        public UsualShapes usual() {
            if (m_shapes.isEmpty()) {
                throw new IllegalStateException("no segmentation was added");
            }
            final Shape[] usual = new Shape[m_structures.size()];
            for (int s = 0; s < usual.length; s++) {
                final int structure = s;
                final List<Shape> own = m_shapes.stream().map(shapes -> shapes[structure]).toList();
                final double[] touching = new double[usual.length + 1];
                own.forEach(shape -> {
                    for (int t = 0; t < touching.length; t++) {
                        touching[t] += shape.touching()[t] / own.size();
                    }
                });
                usual[s] = new Shape(median(own, Shape::volume), median(own, Shape::surface), median(own, Shape::spread),
                    touching);
            }
            return new UsualShapes(m_structures, usual, Places.mean(m_places));
        }

        private static double median(final List<Shape> shapes, final ToDoubleFunction<Shape> what) {
            final double[] sorted = shapes.stream().mapToDouble(what).sorted().toArray();
            final int half = sorted.length / 2;
            return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
        }
    }

    /** Adds volume, form, neighbors and place to what is known of a segmentation. */
    public SubjectEvidence addTo(final SubjectEvidence known) {
        final Shape[] shapes = Shape.of(known.labels(), m_structures);
        final double[] volume = new double[shapes.length];
        final double[] form = new double[shapes.length];
        final double[] neighbors = new double[shapes.length];
        final double[] place = new double[shapes.length];
        final float[][] places = Places.of(known.labels(), m_structures);
        for (int s = 0; s < shapes.length; s++) {
            volume[s] = alike(shapes[s].volume(), m_usual[s].volume());
            form[s] = Math.min(alike(shapes[s].surface(), m_usual[s].surface()),
                alike(shapes[s].spread(), m_usual[s].spread()));
            place[s] = Places.overlap(places[s], m_places[s]);
            neighbors[s] = overlap(shapes[s].touching(), m_usual[s].touching());
        }
        return known.with(Evidence.VOLUME, volume).with(Evidence.FORM, form).with(Evidence.NEIGHBORS, neighbors)
            .with(Evidence.PLACE, place);
    }

    /** The smaller as a share of the larger; 1 if both are 0. */
    static double alike(final double a, final double b) {
        return a == b ? 1 : Math.min(a, b) / Math.max(a, b);
    }

    /** What two distributions have in common; 1 if both are empty. */
    private static double overlap(final double[] a, final double[] b) {
        double both = 0;
        double all = 0;
        for (int t = 0; t < a.length; t++) {
            both += Math.min(a[t], b[t]);
            all += Math.max(a[t], b[t]);
        }
        return all == 0 ? 1 : Math.min(1, both);
    }
}
