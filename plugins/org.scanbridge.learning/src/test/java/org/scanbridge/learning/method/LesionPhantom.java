package org.scanbridge.learning.method;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;

import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;
import org.scanbridge.learning.data.ImageChannel;
import org.scanbridge.learning.data.Role;
import org.scanbridge.learning.data.TrainingCase;

/**
 * A ball-shaped organ (1) with a ball-shaped lesion (2) inside it, in 20³ voxels of 1 mm: intensities 0, 1 and 2, noise with
 * a standard deviation of 0.25.
 */
final class LesionPhantom {

    static final int SIZE = 20;

    private final Volume m_image;

    private final LabelVolume m_labels;

    private final String m_subject;

    LesionPhantom(final int number) {
        final SeededRandom random = SeededRandom.of(17, number);
        final double[] organ = {random.uniform(8.5, 10.5), random.uniform(8.5, 10.5), random.uniform(8.5, 10.5)};
        final double organRadius = random.uniform(6, 7.5);
        final double lesionRadius = random.uniform(2.5, 3.2);
        final double[] lesion = new double[3];
        for (int a = 0; a < 3; a++) {
            lesion[a] = organ[a] + random.uniform(-1.8, 1.8);
        }
        final float[] voxels = new float[SIZE * SIZE * SIZE];
        final byte[] labels = new byte[voxels.length];
        for (int v = 0; v < voxels.length; v++) {
            final double[] at = {v % SIZE, v / SIZE % SIZE, v / SIZE / SIZE};
            labels[v] = (byte)(distance(at, lesion) < lesionRadius ? 2 : distance(at, organ) < organRadius ? 1 : 0);
            voxels[v] = (float)(new double[]{0, 1, 2}[labels[v]] + 0.25 * random.nextGaussian());
        }
        final Geometry geometry = Geometry.axial(new int[]{SIZE, SIZE, SIZE}, 1, 1, 1);
        m_subject = "subject " + number;
        m_image = new Volume(voxels, geometry, VolumeInfo.UNKNOWN);
        m_labels = new LabelVolume(labels, geometry, VolumeInfo.UNKNOWN, LabelSet.of(Map.of(1, "organ", 2, "lesion")));
    }

    private static double distance(final double[] a, final double[] b) {
        return Math.sqrt(Math.pow(a[0] - b[0], 2) + Math.pow(a[1] - b[1], 2) + Math.pow(a[2] - b[2], 2));
    }

    /** The phantoms [first, first + count). */
    static List<LesionPhantom> of(final int first, final int count) {
        final List<LesionPhantom> all = new ArrayList<>();
        for (int n = first; n < first + count; n++) {
            all.add(new LesionPhantom(n));
        }
        return all;
    }

    Volume image() {
        return m_image;
    }

    LabelVolume labels() {
        return m_labels;
    }

    /** A training case with other labels. */
    TrainingCase training(final String site, final boolean partial, final IntUnaryOperator relabel) {
        final byte[] labels = m_labels.voxels().clone();
        for (int v = 0; v < labels.length; v++) {
            labels[v] = (byte)relabel.applyAsInt(labels[v]);
        }
        return new TrainingCase(List.of(new ImageChannel("image", () -> m_image)),
            () -> new LabelVolume(labels, m_labels.geometry(), m_labels.info(), m_labels.labels()), m_subject, site,
            Role.TRAIN, partial);
    }
}
