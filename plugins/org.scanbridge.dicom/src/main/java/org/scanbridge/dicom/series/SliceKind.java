package org.scanbridge.dicom.series;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Slices of one series that can lie in one stack: of one orientation, size and pixel spacing, all localizers or none.
 *
 * @param orientation number of the orientation within the series, from 0, in the order of its first slices
 * @param first plane of the first slice
 * @param localizer whether Image Type (0008,0008) says so
 * @param slices the slices
 */
record SliceKind(int orientation, Plane first, boolean localizer, List<Slice> slices) {

    /** Cosine of 5 degrees: normals that differ more are different orientations. */
    private static final double SAME_ORIENTATION = Math.cos(Math.toRadians(5));

    /** Cosine of 45 degrees: the planes of a localizer differ more. */
    private static final double OTHER_SECTION = Math.cos(Math.toRadians(45));

    private static final double SAME_SPACING = 1e-4;

    private static final int SECTIONS = 3;

    /** The kinds in the order of their first slices. */
    static List<SliceKind> kinds(final List<Slice> slices) {
        final List<double[]> normals = new ArrayList<>();
        final List<SliceKind> kinds = new ArrayList<>();
        for (final Slice slice : slices) {
            final Plane p = slice.plane().orElseThrow();
            final boolean scout = isLocalizer(slice);
            kinds.stream().filter(k -> k.localizer == scout && k.holds(p)).findFirst().orElseGet(() -> {
                final double[] n = p.axes().normal();
                int o = 0;
                while (o < normals.size() && dot(normals.get(o), n) <= SAME_ORIENTATION) {
                    o++;
                }
                if (o == normals.size()) {
                    normals.add(n);
                }
                kinds.add(new SliceKind(o, p, scout, new ArrayList<>()));
                return kinds.get(kinds.size() - 1);
            }).slices.add(slice);
        }
        return kinds;
    }

    private static boolean isLocalizer(final Slice slice) {
        final String type = slice.parts().getOrDefault("type", "");
        return type.contains("LOCALIZER") || type.contains("SCOUT");
    }

    private static double dot(final double[] a, final double[] b) {
        return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
    }

    private boolean holds(final Plane p) {
        final Plane.Axes a = first.axes();
        final Plane.Axes b = p.axes();
        return p.columns() == first.columns() && p.rows() == first.rows()
            && Math.abs(p.columnSpacing() / first.columnSpacing() - 1) < SAME_SPACING
            && Math.abs(p.rowSpacing() / first.rowSpacing() - 1) < SAME_SPACING
            && dot(a.normal(), b.normal()) > SAME_ORIENTATION
            && a.ix() * b.ix() + a.iy() * b.iy() + a.iz() * b.iz() > SAME_ORIENTATION;
    }

    /** Whether single slices are the planes of a localizer: up to three, steep to each other. */
    static boolean areSectionPlanes(final List<SliceKind> kinds) {
        for (int a = 0; a < kinds.size(); a++) {
            for (int b = 0; b < a; b++) {
                if (Math.abs(dot(kinds.get(a).first.axes().normal(), kinds.get(b).first.axes().normal())) > OTHER_SECTION) {
                    return false;
                }
            }
        }
        return kinds.size() <= SECTIONS;
    }

    /** Whether all differ in orientation, as slices around an axis and the views of a projection do. */
    static boolean areTurned(final List<SliceKind> kinds) {
        return kinds.stream().mapToInt(SliceKind::orientation).distinct().count() == kinds.size();
    }

    /** All slices of several kinds as one, which makes no stack. */
    static SliceKind mixed(final List<SliceKind> kinds) {
        return new SliceKind(0, kinds.get(0).first, kinds.get(0).localizer,
            kinds.stream().flatMap(k -> k.slices.stream()).toList());
    }

    /** Size, spacing and orientation in words. */
    String description() {
        final Plane.Axes a = first.axes();
        return String.format(Locale.ROOT, "%d×%d pixels of %s×%s mm, rows along %.2f\\%.2f\\%.2f, columns along"
            + " %.2f\\%.2f\\%.2f", first.columns(), first.rows(), rounded(first.columnSpacing()),
            rounded(first.rowSpacing()), a.ix(), a.iy(), a.iz(), a.jx(), a.jy(), a.jz());
    }

    private static String rounded(final double millimeters) {
        return VolumeParts.plain(Math.rint(millimeters * 1e4) / 1e4);
    }

    /** What tells this kind from the others of its series, with a blank at the end; empty if nothing needs to. */
    String name(final List<SliceKind> all) {
        final boolean turned = all.stream().anyMatch(k -> k.orientation != orientation);
        final List<SliceKind> others = all.stream().filter(k -> k != this && k.orientation == orientation).toList();
        final boolean sized =
            others.stream().anyMatch(k -> k.first.columns() != first.columns() || k.first.rows() != first.rows());
        final int same = (int)all.stream().takeWhile(k -> k != this).filter(k -> k.orientation == orientation
            && k.first.columns() == first.columns() && k.first.rows() == first.rows()).count();
        return (turned ? "orientation " + orientation + " " : "")
            + (sized ? "size=" + first.columns() + "×" + first.rows() + " " : "") + (same > 0 ? "kind=" + same + " " : "");
    }
}
