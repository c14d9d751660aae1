package org.scanbridge.learning.train;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.learning.data.CaseSet;
import org.scanbridge.learning.data.ClassValues;
import org.scanbridge.learning.data.LoadedCase;

/** What to tell the user of a training in whose segmentations classes of the network do not occur. */
final class UnseenClasses {

    private UnseenClasses() {
    }

    /**
     * Looks at all cases to train on whose labels were read, or what a teacher says.
     *
     * @param cases of the training
     * @param labels names of the network's classes, by their label values
     * @param classes number of classes of the network, background included
     * @return empty if each class occurs, or if nothing is learned from labels
     */
    static Optional<String> notice(final CaseSet cases, final LabelSet labels, final int classes) {
        final List<LoadedCase> labeled = cases.training().stream().filter(c -> c.labeled() || c.taught()).toList();
        final Set<Integer> seen = new TreeSet<>();
        labeled.forEach(c -> seen.addAll(c.classes()));
        if (labeled.isEmpty() || seen.size() == classes - 1) {
            return Optional.empty();
        }
        final ClassValues values = ClassValues.of(labels, classes);
        final List<String> unseen = IntStream.range(1, classes).filter(c -> !seen.contains(c))
            .mapToObj(c -> '"' + labels.name(values.value(c)) + "\" (label value " + values.value(c) + ")").toList();
        return Optional.of((seen.isEmpty() ? "No segmentation of the training images has a label: the network learns to find"
            + " nothing." : "No segmentation of the training images has " + String.join(" or ", unseen)
                + ": the network learns to find nothing of " + (unseen.size() == 1 ? "this class." : "these classes."))
            + " Look whether \"Segmentation column\" is the right one, and whether a node before took labels away: the Volume"
            + " Resampler may lose small structures.");
    }
}
