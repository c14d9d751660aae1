package org.scanbridge.dicom.seg;

import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

import org.scanbridge.dicom.pixel.DicomDecoder;
import org.scanbridge.dicom.series.Problem;
import org.scanbridge.dicom.series.Stack;
import org.scanbridge.imaging.labels.OverlapRule;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.VolumeInfo;

/**
 * Labels of a DICOM Segmentation.
 *
 * @param segmentation its header
 * @param decoder decodes its pixel data
 * @param overlap which segment has a voxel that several claim
 */
public record SegmentationLabels(Segmentation segmentation, DicomDecoder decoder, OverlapRule overlap)
    implements LabelSource {

    /** @throws NullPointerException if a component is null */
    public SegmentationLabels {
        Objects.requireNonNull(segmentation, "segmentation");
        Objects.requireNonNull(decoder, "decoder");
        Objects.requireNonNull(overlap, "overlap");
    }

    @Override
    public SortedMap<Integer, String> classes() {
        final SortedMap<Integer, String> classes = new TreeMap<>();
        segmentation.segments().stream().filter(s -> s.number() > 0 && !isPlaceholder(s))
            .forEach(s -> classes.put(s.number(), s.label()));
        return classes;
    }

    /** A segment without a name and without a frame only fills a gap between numbers, which must be contiguous. */
    private boolean isPlaceholder(final Segment segment) {
        return !segmentation.type().equals("LABELMAP") && segment.label().equals("class " + segment.number())
            && segmentation.frames().stream().noneMatch(f -> f.segment() == segment.number());
    }

    @Override
    public String creator() {
        return segmentation.creator();
    }

    @Override
    public String path() {
        return segmentation.path();
    }

    @Override
    public Set<String> sources() {
        return segmentation.sources();
    }

    @Override
    public Set<String> seriesUids() {
        return segmentation.seriesUids();
    }

    @Override
    public boolean fits(final String frameOfReference, final Stack stack) {
        return frameOfReference.equals(segmentation.frameOfReference()) && !frameOfReference.isEmpty()
            && SegmentationReader.fits(segmentation, stack);
    }

    @Override
    public boolean sharesFrame(final String frameOfReference) {
        return frameOfReference.equals(segmentation.frameOfReference()) && !frameOfReference.isEmpty();
    }

    @Override
    public Optional<LabelVolume> read(final Stack stack, final VolumeInfo info, final Consumer<Problem> problems)
        throws IOException {
        return new SegmentationReader(decoder, overlap).read(segmentation, stack, info, problems);
    }
}
