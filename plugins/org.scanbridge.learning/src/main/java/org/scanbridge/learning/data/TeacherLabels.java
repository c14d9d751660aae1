package org.scanbridge.learning.data;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.learning.architecture.NetworkSpec;

/**
 * What a teacher, such as an atlas, says of an image: labels, or a probability for each class. No reference: what is learned
 * from it is self-training, and it is never validated or scored against.
 *
 * @param labels reads classes on the image's grid, {@link NetworkSpec#UNANNOTATED} where the teacher says nothing
 * @param probabilities else reads the probability of each class from class 1 on, in [0, 1], on the image's grid; what is
 *            missing from 1 is the background's
 */
public record TeacherLabels(Optional<Supplier<LabelVolume>> labels, List<Supplier<Volume>> probabilities) {

    /** @throws IllegalArgumentException if there is neither, or both */
    public TeacherLabels {
        probabilities = List.copyOf(probabilities);
        if (labels.isPresent() != probabilities.isEmpty()) {
            throw new IllegalArgumentException("A teacher gives either labels or probabilities");
        }
    }

    /** Of labels. */
    public static TeacherLabels of(final Supplier<LabelVolume> labels) {
        return new TeacherLabels(Optional.of(labels), List.of());
    }

    /** Of probabilities of the classes from 1 on. */
    public static TeacherLabels of(final List<Supplier<Volume>> probabilities) {
        return new TeacherLabels(Optional.empty(), probabilities);
    }

    /**
     * The likeliest class of each voxel; where a class and the background are equally likely, the background.
     *
     * @param image the image that the teacher saw
     * @return {@link NetworkSpec#UNANNOTATED} where labels say nothing
     */
    public LabelVolume likeliest(final Volume image) {
        if (labels.isPresent()) {
            return labels.get().get();
        }
        final byte[] best = new byte[image.voxels().length];
        final float[] largest = new float[best.length];
        final float[] rest = new float[best.length];
        Arrays.fill(rest, 1);
        for (int c = 1; c <= probabilities.size(); c++) {
            final float[] p = probabilities.get(c - 1).get().voxels();
            for (int v = 0; v < best.length; v++) {
                rest[v] -= p[v];
                if (p[v] > largest[v]) {
                    largest[v] = p[v];
                    best[v] = (byte)c;
                }
            }
        }
        for (int v = 0; v < best.length; v++) {
            best[v] = rest[v] >= largest[v] ? 0 : best[v];
        }
        return new LabelVolume(best, image.geometry(), image.info(), LabelSet.of());
    }
}
