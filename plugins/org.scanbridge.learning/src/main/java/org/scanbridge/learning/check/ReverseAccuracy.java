package org.scanbridge.learning.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.atlas.Atlas;
import org.scanbridge.imaging.atlas.AtlasBuilder;
import org.scanbridge.imaging.atlas.AtlasOptions;
import org.scanbridge.imaging.atlas.AtlasSegmenter;
import org.scanbridge.imaging.atlas.SegmenterOptions;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;

import net.imglib2.parallel.TaskExecutor;

/**
 * Reverse classification accuracy (Valindria et al., TMI 2017): a segmentation without a truth becomes an atlas, alone; what
 * the atlas says of images whose truth is known tells how good it is. The best Dice over those images counts, since the
 * others may just be too different. The reverse classifier is an {@link AtlasSegmenter}, which minds no contrast.
 */
public final class ReverseAccuracy {

    private final List<Reference> m_references;

    private final TaskExecutor m_workers;

    /**
     * An image with its truth.
     *
     * @param subject whose it is: never used for the same subject
     * @param image reads the image
     * @param truth reads the truth on the same grid, with classes of the network
     * @param ignored value of the truth's voxels that are not annotated
     */
    public record Reference(String subject, Supplier<Volume> image, Supplier<LabelVolume> truth, Optional<Integer> ignored) {
    }

    /**
     * @param references with truth; at least one
     * @param workers what the work is shared out to
     */
    public ReverseAccuracy(final List<Reference> references, final TaskExecutor workers) {
        m_references = List.copyOf(references);
        m_workers = workers;
    }

    /**
     * The best Dice of each structure over the references of other subjects, in [0, 1].
     *
     * @param subject whose image it is
     * @param image finite
     * @param labels its segmentation, with classes of the network
     * @param structures what is measured
     * @param most how many references at most, the first ones
     * @return 0 where the segmentation has nothing of it, or the reverse classifier fails; empty if there is no reference of
     *         another subject
     */
    public Optional<double[]> of(final String subject, final Volume image, final LabelVolume labels,
        final List<Structure> structures, final int most, final Progress progress) {
        final List<Reference> others = new ArrayList<>();
        for (final Reference reference : m_references) {
            if (!reference.subject().equals(subject) && others.size() < most) {
                others.add(reference);
            }
        }
        if (others.isEmpty()) {
            return Optional.empty();
        }
        final double[] best = new double[structures.size()];
        if (labels.maxValue() == 0) {
            return Optional.of(best);
        }
        try {
            final Atlas atlas = new AtlasBuilder(AtlasOptions.DEFAULT)
                .build(List.of(new AtlasBuilder.Subject(image, labels)), m_workers, progress.part(0, 0.1));
            final AtlasSegmenter segmenter = new AtlasSegmenter(atlas, SegmenterOptions.DEFAULT);
            for (int r = 0; r < others.size(); r++) {
                final Reference reference = others.get(r);
                final LabelVolume said = segmenter.segment(reference.image().get(), false, m_workers,
                    progress.part(0.1 + 0.9 * r / others.size(), 0.1 + 0.9 * (r + 1) / others.size())).labels();
                final LabelVolume truth = reference.truth().get();
                for (int s = 0; s < best.length; s++) {
                    if (structures.get(s).voxels(labels) > 0) {
                        best[s] = Math.max(best[s], structures.get(s).dice(said, truth, reference.ignored()));
                    }
                }
            }
        } catch (final ImagingException e) {
            // A segmentation of which no atlas can be made, or one that fits no image, is no good one: 0 says so.
            return Optional.of(new double[structures.size()]);
        }
        return Optional.of(best);
    }
}
