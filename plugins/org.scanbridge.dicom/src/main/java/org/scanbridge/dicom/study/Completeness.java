package org.scanbridge.dicom.study;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;

import org.scanbridge.dicom.series.Problem;
import org.scanbridge.dicom.series.Problem.Effect;
import org.scanbridge.dicom.series.Problem.Kind;
import org.scanbridge.dicom.series.SeriesHeader;
import org.scanbridge.dicom.series.Slice;

/**
 * Finds slices that are missing at the ends of a stack, where positions cannot tell: from the numbers of images that
 * headers announce, and from instance numbers. A hint only, for scanners count in different ways; nothing is left out.
 */
final class Completeness {

    private final String m_series;

    private final Consumer<Problem> m_problems;

    /**
     * @param series pseudonymous id of the series
     * @param problems takes what is missing
     */
    Completeness(final String series, final Consumer<Problem> problems) {
        m_series = Objects.requireNonNull(series, "series");
        m_problems = Objects.requireNonNull(problems, "problems");
    }

    /**
     * @param files the files of the series
     * @param volumes number of volumes it makes
     * @param slices all its slices that have a position
     */
    void check(final List<IndexedFile> files, final int volumes, final List<Slice> slices) {
        final Set<String> images = new HashSet<>();
        final Set<String> objects = new HashSet<>();
        final SortedSet<Integer> numbers = new TreeSet<>();
        for (final Slice s : slices) {
            images.add(s.key());
            objects.add(s.sopInstance());
            numbers.add(s.instanceNumber());
        }
        if (objects.size() < images.size()) {
            return; // multi-frame objects are complete in themselves
        }
        final SeriesHeader header = files.get(0).header().orElseThrow();
        final int n = images.size();
        final int acquired = header.announced().images();
        final int perVolume = header.announced().slices();
        final int times = header.announced().times();
        if (n < acquired) {
            report(n, acquired, "Images in Acquisition (0020,1002)");
        } else if (perVolume > 0 && n < perVolume * Math.max(1, times)) {
            report(n, perVolume * Math.max(1, times), times > 1
                ? "Number of Slices (0054,0081) times Number of Temporal Positions (0020,0105)"
                : "Number of Slices (0054,0081)");
        } else if (times > 1 && n % times != 0 && volumes > 1) {
            accept(String.format(Locale.ROOT, "The series has %d images, no multiple of its %d temporal positions"
                + " (0020,0105).", n, times));
        } else if (acquired == 0 && numbers.size() == n && n > 1) {
            checkNumbers(numbers, n);
        }
    }

    /** Numbers without holes but for a few; where they hardly follow each other they tell nothing. */
    private void checkNumbers(final SortedSet<Integer> numbers, final int n) {
        final int first = numbers.first();
        final int span = numbers.last() - first + 1;
        final boolean lateStart = first > 1 && first - 1 <= n / 2 && span == n;
        if (lateStart) {
            accept("The instance numbers run from " + first + " to " + numbers.last() + ": " + (first - 1)
                + " images may be missing before.");
        } else if (span > n && span - n <= n / 4) {
            accept("The instance numbers run from " + first + " to " + numbers.last() + ", but there are " + n
                + " images: " + (span - n) + " may be missing.");
        }
    }

    private void report(final int found, final int announced, final String attribute) {
        accept(found + " of " + announced + " images are there that " + attribute + " announces: "
            + (announced - found) + " may be missing at the ends of the stack.");
    }

    private void accept(final String message) {
        m_problems.accept(new Problem(Kind.INCOMPLETE_SERIES, Effect.KEPT, "", m_series, message,
            "Look whether the archive holds more images of this series; export it again if so."));
    }
}
