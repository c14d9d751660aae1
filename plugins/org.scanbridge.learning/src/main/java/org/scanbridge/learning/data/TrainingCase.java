package org.scanbridge.learning.data;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.learning.architecture.NetworkSpec;

/**
 * One image, or several of one grid as channels, with its segmentation where there is one, as a training sees it. Voxels are
 * read when the training starts, once per case; labels that the method does not use are never read at all.
 *
 * @param channels read the images, at least one, in the order in which the network gets them; already normalized the way
 *            images will be normalized at prediction
 * @param labels reads the segmentation on the same grid; {@code null} where unlabeled
 * @param subject pseudonymous subject id; not blank
 * @param site site (scanner, hospital) the image comes from; may be empty when there is only one
 * @param role training or validation
 * @param partial whether voxels with the label {@link NetworkSpec#UNANNOTATED} are not annotated: nobody knows what they are, so
 *            they count in no loss and no score
 * @param teacher what a teacher says of the image, for self-training; empty if there is none
 */
public record TrainingCase(List<ImageChannel> channels, Supplier<LabelVolume> labels, String subject, String site,
    Role role, boolean partial, Optional<TeacherLabels> teacher) {

    private static final String ONLY = "image";

    /** @throws IllegalArgumentException if the subject is blank: splits by subject would be impossible to check */
    public TrainingCase {
        channels = List.copyOf(channels);
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(site, "site");
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(teacher, "teacher");
        if (channels.isEmpty()) {
            throw new IllegalArgumentException("A case has no image.");
        }
        if (subject.isBlank()) {
            throw new IllegalArgumentException("A case has no subject id. Give every row a subject.");
        }
    }

    /** A case without a teacher. */
    public TrainingCase(final List<ImageChannel> channels, final Supplier<LabelVolume> labels, final String subject,
        final String site, final Role role, final boolean partial) {
        this(channels, labels, subject, site, role, partial, Optional.empty());
    }

    /** A case whose voxels are all annotated. */
    public TrainingCase(final List<ImageChannel> channels, final Supplier<LabelVolume> labels, final String subject,
        final String site, final Role role) {
        this(channels, labels, subject, site, role, false);
    }

    /** A case of one image. */
    public TrainingCase(final Supplier<Volume> image, final Supplier<LabelVolume> labels, final String subject,
        final String site, final Role role) {
        this(List.of(new ImageChannel(ONLY, image)), labels, subject, site, role);
    }

    /** The same with a teacher. */
    public TrainingCase withTeacher(final TeacherLabels value) {
        return new TrainingCase(channels, labels, subject, site, role, partial, Optional.of(value));
    }

    /** Reads the image of the first channel. */
    public Supplier<Volume> image() {
        return channels.get(0).image();
    }

    /**
     * Reads the images of all channels.
     *
     * @throws org.scanbridge.learning.LearningException as {@link ChannelImages} says
     */
    public ChannelImages images() {
        return new ChannelImages(channels.stream().map(ImageChannel::name).toList(),
            channels.stream().map(c -> c.image().get()).toList(), "subject " + subject);
    }

    /** The labels of voxels that are not annotated; empty if all are. */
    public Set<Integer> unannotated() {
        return partial ? Set.of(NetworkSpec.UNANNOTATED) : Set.of();
    }

    /** Whether there is a segmentation. */
    public boolean labeled() {
        return labels != null;
    }
}
