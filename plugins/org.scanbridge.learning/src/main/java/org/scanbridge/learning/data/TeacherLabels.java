package org.scanbridge.learning.data;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

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
}
