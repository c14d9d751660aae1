package org.scanbridge.dicom.seg;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

import org.scanbridge.dicom.data.DicomException;
import org.scanbridge.dicom.data.DicomFile;
import org.scanbridge.dicom.pixel.DicomDecoder;
import org.scanbridge.dicom.pixel.PixelReader;
import org.scanbridge.dicom.pixel.ValueMapping;
import org.scanbridge.dicom.seg.LabelPainter.Placement;
import org.scanbridge.dicom.series.Plane;
import org.scanbridge.dicom.series.Problem;
import org.scanbridge.dicom.series.Problem.Effect;
import org.scanbridge.dicom.series.Problem.Kind;
import org.scanbridge.dicom.series.Stack;
import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.labels.CombinedLabels;
import org.scanbridge.imaging.labels.OverlapRule;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.VolumeInfo;

/**
 * Puts the frames of a segmentation onto the grid of the image it refers to. Each frame is placed by its own position
 * and orientation; where it or the image has none, as radiographs have, by its source image, whose pixels it must have.
 * Frames may be mirrored or turned by right angles against the image. Where a pixel meets no voxel of the image, the
 * segmentation is put onto the grid of its own frames.
 */
public final class SegmentationReader {

    /** Largest distance of a pixel from its voxel, in voxels. */
    private static final double OFF_GRID = 0.1;

    /** How a segmentation on a grid of its own gets onto that of its image. */
    static final String OTHER_GRID = "Bring it onto the grid of the image with the Volume Resampler: resample segmentations only,"
        + " and choose the grid of a column, that of the image.";

    /** Pairs of overlapping segments that a message names. */
    private static final int MAX_PAIRS = 3;

    private final PixelReader m_pixels;

    private final OverlapRule m_overlap;

    /**
     * @param decoder decodes the pixel data
     * @param overlap which segment has a voxel that several claim
     */
    public SegmentationReader(final DicomDecoder decoder, final OverlapRule overlap) {
        m_pixels = new PixelReader(decoder);
        m_overlap = Objects.requireNonNull(overlap, "overlap");
    }

    /**
     * Reads a segmentation.
     *
     * @param segmentation its header
     * @param stack the image it refers to
     * @param info of the image, for the result and for problems
     * @param problems takes what is wrong
     * @return empty if it cannot be used; the problem says why
     * @throws IOException if its file cannot be read or decoded
     */
    public Optional<LabelVolume> read(final Segmentation segmentation, final Stack stack, final VolumeInfo info,
        final Consumer<Problem> problems) throws IOException {
        final Optional<String> defect = segmentation.labelDefect();
        if (defect.isPresent()) {
            problems.accept(skipped(Kind.LABEL_OUT_OF_RANGE, segmentation, info, defect.get(),
                "Number the segments from 1 to 255 and describe each in the Segment Sequence."));
            return Optional.empty();
        }
        final Attempt onImage = onImage(segmentation, stack, info, problems);
        if (onImage.done) {
            return onImage.labels;
        }
        final Optional<SegmentationGrid> own = SegmentationGrid.of(segmentation, stack.geometry().spacing(2));
        if (own.isPresent()) {
            final Geometry grid = own.get().geometry();
            final List<Problem> found = new ArrayList<>();
            final Attempt attempt =
                fill(segmentation, own.get().placements(), grid.size(), (p, v) -> v, grid, info, found::add);
            if (attempt.labels.isEmpty() || isInside(attempt.labels.get(), stack.geometry())) {
                found.forEach(problems);
                attempt.labels.ifPresent(l -> problems.accept(new Problem(Kind.SEGMENTATION_GEOMETRY, Effect.KEPT,
                    segmentation.path(), info.series(), onImage.reason + " It is handed on on a grid of its own (" + grid
                        + ").", OTHER_GRID)));
                return attempt.labels;
            }
        }
        problems.accept(skipped(Kind.SEGMENTATION_GEOMETRY, segmentation, info, onImage.reason,
            "Add the missing image slices, or resample the segmentation to the grid of the image."));
        return Optional.empty();
    }

    /**
     * What came of putting frames onto a grid.
     *
     * @param done whether there is a result, if only a problem that was reported; else the reason is told
     */
    private record Attempt(boolean done, Optional<LabelVolume> labels, String reason) {

        static Attempt failed(final String reason) {
            return new Attempt(false, Optional.empty(), reason);
        }

        static Attempt done(final Optional<LabelVolume> labels) {
            return new Attempt(true, labels, "");
        }
    }

    /** Turns label values by the slices into those of a grid. */
    @FunctionalInterface
    private interface Finish {
        byte[] apply(LabelPainter painter, byte[] labels);
    }

    private Attempt onImage(final Segmentation segmentation, final Stack stack, final VolumeInfo info,
        final Consumer<Problem> problems) throws IOException {
        final List<Placement> placements = new ArrayList<>();
        for (int f = 0; f < segmentation.frames().size(); f++) {
            final Optional<Placement> placement = placement(segmentation, f, stack);
            if (placement.isEmpty()) {
                return Attempt.failed(isBySource(segmentation.frames().get(f), stack) && !hasPixelsOf(segmentation, stack)
                    ? "The frames have " + segmentation.format().columns() + " x " + segmentation.format().rows()
                        + " pixels and no place in the patient, the image has " + stack.sliceGrid()[0] + " x "
                        + stack.sliceGrid()[1] + "." :
                    "Frame " + (f + 1) + " of " + segmentation.frames().size()
                    + " does not lie on the voxels of the image (" + stack.geometry() + ")"
                    + segmentation.frames().get(f).plane().map(p -> ": " + GridOffset.of(p, stack)).orElse("") + ".");
            }
            placements.add(placement.get());
        }
        return fill(segmentation, placements, stack.sliceGrid(), (painter, labels) -> onStack(painter, labels, stack),
            stack.geometry(), info, problems);
    }

    /** Planes that stand for missing slices take the labels of the nearest slice unless a frame shows some there. */
    private static byte[] onStack(final LabelPainter painter, final byte[] labels, final Stack stack) {
        final int[] size = stack.sliceGrid();
        final int plane = size[0] * size[1];
        for (int k = 0; k < size[2]; k++) {
            if (!painter.isShown(k) && !stack.hasSlice(k)) {
                System.arraycopy(labels, stack.plane(stack.nearestSlice(k)) * plane, labels, k * plane, plane);
            }
        }
        return stack.toGrid(labels);
    }

    /** Whether a labeled voxel lies in the field of view of an image, so that resampling leaves something. */
    private static boolean isInside(final LabelVolume labels, final Geometry image) {
        final Geometry g = labels.geometry();
        for (int k = 0, v = 0; k < g.size(2); k++) {
            for (int j = 0; j < g.size(1); j++) {
                for (int i = 0; i < g.size(0); i++) {
                    if (labels.voxels()[v++] != 0 && GridOffset.isInside(image.index(g.position(i, j, k)), image)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private static Problem skipped(final Kind kind, final Segmentation segmentation, final VolumeInfo info,
        final String message, final String remedy) {
        return new Problem(kind, Effect.SEGMENTATION_SKIPPED, segmentation.path(), info.series(), message, remedy);
    }

    private static Optional<Placement> placement(final Segmentation segmentation, final int index, final Stack stack) {
        final SegmentationFrame frame = segmentation.frames().get(index);
        return !isBySource(frame, stack) ? placement(frame.plane().orElseThrow(), stack)
            : hasPixelsOf(segmentation, stack) ? bySource(segmentation, frame, stack) : Optional.empty();
    }

    /** Whether the frame or the image has no place in the patient. */
    private static boolean isBySource(final SegmentationFrame frame, final Stack stack) {
        return frame.plane().isEmpty() || stack.slices().get(0).plane().isEmpty();
    }

    private static boolean hasPixelsOf(final Segmentation segmentation, final Stack stack) {
        return segmentation.format().columns() == stack.sliceGrid()[0] && segmentation.format().rows() == stack.sliceGrid()[1];
    }

    /** A frame that names no image shows the only one that the segmentation refers to at all. */
    private static Optional<Placement> bySource(final Segmentation segmentation, final SegmentationFrame frame,
        final Stack stack) {
        final Set<String> sources = frame.sources().isEmpty() && segmentation.sources().size() == 1 ? segmentation.sources()
            : frame.sources();
        for (int s = 0; s < stack.slices().size(); s++) {
            // Tiles of a mosaic share their object, so it does not tell their place.
            if (stack.slices().get(s).tile() < 0 && sources.contains(stack.slices().get(s).sopInstance())) {
                return Optional.of(
                    new Placement(new int[]{0, 0, stack.plane(s)}, new int[]{1, 0, 0}, new int[]{0, 1, 0}));
            }
        }
        return Optional.empty();
    }

    private static Optional<Placement> placement(final Plane p, final Stack stack) {
        final double[] start = stack.index(p.x(), p.y(), p.z());
        final double[] column = difference(stack.index(at(p, 1, 0)), start);
        final double[] row = difference(stack.index(at(p, 0, 1)), start);
        final double[] corner = stack.index(at(p, p.columns() - 1, p.rows() - 1));
        final Placement rounded = new Placement(rounded(start), rounded(column), rounded(row));
        for (int c = 0; c < 3; c++) {
            final int expected =
                rounded.start()[c] + (p.columns() - 1) * rounded.column()[c] + (p.rows() - 1) * rounded.row()[c];
            if (Math.abs(start[c] - rounded.start()[c]) > OFF_GRID || Math.abs(corner[c] - expected) > OFF_GRID) {
                return Optional.empty();
            }
        }
        return isUnit(rounded.column()) && isUnit(rounded.row()) ? Optional.of(rounded) : Optional.empty();
    }

    private static double[] at(final Plane p, final int column, final int row) {
        final Plane.Axes a = p.axes();
        final double i = column * p.columnSpacing();
        final double j = row * p.rowSpacing();
        return new double[]{p.x() + i * a.ix() + j * a.jx(), p.y() + i * a.iy() + j * a.jy(),
            p.z() + i * a.iz() + j * a.jz()};
    }

    private static double[] difference(final double[] a, final double[] b) {
        return new double[]{a[0] - b[0], a[1] - b[1], a[2] - b[2]};
    }

    private static int[] rounded(final double[] a) {
        return new int[]{(int)Math.round(a[0]), (int)Math.round(a[1]), (int)Math.round(a[2])};
    }

    private static boolean isUnit(final int[] step) {
        return Math.abs(step[0]) + Math.abs(step[1]) + Math.abs(step[2]) == 1;
    }

    private Attempt fill(final Segmentation segmentation, final List<Placement> placements, final int[] size,
        final Finish finish, final Geometry grid, final VolumeInfo info, final Consumer<Problem> problems)
        throws IOException {
        LabelPainter painter = new LabelPainter(segmentation, size,
            m_overlap.paintingOrder(known(segmentation, Map.of())), m_overlap == OverlapRule.KEEP_ALL);
        final Optional<CombinedLabels.Result> combined;
        try (DicomFile file = DicomFile.open(segmentation.file())) {
            final Optional<String> outside = paint(file, segmentation, placements, painter, grid);
            if (outside.isPresent()) {
                return Attempt.failed(outside.get());
            }
            if (m_overlap == OverlapRule.SMALLER && !painter.overlaps().isEmpty()) {
                // Only now the sizes of all segments are known.
                painter = new LabelPainter(segmentation, size,
                    m_overlap.paintingOrder(known(segmentation, painter.sizes())), false);
                paint(file, segmentation, placements, painter, grid);
            }
            combined = painter.combined();
        } catch (final DicomException e) {
            problems.accept(skipped(Kind.UNREADABLE_FILE, segmentation, info,
                "The pixel data of the segmentation cannot be read: " + e.getMessage() + ".", "Export it again."));
            return Attempt.done(Optional.empty());
        } catch (final ImagingException e) {
            problems.accept(skipped(Kind.LABEL_OUT_OF_RANGE, segmentation, info, e.getMessage(),
                Overlaps.tooMany(Overlaps.SEGMENTS)));
            return Attempt.done(Optional.empty());
        }
        if (!painter.undescribed().isEmpty()) {
            problems.accept(skipped(Kind.LABEL_OUT_OF_RANGE, segmentation, info, "Label values " + painter.undescribed()
                + " occur, which the segmentation does not describe or which exceed 255.",
                "Describe each value in the Segment Sequence."));
            return Attempt.done(Optional.empty());
        }
        if (combined.isPresent()) {
            Overlaps.report(combined.get(), "Segments", Overlaps.SEGMENTS, segmentation.path(), info, problems);
            return Attempt.done(Optional.of(new LabelVolume(finish.apply(painter, combined.get().voxels()), grid, info,
                combined.get().labels())));
        }
        reportOverlaps(painter, segmentation, info, problems);
        return Attempt.done(
            Optional.of(new LabelVolume(finish.apply(painter, painter.labels()), grid, info, segmentation.labels())));
    }

    /** The sizes of all segments, as far as they are known. */
    private static Map<Integer, Long> known(final Segmentation segmentation, final Map<Integer, Long> sizes) {
        final Map<Integer, Long> all = new TreeMap<>();
        segmentation.segments().forEach(s -> all.put(s.number(), sizes.getOrDefault(s.number(), 0L)));
        return all;
    }

    /** @return what lies outside; empty if nothing does */
    private Optional<String> paint(final DicomFile file, final Segmentation segmentation, final List<Placement> placements,
        final LabelPainter painter, final Geometry grid) throws IOException {
        final float[] pixels = new float[segmentation.format().framePixels()];
        for (int f = 0; f < placements.size(); f++) {
            m_pixels.read(file, segmentation.format(), ValueMapping.linear(1, 0), f, pixels, 0);
            final int outside = painter.paint(pixels, segmentation.format().columns(), placements.get(f),
                segmentation.frames().get(f).segment());
            if (outside > 0) {
                return Optional.of("Frame " + (f + 1) + " of " + placements.size() + " marks " + outside
                    + " pixels outside the image (" + grid + ").");
            }
        }
        return Optional.empty();
    }

    private void reportOverlaps(final LabelPainter painter, final Segmentation segmentation,
        final VolumeInfo info, final Consumer<Problem> problems) {
        if (!painter.overlaps().isEmpty()) {
            final List<String> pairs = painter.overlaps().entrySet().stream().limit(MAX_PAIRS)
                .map(e -> e.getKey() + " in " + e.getValue() + " voxels").toList();
            problems.accept(new Problem(Kind.SEGMENTATION_OVERLAP, Effect.KEPT, segmentation.path(), info.series(),
                "Segments overlap: " + String.join(", ", pairs) + "; " + m_overlap.words() + " was taken.",
                Overlaps.change(Overlaps.SEGMENTS)));
        }
    }

    /** Whether every frame with a position lies on the grid of an image. */
    public static boolean fits(final Segmentation segmentation, final Stack stack) {
        return segmentation.frames().stream()
            .allMatch(f -> !isBySource(f, stack) && placement(f.plane().orElseThrow(), stack).isPresent());
    }
}
