package org.scanbridge.dicom.seg;

import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

import org.scanbridge.dicom.pixel.DicomDecoder;
import org.scanbridge.dicom.series.Problem;
import org.scanbridge.dicom.series.Stack;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.VolumeInfo;

/**
 * Labels of a DICOM Segmentation.
 *
 * @param segmentation its header
 * @param decoder decodes its pixel data
 */
public record SegmentationLabels(Segmentation segmentation, DicomDecoder decoder) implements LabelSource {

    /** @throws NullPointerException if a component is null */
    public SegmentationLabels {
        Objects.requireNonNull(segmentation, "segmentation");
        Objects.requireNonNull(decoder, "decoder");
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
    public Optional<LabelVolume> read(final Stack stack, final VolumeInfo info, final Consumer<Problem> problems)
        throws IOException {
        return new SegmentationReader(decoder).read(segmentation, stack, info, problems);
    }
}
