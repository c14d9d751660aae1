package org.scanbridge.dicom.series;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;

import org.scanbridge.dicom.series.Problem.Effect;
import org.scanbridge.dicom.series.Problem.Kind;

/** The raters of a study: which column the segmentations of each go to, the same in all series. */
public final class RaterKeys {

    private final Raters m_raters;

    private final List<String> m_keys;

    /**
     * @param raters how raters are told apart
     * @param keys what tells the rater of each segmentation of the study; of no meaning where the order of files tells
     */
    public RaterKeys(final Raters raters, final Collection<String> keys) {
        m_raters = raters;
        // the order of columns must not depend on which site writes a folder in which way
        final SortedSet<String> sorted = new TreeSet<>(m_raters.rule() == Raters.Rule.FOLDER
            ? String.CASE_INSENSITIVE_ORDER.thenComparing(Comparator.naturalOrder()) : Comparator.naturalOrder());
        sorted.addAll(keys);
        m_keys = new ArrayList<>();
        for (final String key : byOrder() ? List.<String>of() : sorted) {
            if (indexOf(key) < 0) {
                m_keys.add(key);
            }
        }
    }

    private boolean byOrder() {
        return m_raters.rule() == Raters.Rule.ORDER || m_raters.rule() == Raters.Rule.ONE;
    }

    /** Folders match patterns whatever the case, so they are told apart whatever the case; the first spelling stands for all. */
    private int indexOf(final String key) {
        for (int k = 0; k < m_keys.size(); k++) {
            if (m_raters.rule() == Raters.Rule.FOLDER ? m_keys.get(k).equalsIgnoreCase(key) : m_keys.get(k).equals(key)) {
                return k;
            }
        }
        return -1;
    }

    /**
     * The columns that a segmentation may go to.
     *
     * @return columns from 0, in the order in which they are tried; empty if there is none for its rater
     */
    public List<Integer> columns(final String key) {
        final List<Integer> columns = new ArrayList<>();
        final int own = indexOf(key);
        for (int c = 0; c < m_raters.columns(); c++) {
            if (byOrder() || c == own) {
                columns.add(c);
            }
        }
        return columns;
    }

    /** The row of the problems table for a segmentation that no column is left for. */
    public Problem noColumn(final String path, final String series, final Optional<String> present) {
        final boolean one = m_raters.rule() == Raters.Rule.ONE;
        return new Problem(Kind.SEVERAL_SEGMENTATIONS, Effect.SEGMENTATION_SKIPPED, path, series,
            present.isEmpty() ? "There are " + m_keys.size() + " raters, more than the " + m_raters.columns()
                + " columns for them." : "The image has another segmentation " + (one ? "" : "of this rater ")
                    + "already, with classes of the same names or none: " + present.get() + ".",
            one ? "Keep one segmentation per image in the folder, or choose \"One column per rater\" in \"Several"
                + " segmentations of an image\"." : "Raise \"Raters\", "
                + (m_raters.rule() == Raters.Rule.FOLDER ? "name their folders in \"Folders of raters\", " : "")
                + "or choose something else in \"Raters differ by\".");
    }

    /** Says which column is whose; nothing where there is one rater or their order tells. */
    public void report(final Consumer<Problem> problems) {
        if (byOrder() || m_keys.isEmpty()) {
            return;
        }
        final List<String> words = new ArrayList<>();
        for (int c = 0; c < Math.min(m_keys.size(), m_raters.columns()); c++) {
            words.add("column " + (c + 1) + " holds \"" + m_keys.get(c) + "\"");
        }
        final boolean shown = m_raters.rule() == Raters.Rule.FOLDER || m_raters.rule() == Raters.Rule.NAME;
        // Descriptions are free text, and creators are people.
        problems.accept(new Problem(Kind.SEVERAL_SEGMENTATIONS, Effect.KEPT, "", "", m_keys.size() + " raters were found"
            + (shown ? ": " + String.join(", ", words) + "." : "; their columns are in the order of the alphabet."),
            "Choose something else in \"Raters differ by\" if these are not the raters."));
    }
}
