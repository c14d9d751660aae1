package org.scanbridge.dicom.series;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

import org.scanbridge.dicom.series.Problem.Effect;
import org.scanbridge.dicom.series.Problem.Kind;
import org.scanbridge.imaging.volume.Geometry;

/**
 * Orders the slices of a series by position and finds their grid. Order and spacing come from the positions along the
 * normal of the slices (PS3.3 C.7.6.2.1.1), never from Slice Thickness or Instance Number.
 */
public final class StackBuilder {

    /** Slices closer than this, in mm, show the same place. */
    private static final double SAME_PLACE = 1e-2;

    private static final double SAME_AXES = 1e-3;

    private static final double SAME_SPACING = 1e-4;

    /** Largest angle between the line of slice positions and the normal that still counts as rounding, in degrees. */
    private static final double MAX_TILT = 0.5;

    /** Largest angle that a scanner's gantry could have, with much to spare; steeper stacks are spoiled. */
    private static final double MAX_GANTRY = 45;

    /** {@link Geometry} takes direction cosines that are orthonormal to 1e-3. */
    private static final double PERPENDICULAR = 0.9e-3;

    /** Shifts smaller than this part of a voxel do not make the grid larger. */
    private static final double ROUNDING = 1e-3;

    private final String m_series;

    private final ImageRules m_rules;

    private final Consumer<Problem> m_problems;

    /**
     * @param series pseudonymous id of the series, for problems
     * @param rules what to do where slices are missing or sheared
     * @param problems takes what is wrong
     */
    public StackBuilder(final String series, final ImageRules rules, final Consumer<Problem> problems) {
        m_series = Objects.requireNonNull(series, "series");
        m_rules = Objects.requireNonNull(rules, "rules");
        m_problems = Objects.requireNonNull(problems, "problems");
    }

    /**
     * Builds the stack.
     *
     * @param slices slices of one series with planes, at least one, in any order
     * @return empty if they make no stack; the problem says why
     */
    public Optional<Stack> build(final List<Slice> slices) {
        final List<Slice> distinct = new ArrayList<>(slices);
        if (isMixed(distinct)) {
            return Optional.empty();
        }
        final Plane first = plane(distinct.get(0));
        final double[] normal = first.axes().normal();
        distinct.sort(Comparator.<Slice> comparingDouble(s -> plane(s).depth(normal)).thenComparing(Slice::path)
            .thenComparingInt(Slice::frame));
        final int n = distinct.size();
        if (n == 1) {
            final double thickness = distinct.get(0).thickness();
            return stack(first, first, normal, 1, thickness > 0 ? thickness : 1, distinct, new int[1], null);
        }
        final double[] depths = new double[n];
        for (int s = 0; s < n; s++) {
            depths[s] = plane(distinct.get(s)).depth(normal);
        }
        if (hasSamePlaces(distinct, depths) || isTilted(distinct, depths, normal)) {
            return Optional.empty();
        }
        return stack(distinct, depths, normal);
    }

    private static Plane plane(final Slice slice) {
        return slice.plane().orElseThrow();
    }

    private boolean isMixed(final List<Slice> slices) {
        final Map<String, Integer> sizes = new TreeMap<>();
        final Map<String, Integer> spacings = new TreeMap<>();
        final List<Plane.Axes> axes = new ArrayList<>();
        final List<double[]> known = new ArrayList<>();
        for (final Slice slice : slices) {
            final Plane p = plane(slice);
            sizes.merge(p.columns() + "×" + p.rows(), 1, Integer::sum);
            double[] class0 = null;
            for (final double[] k : known) {
                if (Math.abs(k[0] / p.columnSpacing() - 1) < SAME_SPACING
                    && Math.abs(k[1] / p.rowSpacing() - 1) < SAME_SPACING) {
                    class0 = k;
                }
            }
            if (class0 == null) {
                class0 = new double[]{p.columnSpacing(), p.rowSpacing()};
                known.add(class0);
            }
            spacings.merge(class0[0] + "×" + class0[1] + " mm", 1, Integer::sum);
            if (axes.stream().noneMatch(a -> a.isClose(p.axes(), SAME_AXES))) {
                axes.add(p.axes());
            }
        }
        if (sizes.size() == 1 && spacings.size() == 1 && axes.size() == 1) {
            return false;
        }
        final Slice odd = slices.stream().filter(s -> !isLike(plane(s), plane(slices.get(0)))).findFirst().orElseThrow();
        final String what = sizes.size() > 1 ? "sizes: " + counts(sizes)
            : spacings.size() > 1 ? "pixel spacings: " + counts(spacings) : String.format(Locale.ROOT,
                "%d different orientations, up to %.2f° apart", axes.size(), largestAngle(axes));
        skip(Kind.MIXED_GEOMETRY, odd, "The " + slices.size() + " slices of the series mix " + what + ".",
            "Keep one kind of slices in the folder, or export the series again.");
        return true;
    }

    private static boolean isLike(final Plane p, final Plane q) {
        return p.columns() == q.columns() && p.rows() == q.rows()
            && Math.abs(p.columnSpacing() / q.columnSpacing() - 1) < SAME_SPACING
            && Math.abs(p.rowSpacing() / q.rowSpacing() - 1) < SAME_SPACING && p.axes().isClose(q.axes(), SAME_AXES);
    }

    /** Largest angle between the rows, or between the columns, of the first and of another orientation in degrees. */
    private static double largestAngle(final List<Plane.Axes> axes) {
        final Plane.Axes a = axes.get(0);
        double least = 1;
        for (final Plane.Axes b : axes) {
            least = Math.min(least, Math.min(a.ix() * b.ix() + a.iy() * b.iy() + a.iz() * b.iz(),
                a.jx() * b.jx() + a.jy() * b.jy() + a.jz() * b.jz()));
        }
        return Math.toDegrees(Math.acos(Math.max(-1, least)));
    }

    private static String counts(final Map<String, Integer> classes) {
        final List<String> parts = new ArrayList<>();
        classes.forEach((name, count) -> parts.add(name + " (" + count + " slices)"));
        return String.join(", ", parts);
    }

    private boolean hasSamePlaces(final List<Slice> slices, final double[] depths) {
        int count = 0;
        int at = 0;
        for (int s = 1; s < depths.length; s++) {
            if (depths[s] - depths[s - 1] < SAME_PLACE) {
                count++;
                at = s;
            }
        }
        if (count > 0) {
            m_problems.accept(new Problem(Kind.DUPLICATE_SLICE, Effect.SERIES_SKIPPED, slices.get(at).path(), m_series,
                count + " of " + depths.length + " slices lie where another one lies, such as " + slices.get(at).path()
                    + " and " + slices.get(at - 1).path() + ".",
                "Keep one file per position; several volumes (echoes, time points) in one series must be told apart by"
                    + " their headers."));
        }
        return count > 0;
    }

    private boolean isTilted(final List<Slice> slices, final double[] depths, final double[] normal) {
        final Plane a = plane(slices.get(0));
        final Plane b = plane(slices.get(slices.size() - 1));
        final double depth = depths[depths.length - 1] - depths[0];
        final double[] shift = new double[3];
        final double[] d = {b.x() - a.x(), b.y() - a.y(), b.z() - a.z()};
        for (int c = 0; c < 3; c++) {
            shift[c] = d[c] - depth * normal[c];
        }
        final double angle = Math.toDegrees(Math.atan2(norm(shift), depth));
        if (angle > MAX_TILT) {
            final String message = String.format(Locale.ROOT, "The stack is sheared by %.1f° (gantry tilt): its slices do"
                + " not lie behind each other along their normal.", angle);
            if (m_rules.tilt() == TiltRule.SKIP || angle > MAX_GANTRY) {
                skip(Kind.GANTRY_TILT, slices.get(0), message, angle > MAX_GANTRY ? "Export the series again."
                    : "Choose \"Straighten\" for \"Tilted slices\", or resample the series to an upright grid before.");
                return true;
            }
            keep(Kind.GANTRY_TILT, slices.get(0), message,
                "The slices were shifted by linear interpolation to lie behind each other.");
        }
        final double limit = 0.5 * Math.min(a.columnSpacing(), a.rowSpacing());
        for (int s = 0; s < depths.length; s++) {
            final Plane p = plane(slices.get(s));
            final double t = (depths[s] - depths[0]) / depth;
            final double off = norm(p.x() - a.x() - t * d[0], p.y() - a.y() - t * d[1], p.z() - a.z() - t * d[2]);
            if (off > limit) {
                m_problems.accept(new Problem(Kind.MIXED_GEOMETRY, Effect.SERIES_SKIPPED, slices.get(s).path(), m_series,
                    String.format(Locale.ROOT, "Slice %d of %d is shifted by %.1f mm within its plane.", s + 1,
                        depths.length, off),
                    "Export the series again."));
                return true;
            }
        }
        return false;
    }

    private static double norm(final double... v) {
        return Math.sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
    }

    private Optional<Stack> stack(final List<Slice> slices, final double[] depths, final double[] normal) {
        final int n = depths.length;
        final double[] steps = new double[n - 1];
        for (int s = 1; s < n; s++) {
            steps[s - 1] = depths[s] - depths[s - 1];
        }
        final double[] sorted = steps.clone();
        java.util.Arrays.sort(sorted);
        final EvenGrid grid = EvenGrid.of(depths);
        final double spacing = grid.spacing();
        final int[] planes = grid.places();
        final List<String> gaps = new ArrayList<>();
        final int total = planes[n - 1] + 1;
        final Plane first = plane(slices.get(0));
        final Plane last = plane(slices.get(n - 1));
        if (!grid.regular()) {
            final String message = String.format(Locale.ROOT,
                "The distances between slices vary from %.2f to %.2f mm and are no multiples of one spacing; slice %d of %d is"
                    + " farthest from an even grid of %.3g mm.",
                sorted[0], sorted[sorted.length - 1], grid.worst() + 1, n, spacing);
            if (m_rules.gaps() != GapRule.ACCEPT) {
                skip(Kind.IRREGULAR_SPACING, slices.get(grid.worst()), message,
                    "Choose \"Accept\" for \"Missing slices\" to stack them evenly all the same.");
                return Optional.empty();
            }
            keep(Kind.IRREGULAR_SPACING, slices.get(grid.worst()), message, "Positions in the volume are approximate.");
            return evenly(slices, depths, normal);
        }
        if (total > n) {
            Slice before = null;
            for (int s = n - 1; s > 0; s--) {
                before = planes[s] - planes[s - 1] > 1 ? slices.get(s - 1) : before;
            }
            for (int s = 1; s < n; s++) {
                if (planes[s] - planes[s - 1] > 1) {
                    gaps.add(gap(planes[s - 1], planes[s], total, steps[s - 1], spacing));
                }
            }
            final String message = String.join("; ", gaps.subList(0, Math.min(3, gaps.size())))
                + (gaps.size() > 3 ? "; and " + (gaps.size() - 3) + " more gaps" : "");
            if (m_rules.gaps() == GapRule.SKIP) {
                skip(Kind.MISSING_SLICE, before, message,
                    "Add the missing file, or choose \"Fill gaps\" for \"Missing slices\".");
                return Optional.empty();
            }
            if (m_rules.gaps() == GapRule.FILL && total - n > n) {
                skip(Kind.MISSING_SLICE, before, message, "More slices are missing than there are: add the missing files.");
                return Optional.empty();
            }
            keep(Kind.MISSING_SLICE, before, message, m_rules.gaps() == GapRule.FILL
                ? "The gap was filled by interpolation. Add the missing file to be exact."
                : "The slices were stacked evenly. Add the missing file to be exact.");
            if (m_rules.gaps() == GapRule.ACCEPT) {
                return evenly(slices, depths, normal);
            }
        }
        return stack(first, last, normal, total, Double.NaN, slices, planes, null);
    }

    private static String gap(final int before, final int after, final int total, final double step,
        final double spacing) {
        final String which = after - before == 2 ? "slice " + (before + 2) + " of " + total + " is missing"
            : "slices " + (before + 2) + " to " + after + " of " + total + " are missing";
        return String.format(Locale.ROOT, "%s (gap of %.1f mm where spacing is %.1f mm)", which, step, spacing);
    }

    private Optional<Stack> evenly(final List<Slice> slices, final double[] depths, final double[] normal) {
        final int n = depths.length;
        final int[] planes = new int[n];
        final double[] fromFirst = new double[n];
        for (int s = 0; s < n; s++) {
            planes[s] = s;
            fromFirst[s] = depths[s] - depths[0];
        }
        return stack(plane(slices.get(0)), plane(slices.get(n - 1)), normal, n, Double.NaN, slices, planes, fromFirst);
    }

    private Optional<Stack> stack(final Plane first, final Plane last, final double[] normal, final int planes,
        final double thickness, final List<Slice> slices, final int[] planeOf, final double[] depths) {
        try {
            final Geometry grid = geometry(first, last, normal, planes, thickness);
            if (!isSheared(first, last, normal)) {
                return Optional.of(new Stack(grid, slices, planeOf, depths, null, m_rules));
            }
            return Optional.of(sheared(grid, slices, planeOf, depths));
        } catch (final IllegalArgumentException e) {
            skip(Kind.MIXED_GEOMETRY, slices.get(0), "The slices make no grid: " + e.getMessage() + ".",
                "Export the series again.");
            return Optional.empty();
        }
    }

    private static boolean isSheared(final Plane first, final Plane last, final double[] normal) {
        final double depth = last.depth(normal) - first.depth(normal);
        final double[] d = {last.x() - first.x(), last.y() - first.y(), last.z() - first.z()};
        return depth > 0 && Math.toDegrees(Math.atan2(
            norm(d[0] - depth * normal[0], d[1] - depth * normal[1], d[2] - depth * normal[2]), depth)) > MAX_TILT;
    }

    /** The grid along the normal, as much larger as the slices are shifted. */
    private Stack sheared(final Geometry grid, final List<Slice> slices, final int[] planeOf, final double[] depths) {
        final double[][] shifts = {shifts(grid, slices, planeOf, 0), shifts(grid, slices, planeOf, 1)};
        final int[] size = grid.size();
        final double[] start = new double[2];
        for (int axis = 0; axis < 2; axis++) {
            double low = 0;
            double high = 0;
            for (final double shift : shifts[axis]) {
                low = Math.min(low, shift);
                high = Math.max(high, shift);
            }
            start[axis] = Math.floor(low + ROUNDING);
            size[axis] += (int)(Math.ceil(high - ROUNDING) - start[axis]);
            for (int k = 0; k < shifts[axis].length; k++) {
                shifts[axis][k] -= start[axis];
            }
        }
        return new Stack(new Geometry(size, grid.spacing(), grid.position(start[0], start[1], 0), grid.direction()), slices,
            planeOf, depths, new Shear(grid.size(0), grid.size(1), size[0], size[1], shifts[0], shifts[1]), m_rules);
    }

    /** How far each plane of the grid is shifted along an axis in voxels; in gaps as far as halfway between neighbors. */
    private static double[] shifts(final Geometry grid, final List<Slice> slices, final int[] planeOf, final int axis) {
        final double[] shifts = new double[grid.size(2)];
        for (int s = 0; s < planeOf.length; s++) {
            final Plane p = plane(slices.get(s));
            shifts[planeOf[s]] = grid.index(p.x(), p.y(), p.z())[axis];
            for (int k = s == 0 ? 0 : planeOf[s - 1] + 1; k < planeOf[s]; k++) {
                final double before = shifts[planeOf[s - 1]];
                shifts[k] = before
                    + (shifts[planeOf[s]] - before) * (k - planeOf[s - 1]) / (planeOf[s] - planeOf[s - 1]);
            }
        }
        return shifts;
    }

    /**
     * The grid from the first to the last plane. Its k axis is the line from the first to the last position where that
     * is perpendicular enough, so that positions agree with the headers at both ends; else the normal.
     */
    private static Geometry geometry(final Plane first, final Plane last, final double[] normal, final int planes,
        final double thickness) {
        final Plane.Axes a = first.axes();
        final double[] d = {last.x() - first.x(), last.y() - first.y(), last.z() - first.z()};
        double[] k = normal;
        double spacing = thickness;
        if (planes > 1) {
            final double length = norm(d);
            final double[] line = {d[0] / length, d[1] / length, d[2] / length};
            final double withI = line[0] * a.ix() + line[1] * a.iy() + line[2] * a.iz();
            final double withJ = line[0] * a.jx() + line[1] * a.jy() + line[2] * a.jz();
            final boolean perpendicular = Math.abs(withI) < PERPENDICULAR && Math.abs(withJ) < PERPENDICULAR;
            k = perpendicular ? line : normal;
            spacing = (perpendicular ? length : last.depth(normal) - first.depth(normal)) / (planes - 1);
        }
        return new Geometry(new int[]{first.columns(), first.rows(), planes},
            new double[]{first.columnSpacing(), first.rowSpacing(), spacing},
            new double[]{first.x(), first.y(), first.z()},
            new double[]{a.ix(), a.iy(), a.iz(), a.jx(), a.jy(), a.jz(), k[0], k[1], k[2]});
    }

    private void skip(final Kind kind, final Slice at, final String message, final String remedy) {
        m_problems.accept(new Problem(kind, Effect.SERIES_SKIPPED, at.path(), m_series, message, remedy));
    }

    private void keep(final Kind kind, final Slice at, final String message, final String remedy) {
        m_problems.accept(new Problem(kind, Effect.KEPT, at.path(), m_series, message, remedy));
    }
}
