package org.scanbridge.imaging.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.scanbridge.imaging.labels.IgnoredVoxels;
import org.scanbridge.imaging.volume.LabelVolume;

/** How often each true class was predicted as each class, counted in one pass over the voxels. */
public final class ConfusionMatrix {

    private static final int LABELS = 256;

    private final List<Integer> m_labels;

    private final long[][] m_counts;

    private ConfusionMatrix(final List<Integer> labels, final long[][] counts) {
        m_labels = labels;
        m_counts = counts;
    }

    /**
     * Counts all label values that occur on either side, and the background.
     *
     * @throws org.scanbridge.imaging.ImagingException if the grids differ
     */
    public static ConfusionMatrix of(final LabelVolume prediction, final LabelVolume truth) {
        return of(prediction, truth, Set.of());
    }

    /**
     * As {@link #of(LabelVolume, LabelVolume)} without the voxels that the truth does not know.
     *
     * @param ignored label values of the truth whose voxels are not counted
     * @throws org.scanbridge.imaging.ImagingException if the grids differ
     */
    public static ConfusionMatrix of(final LabelVolume prediction, final LabelVolume truth, final Set<Integer> ignored) {
        Grids.requireSame(prediction, truth);
        final boolean[] skipped = IgnoredVoxels.skipped(ignored);
        final long[] pairs = new long[LABELS * LABELS];
        for (int v = 0; v < truth.voxels().length; v++) {
            if (skipped[truth.voxels()[v] & 0xff]) {
                continue;
            }
            pairs[(truth.voxels()[v] & 0xff) * LABELS + (prediction.voxels()[v] & 0xff)]++;
        }
        final List<Integer> labels = new ArrayList<>();
        for (int label = 0; label < LABELS; label++) {
            boolean occurs = label == 0;
            for (int other = 0; !occurs && other < LABELS; other++) {
                occurs = pairs[label * LABELS + other] > 0 || pairs[other * LABELS + label] > 0;
            }
            if (occurs) {
                labels.add(label);
            }
        }
        final long[][] counts = new long[labels.size()][labels.size()];
        for (int t = 0; t < counts.length; t++) {
            for (int p = 0; p < counts.length; p++) {
                counts[t][p] = pairs[labels.get(t) * LABELS + labels.get(p)];
            }
        }
        return new ConfusionMatrix(List.copyOf(labels), counts);
    }

    /** The label values, increasing, 0 first. */
    public List<Integer> labels() {
        return m_labels;
    }

    /**
     * Number of voxels of class {@code truth} predicted as class {@code prediction}; 0 for values that do not occur.
     */
    public long count(final int truth, final int prediction) {
        final int t = m_labels.indexOf(truth);
        final int p = m_labels.indexOf(prediction);
        return t < 0 || p < 0 ? 0 : m_counts[t][p];
    }

    /** The counts of one class against all others. */
    public ConfusionCounts of(final int label) {
        return of(Set.of(label));
    }

    /**
     * The counts of a union of classes against all others.
     *
     * @param union label values, in [0, 255]
     */
    public ConfusionCounts of(final Set<Integer> union) {
        long tp = 0;
        long fp = 0;
        long fn = 0;
        long all = 0;
        for (int t = 0; t < m_counts.length; t++) {
            for (int p = 0; p < m_counts.length; p++) {
                final long n = m_counts[t][p];
                final boolean actual = union.contains(m_labels.get(t));
                final boolean predicted = union.contains(m_labels.get(p));
                all += n;
                if (actual && predicted) {
                    tp += n;
                } else if (predicted) {
                    fp += n;
                } else if (actual) {
                    fn += n;
                }
            }
        }
        return new ConfusionCounts(tp, fp, fn, all - tp - fp - fn);
    }
}
