package org.scanbridge.learning.data;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.NetworkSpec;

/**
 * {@link TeacherLabels} in memory: a map of classes, or a map for each class from 1 on of probabilities in 1/255. Maps are
 * moved as labels are, to the nearest voxel, so that both kinds are treated alike.
 */
final class TeacherMaps {

    private static final int ONE = 255;

    /** How far from [0, 1] a probability, or above 1 a sum of them, may be by rounding and interpolation. */
    private static final double TOLERANCE = 0.02;

    private final List<byte[]> m_maps;

    private final boolean m_labels;

    private final int m_classes;

    private TeacherMaps(final List<byte[]> maps, final boolean labels, final int classes) {
        m_maps = maps;
        m_labels = labels;
        m_classes = classes;
    }

    /**
     * Reads maps.
     *
     * @param subject for messages
     * @param grid the image's
     * @param classes of the network
     * @throws LearningException if they are on another grid, name a class that the network does not have, or are no
     *             probabilities
     */
    static TeacherMaps read(final TeacherLabels teacher, final String subject, final Geometry grid, final int classes) {
        if (teacher.labels().isPresent()) {
            final LabelVolume labels = teacher.labels().get().get();
            check(labels.geometry(), grid, subject);
            for (final byte l : labels.voxels()) {
                final int value = l & 0xff;
                if (value >= classes && value != NetworkSpec.UNANNOTATED) {
                    throw new LearningException("The labels by a teacher of subject " + subject + " have the label value "
                        + value + ", but the network has " + classes + " classes (0 to " + (classes - 1)
                        + "). Build the atlas from segmentations with the network's labels.");
                }
            }
            return new TeacherMaps(List.of(labels.voxels()), true, classes);
        }
        if (teacher.probabilities().size() != classes - 1) {
            throw new LearningException("There are probabilities of " + teacher.probabilities().size() + " labels by a teacher"
                + " for subject " + subject + ", but the network has " + (classes - 1)
                + " beside the background. There must be one for each.");
        }
        final List<byte[]> maps = new ArrayList<>();
        final float[] sums = new float[grid.voxelCount()];
        for (final Supplier<Volume> source : teacher.probabilities()) {
            final Volume volume = source.get();
            check(volume.geometry(), grid, subject);
            maps.add(quantized(volume.voxels(), sums, subject));
        }
        return new TeacherMaps(maps, false, classes);
    }

    private static void check(final Geometry teacher, final Geometry image, final String subject) {
        if (!teacher.sameGrid(image)) {
            throw new LearningException("Image and labels by a teacher of subject " + subject + " are on different grids: "
                + image + " and " + teacher.beside(image) + ". Let the teacher segment the image that the network gets, or"
                + " resample its labels to it.");
        }
    }

    private static byte[] quantized(final float[] p, final float[] sums, final String subject) {
        final byte[] map = new byte[p.length];
        for (int v = 0; v < p.length; v++) {
            sums[v] += p[v];
            if (!(p[v] >= -TOLERANCE && sums[v] <= 1 + TOLERANCE)) {
                throw new LearningException("The probabilities by a teacher of subject " + subject + " are none: voxel " + v
                    + " has " + p[v] + ", with the labels before " + sums[v]
                    + ". They must not be negative, and add up to 1 at most.");
            }
            map[v] = (byte)Math.round(ONE * Math.max(0, Math.min(1, p[v])));
        }
        return map;
    }

    /** The same maps with each changed, such as brought onto a larger grid. */
    TeacherMaps with(final UnaryOperator<byte[]> change) {
        return new TeacherMaps(m_maps.stream().map(change).toList(), m_labels, m_classes);
    }

    /** The maps; shared, read only. */
    List<byte[]> maps() {
        return m_maps;
    }

    /** The likeliest class of each voxel; {@link NetworkSpec#UNANNOTATED} where the teacher says nothing. */
    byte[] likeliest() {
        if (m_labels) {
            return m_maps.get(0);
        }
        final byte[] likeliest = new byte[m_maps.get(0).length];
        for (int v = 0; v < likeliest.length; v++) {
            int rest = ONE;
            int most = 0;
            for (int c = 0; c < m_maps.size(); c++) {
                final int p = m_maps.get(c)[v] & 0xff;
                rest -= p;
                if (p > most) {
                    most = p;
                    likeliest[v] = (byte)(c + 1);
                }
            }
            likeliest[v] = rest >= most ? 0 : likeliest[v];
        }
        return likeliest;
    }

    /**
     * Writes the probabilities of all classes of some voxels.
     *
     * @param patches a patch of each map
     * @param to gets [voxels, classes] in 1/255, zeros where the teacher says nothing
     * @param at index of the first number
     */
    void write(final List<byte[]> patches, final byte[] to, final int at) {
        final int voxels = patches.get(0).length;
        for (int v = 0; v < voxels; v++) {
            final int first = at + v * m_classes;
            if (m_labels) {
                final int label = patches.get(0)[v] & 0xff;
                for (int c = 0; c < m_classes; c++) {
                    to[first + c] = (byte)(c == label ? ONE : 0);
                }
            } else {
                int rest = ONE;
                for (int c = 1; c < m_classes; c++) {
                    to[first + c] = patches.get(c - 1)[v];
                    rest -= patches.get(c - 1)[v] & 0xff;
                }
                to[first] = (byte)Math.max(0, rest);
            }
        }
    }
}
