package org.scanbridge.learning.check;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.data.ChannelImages;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.predict.Prediction;
import org.scanbridge.learning.predict.PredictionOptions;
import org.scanbridge.learning.predict.SlidingWindowPredictor;

/**
 * Segments images with one network or an ensemble and collects what speaks for the segmentation, without a label of the
 * image: see {@link Evidence}. Segments each image {@value Views#COUNT} + 1 times, and once more with each network of an
 * ensemble. Memory beside images: that of a prediction with probability maps. Not for several threads at once.
 */
public final class Examination implements AutoCloseable {

    /** Blocks share less than for results that people look at: seams matter little to agreement. */
    private static final double OVERLAP = 0.25;

    private final List<Structure> m_structures;

    private final SlidingWindowPredictor m_all;

    private final List<SlidingWindowPredictor> m_single = new ArrayList<>();

    /**
     * @param networks one or more of the same classes, whose probabilities are averaged
     * @throws org.scanbridge.learning.LearningException if they do not segment, or not the same
     */
    public Examination(final List<Network> networks) {
        m_all = new SlidingWindowPredictor(networks, new PredictionOptions(OVERLAP, Set.of(), false, true));
        try {
            m_structures = Structure.of(networks.get(0));
            for (final Network network : networks.size() > 1 ? networks : List.<Network> of()) {
                m_single.add(new SlidingWindowPredictor(network, OVERLAP));
            }
        } catch (final RuntimeException e) {
            close();
            throw e;
        }
    }

    /** What has a Dice of its own. */
    public List<Structure> structures() {
        return m_structures;
    }

    /** Number of segmentations that an image takes. */
    public int passes() {
        return 1 + Views.COUNT + m_single.size();
    }

    /** Bytes that examining an image of a size takes of Java's heap beside the images themselves. */
    public long bytes(final int[] size) {
        return m_all.bytes(size);
    }

    /**
     * Examines the images of one subject.
     *
     * @param images one per channel, normalized as the training images were
     * @param second another segmentation of it with classes of the network, such as that of an atlas
     * @param progress learns of the blocks, cancels between them
     * @throws org.scanbridge.learning.LearningException as {@link SlidingWindowPredictor#segment}; or if the second
     *             segmentation is on another grid
     */
    public SubjectEvidence of(final ChannelImages images, final Optional<LabelVolume> second, final Progress progress) {
        second.ifPresent(s -> requireSameGrid(images, s, "second opinion"));
        final double passes = passes();
        final Prediction base = m_all.segment(images, progress.part(0, 1 / passes));
        final List<LabelVolume> views = new ArrayList<>();
        for (int view = 0; view < Views.COUNT; view++) {
            views.add(m_all.predict(Views.of(images, view), progress.part((1 + view) / passes, (2 + view) / passes)));
        }
        final List<LabelVolume> single = new ArrayList<>();
        for (final SlidingWindowPredictor predictor : m_single) {
            final int done = 1 + Views.COUNT + single.size();
            single.add(predictor.predict(images, progress.part(done / passes, (done + 1) / passes)));
        }
        final List<Map<Evidence, Double>> all = new ArrayList<>();
        for (final Structure structure : m_structures) {
            final Map<Evidence, Double> evidence = new EnumMap<>(Evidence.class);
            evidence.put(Evidence.VIEWS,
                views.stream().mapToDouble(v -> structure.dice(v, base.labels())).average().orElseThrow());
            evidence.put(Evidence.CONFIDENCE,
                confidence(base.probabilities().get(structure.output()), base.labels(), structure));
            if (single.size() > 1) {
                evidence.put(Evidence.NETWORKS, pairwise(single, structure));
            }
            second.ifPresent(s -> evidence.put(Evidence.SECOND_OPINION, structure.dice(base.labels(), s)));
            all.add(evidence);
        }
        return new SubjectEvidence(base.labels(), all);
    }

    /** @throws LearningException if a segmentation is on another grid than the images */
    static void requireSameGrid(final ChannelImages images, final LabelVolume labels, final String what) {
        if (!labels.geometry().sameGrid(images.first().geometry())) {
            throw new LearningException("The " + what + (images.owner().isEmpty() ? "" : " of " + images.owner()) + " has "
                + labels.geometry() + ", the image " + images.first().geometry().beside(labels.geometry())
                + ". Resample it to the image's grid with the Volume Resampler.");
        }
    }

    /** The expected Dice of a segmentation s under probabilities p, to first order: 2 Σ p·s / Σ (p + s); 1 if all is 0. */
    static double confidence(final Volume probability, final LabelVolume labels, final Structure structure) {
        final boolean[] inside = structure.inside();
        final float[] p = probability.voxels();
        double both = 0;
        double sum = 0;
        for (int v = 0; v < p.length; v++) {
            final boolean s = inside[labels.voxels()[v] & 0xff];
            both += s ? p[v] : 0;
            sum += p[v] + (s ? 1 : 0);
        }
        return sum == 0 ? 1 : 2 * both / sum;
    }

    /** The mean Dice of each two. */
    private static double pairwise(final List<LabelVolume> all, final Structure structure) {
        double sum = 0;
        int pairs = 0;
        for (int a = 0; a < all.size(); a++) {
            for (int b = 0; b < a; b++, pairs++) {
                sum += structure.dice(all.get(a), all.get(b));
            }
        }
        return sum / pairs;
    }

    @Override
    public void close() {
        m_single.forEach(SlidingWindowPredictor::close);
        m_all.close();
    }
}
