package org.scanbridge.dicom.seg;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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
import org.scanbridge.imaging.labels.OverlapRule;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.VolumeInfo;

/**
 * Puts the frames of a segmentation onto the grid of the image it refers to. Each frame is placed by its own position
 * and orientation; where it has none, by its source image. Frames may be mirrored or turned by right angles against the
 * image, but every pixel must meet a voxel.
 */
public final class SegmentationReader {

    /** Largest distance of a pixel from its voxel, in voxels. */
    private static final double OFF_GRID = 0.1;

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
        final List<Placement> placements = new ArrayList<>();
        for (int f = 0; f < segmentation.frames().size(); f++) {
            final Optional<Placement> placement = placement(segmentation.frames().get(f), stack);
            if (placement.isEmpty()) {
                problems.accept(skipped(Kind.SEGMENTATION_GEOMETRY, segmentation, info,
                    "Frame " + (f + 1) + " of " + segmentation.frames().size()
                        + " does not lie on the voxels of the image (" + stack.geometry() + ")"
                        + segmentation.frames().get(f).plane().map(p -> ": " + GridOffset.of(p, stack)).orElse("") + ".",
                    "Resample the segmentation to the grid of the image."));
                return Optional.empty();
            }
            placements.add(placement.get());
        }
        return fill(segmentation, placements, stack, info, problems);
    }

    private static Problem skipped(final Kind kind, final Segmentation segmentation, final VolumeInfo info,
        final String message, final String remedy) {
        return new Problem(kind, Effect.SEGMENTATION_SKIPPED, segmentation.path(), info.series(), message, remedy);
    }

    private static Optional<Placement> placement(final SegmentationFrame frame, final Stack stack) {
        final Optional<Plane> own = frame.plane();
        if (own.isEmpty()) {
            for (int s = 0; s < stack.slices().size(); s++) {
                // Tiles of a mosaic share their object, so it does not tell their place.
                if (stack.slices().get(s).tile() < 0 && frame.sources().contains(stack.slices().get(s).sopInstance())) {
                    return Optional.of(
                        new Placement(new int[]{0, 0, stack.plane(s)}, new int[]{1, 0, 0}, new int[]{0, 1, 0}));
                }
            }
            return Optional.empty();
        }
        final Plane p = own.get();
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

    private Optional<LabelVolume> fill(final Segmentation segmentation, final List<Placement> placements,
        final Stack stack, final VolumeInfo info, final Consumer<Problem> problems) throws IOException {
        LabelPainter painter = new LabelPainter(segmentation, stack,
            m_overlap.paintingOrder(known(segmentation, Map.of())));
        try (DicomFile file = DicomFile.open(segmentation.file())) {
            if (!paint(file, segmentation, placements, painter, stack, info, problems)) {
                return Optional.empty();
            }
            if (m_overlap == OverlapRule.SMALLER && !painter.overlaps().isEmpty()) {
                // Only now the sizes of all segments are known.
                painter = new LabelPainter(segmentation, stack,
                    m_overlap.paintingOrder(known(segmentation, painter.sizes())));
                paint(file, segmentation, placements, painter, stack, info, problems);
            }
        } catch (final DicomException e) {
            problems.accept(skipped(Kind.UNREADABLE_FILE, segmentation, info,
                "The pixel data of the segmentation cannot be read: " + e.getMessage() + ".", "Export it again."));
            return Optional.empty();
        }
        if (!painter.undescribed().isEmpty()) {
            problems.accept(skipped(Kind.LABEL_OUT_OF_RANGE, segmentation, info, "Label values " + painter.undescribed()
                + " occur, which the segmentation does not describe or which exceed 255.",
                "Describe each value in the Segment Sequence."));
            return Optional.empty();
        }
        reportOverlaps(painter, segmentation, info, problems);
        return Optional.of(new LabelVolume(painter.labels(), stack.geometry(), info, segmentation.labels()));
    }

    /** The sizes of all segments, as far as they are known. */
    private static Map<Integer, Long> known(final Segmentation segmentation, final Map<Integer, Long> sizes) {
        final Map<Integer, Long> all = new TreeMap<>();
        segmentation.segments().forEach(s -> all.put(s.number(), sizes.getOrDefault(s.number(), 0L)));
        return all;
    }

    private boolean paint(final DicomFile file, final Segmentation segmentation, final List<Placement> placements,
        final LabelPainter painter, final Stack stack, final VolumeInfo info, final Consumer<Problem> problems)
        throws IOException {
        final float[] pixels = new float[segmentation.format().framePixels()];
        for (int f = 0; f < placements.size(); f++) {
            m_pixels.read(file, segmentation.format(), ValueMapping.linear(1, 0), f, pixels, 0);
            final int outside = painter.paint(pixels, segmentation.format().columns(), placements.get(f),
                segmentation.frames().get(f).segment());
            if (outside > 0) {
                problems.accept(skipped(Kind.SEGMENTATION_GEOMETRY, segmentation, info,
                    "Frame " + (f + 1) + " of " + placements.size() + " marks " + outside
                        + " pixels outside the image (" + stack.geometry() + ").",
                    "Add the missing image slices, or crop the segmentation to the image."));
                return false;
            }
        }
        return true;
    }

    private void reportOverlaps(final LabelPainter painter, final Segmentation segmentation,
        final VolumeInfo info, final Consumer<Problem> problems) {
        if (!painter.overlaps().isEmpty()) {
            final List<String> pairs = painter.overlaps().entrySet().stream().limit(MAX_PAIRS)
                .map(e -> e.getKey() + " in " + e.getValue() + " voxels").toList();
            problems.accept(new Problem(Kind.SEGMENTATION_OVERLAP, Effect.KEPT, segmentation.path(), info.series(),
                "Segments overlap: " + String.join(", ", pairs) + "; " + m_overlap.words() + " was taken.",
                "Change \"Where segments overlap\" if another one is meant."));
        }
    }

    /** Whether every frame with a position lies on the grid of an image. */
    public static boolean fits(final Segmentation segmentation, final Stack stack) {
        return segmentation.frames().stream()
            .allMatch(f -> f.plane().isPresent() && placement(f, stack).isPresent());
    }
}
