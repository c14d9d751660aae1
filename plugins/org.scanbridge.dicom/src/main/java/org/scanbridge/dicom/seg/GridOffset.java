package org.scanbridge.dicom.seg;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import org.scanbridge.dicom.series.Plane;
import org.scanbridge.dicom.series.Stack;
import org.scanbridge.imaging.volume.Geometry;

/** How far labels lie off the voxels of an image, in words. */
public final class GridOffset {

    /** Differences that are not worth saying: in mm, degrees, and parts of a spacing. */
    private static final double SMALL = 1e-3;

    private GridOffset() {
    }

    /** Such as {@code its first pixel is 0.50 mm from the nearest voxel, its rows are turned by 2.00°}. */
    static String of(final Plane plane, final Stack stack) {
        final Geometry g = stack.geometry();
        final double[] index = stack.index(plane.x(), plane.y(), plane.z());
        double square = 0;
        for (int c = 0; c < 3; c++) {
            final double off = (index[c] - Math.rint(index[c])) * g.spacing(c);
            square += off * off;
        }
        final Plane.Axes a = plane.axes();
        final double rows = g.angle(a.ix(), a.iy(), a.iz());
        final double columns = g.angle(a.jx(), a.jy(), a.jz());
        final List<String> parts = new ArrayList<>();
        if (Math.sqrt(square) > SMALL) {
            parts.add(String.format(Locale.ROOT, "its first pixel is %.3g mm from the nearest voxel", Math.sqrt(square)));
        }
        if (Math.max(rows, columns) > SMALL) {
            parts.add(String.format(Locale.ROOT, "it is turned by %.3g°", Math.max(rows, columns)));
        }
        final double across = nearest(g, plane.columnSpacing());
        final double down = nearest(g, plane.rowSpacing());
        if (Math.abs(across / plane.columnSpacing() - 1) > SMALL || Math.abs(down / plane.rowSpacing() - 1) > SMALL) {
            parts.add(String.format(Locale.ROOT, "its pixels are %.4g×%.4g mm, the voxels %.4g×%.4g×%.4g mm",
                plane.columnSpacing(), plane.rowSpacing(), g.spacing(0), g.spacing(1), g.spacing(2)));
        }
        return parts.isEmpty() ? "its pixels are off by a small part of a voxel each" : String.join(", ", parts);
    }

    /** How far the middle of one grid lies from that of another, and how it is turned, such as {@code 0.2 mm and 0°}. */
    public static String between(final Geometry labels, final Geometry image) {
        final double angle = image.angle(labels);
        return String.format(Locale.ROOT, "%.3g mm and %.3g°", labels.centerDistance(image), angle < SMALL ? 0 : angle);
    }

    /** Whether the middle of a grid lies in the field of view of another. */
    static boolean holdsMiddle(final Geometry grid, final Geometry other) {
        return isInside(grid.index(other.center()), grid);
    }

    /** Whether a continuous index lies in the field of view of a grid: half a voxel beyond the outer voxel centers at most. */
    static boolean isInside(final double[] index, final Geometry grid) {
        for (int c = 0; c < 3; c++) {
            if (index[c] < -0.5 || index[c] > grid.size(c) - 0.5) {
                return false;
            }
        }
        return true;
    }

    private static double nearest(final Geometry g, final double spacing) {
        double best = g.spacing(0);
        for (int axis = 1; axis < 3; axis++) {
            best = Math.abs(g.spacing(axis) - spacing) < Math.abs(best - spacing) ? g.spacing(axis) : best;
        }
        return best;
    }
}
