package org.scanbridge.learning.check;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.data.ChannelImages;
import org.scanbridge.learning.data.VoxelBlock;
import org.scanbridge.learning.graph.BlockNetwork;
import org.scanbridge.learning.predict.ClassRule;
import org.scanbridge.learning.predict.SlidingWindow;
import org.scanbridge.learning.train.Validator;

/**
 * Judges a network in training by the {@link Evidence} for its segmentations of images of the new site, without their labels:
 * the mean over images, structures and kinds of evidence. Not calibrated: it compares states of one training, and says
 * nothing of a Dice. Agreement alone would prefer a network that has collapsed, which is why usual shapes should be given.
 */
public final class EvidenceValidator implements Validator {

    private static final double OVERLAP = 0.25;

    private final NetworkSpec m_spec;

    private final List<JudgedImages> m_images;

    private final List<Structure> m_structures;

    private final Optional<UsualShapes> m_usual;

    private final SlidingWindow m_window;

    /**
     * @param spec architecture of the network
     * @param images of new sites, few, normalized as for training; they stay in memory
     * @param trusted labeled segmentations of the source, with classes of the network, for usual shapes; may be none
     */
    public EvidenceValidator(final NetworkSpec spec, final List<JudgedImages> images, final List<LabelVolume> trusted) {
        if (images.isEmpty()) {
            throw new IllegalArgumentException("There are no images to judge the network on.");
        }
        m_spec = spec;
        m_images = List.copyOf(images);
        m_structures = Structure.of(spec, LabelSet.of());
        m_window = new SlidingWindow(spec, OVERLAP);
        if (trusted.isEmpty()) {
            m_usual = Optional.empty();
        } else {
            final UsualShapes.Collector collector = new UsualShapes.Collector(m_structures);
            trusted.forEach(collector::add);
            m_usual = Optional.of(collector.usual());
        }
    }

    @Override
    public double score(final BlockNetwork network, final Progress progress) {
        double sum = 0;
        int count = 0;
        for (final JudgedImages judged : m_images) {
            SubjectEvidence found = evidence(network.forSite(judged.site()), judged.images(), progress);
            if (m_usual.isPresent()) {
                found = m_usual.get().addTo(found);
            }
            for (final Map<Evidence, Double> each : found.evidence()) {
                for (final double value : each.values()) {
                    sum += value;
                    count++;
                }
            }
        }
        return sum / count;
    }

    private SubjectEvidence evidence(final BlockNetwork network, final ChannelImages images, final Progress progress) {
        final float[][] base = probabilities(network, images, progress);
        final LabelVolume labels = labels(base, images);
        final double[] views = new double[m_structures.size()];
        for (int view = 0; view < Views.COUNT; view++) {
            final LabelVolume other = labels(probabilities(network, Views.of(images, view), progress), images);
            for (int s = 0; s < views.length; s++) {
                views[s] += m_structures.get(s).dice(other, labels) / Views.COUNT;
            }
        }
        final List<Map<Evidence, Double>> all = new ArrayList<>();
        for (int s = 0; s < views.length; s++) {
            final Volume p = images.first().withVoxels(base[m_structures.get(s).output()]);
            all.add(new EnumMap<>(Map.of(Evidence.VIEWS, views[s], Evidence.CONFIDENCE,
                Examination.confidence(p, labels, m_structures.get(s)))));
        }
        return new SubjectEvidence(labels, all);
    }

    private float[][] probabilities(final BlockNetwork network, final ChannelImages images, final Progress progress) {
        final int[] size = images.first().geometry().size();
        return m_window.probabilities(
            VoxelBlock.padded(images.voxels(), size, m_spec.patchSize()).within(m_spec.margin()), size, network, progress);
    }

    private LabelVolume labels(final float[][] maps, final ChannelImages images) {
        final ClassRule rule = ClassRule.of(m_spec);
        final float[] p = new float[maps.length];
        final byte[] labels = new byte[maps[0].length];
        for (int v = 0; v < labels.length; v++) {
            for (int c = 0; c < maps.length; c++) {
                p[c] = maps[c][v];
            }
            labels[v] = (byte)rule.classOf(p, 0);
        }
        return new LabelVolume(labels, images.first().geometry(), images.first().info(), LabelSet.of());
    }
}
