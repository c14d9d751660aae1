package org.scanbridge.dicom.seg;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

import org.scanbridge.dicom.seg.LabelPainter.Placement;
import org.scanbridge.dicom.series.Plane;
import org.scanbridge.imaging.volume.Geometry;

/**
 * The grid that the frames of a segmentation make by themselves, where they do not lie on the voxels of the image. Frames
 * are parallel, lie behind each other, and their distances are multiples of one spacing; slices without a frame are empty.
 *
 * @param geometry the grid, k along the normal of the frames; LPS, mm
 * @param placements where each frame lies on it
 */
record SegmentationGrid(Geometry geometry, List<Placement> placements) {

    /** Directions that differ by less are parallel: cosines of headers carry so many decimals. */
    private static final double PARALLEL = 1e-4;

    /** Largest distance of a frame from its place, in voxels. */
    private static final double OFF_GRID = 0.1;

    /** The smallest gap is that many slices at most, where the spacing is not told. */
    private static final int MAX_STEP = 5;

    private static final int MAX_SLICES = 1 << 14;

    /**
     * Fits a grid.
     *
     * @param thickness spacing of a single slice in mm, which has no neighbor to tell it; above 0
     * @return empty if a frame has no position, or the frames make no grid
     */
    static Optional<SegmentationGrid> of(final Segmentation segmentation, final double thickness) {
        if (segmentation.frames().isEmpty() || segmentation.frames().stream().anyMatch(f -> f.plane().isEmpty())) {
            return Optional.empty();
        }
        final List<Plane> planes = segmentation.frames().stream().map(f -> f.plane().orElseThrow()).toList();
        final Plane first = planes.get(0);
        final Plane.Axes a = first.axes();
        final double[] normal = a.normal();
        final SortedSet<Double> depths = new TreeSet<>();
        for (final Plane p : planes) {
            final double i = ((p.x() - first.x()) * a.ix() + (p.y() - first.y()) * a.iy() + (p.z() - first.z()) * a.iz())
                / first.columnSpacing();
            final double j = ((p.x() - first.x()) * a.jx() + (p.y() - first.y()) * a.jy() + (p.z() - first.z()) * a.jz())
                / first.rowSpacing();
            if (!p.axes().isClose(a, PARALLEL) || Math.abs(p.columnSpacing() / first.columnSpacing() - 1) > PARALLEL
                || Math.abs(p.rowSpacing() / first.rowSpacing() - 1) > PARALLEL || Math.abs(i) > OFF_GRID
                || Math.abs(j) > OFF_GRID) {
                return Optional.empty();
            }
            depths.add(p.depth(normal));
        }
        final double low = depths.first();
        final double spacing = spacing(depths, segmentation.sliceSpacing(), thickness);
        final double slices = Math.rint((depths.last() - low) / spacing) + 1;
        if (!(spacing > 0) || slices > MAX_SLICES) {
            return Optional.empty();
        }
        final List<Placement> placements = new ArrayList<>();
        for (final Plane p : planes) {
            placements.add(new Placement(new int[]{0, 0, (int)Math.rint((p.depth(normal) - low) / spacing)},
                new int[]{1, 0, 0}, new int[]{0, 1, 0}));
        }
        final double down = first.depth(normal) - low;
        final double[] origin = {first.x() - down * normal[0], first.y() - down * normal[1], first.z() - down * normal[2]};
        return Optional.of(new SegmentationGrid(new Geometry(new int[]{first.columns(), first.rows(), (int)slices},
            new double[]{first.columnSpacing(), first.rowSpacing(), spacing}, origin,
            new double[]{a.ix(), a.iy(), a.iz(), a.jx(), a.jy(), a.jz(), normal[0], normal[1], normal[2]}), placements));
    }

    /** The largest spacing of which all distances are multiples; 0 if there is none. */
    private static double spacing(final SortedSet<Double> depths, final double told, final double thickness) {
        double smallest = Double.POSITIVE_INFINITY;
        double before = Double.NaN;
        for (final double d : depths) {
            final double gap = d - before;
            // the same slice, but for rounding, has a frame for each segment
            if (gap > PARALLEL) {
                smallest = Math.min(smallest, gap);
            }
            before = d;
        }
        if (Double.isInfinite(smallest)) {
            return thickness;
        }
        if (told > 0 && fits(depths, told)) {
            return told;
        }
        for (int step = 1; step <= MAX_STEP; step++) {
            if (fits(depths, smallest / step)) {
                return smallest / step;
            }
        }
        return 0;
    }

    private static boolean fits(final SortedSet<Double> depths, final double spacing) {
        return depths.stream().allMatch(d -> {
            final double place = (d - depths.first()) / spacing;
            return Math.abs(place - Math.rint(place)) <= OFF_GRID;
        });
    }
}
