package org.scanbridge.learning.anomaly;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;

/**
 * An image of a healthy person. It is read when it is needed.
 *
 * @param image normalized the way images will be when anomalies are looked for
 * @param mask not 0 where the network is to look, on the same grid; empty for all that is not background
 * @param subject pseudonymous subject id; not blank
 * @param site site (scanner, hospital) the image comes from; may be empty when there is only one
 */
public record HealthyCase(Supplier<Volume> image, Optional<Supplier<LabelVolume>> mask, String subject, String site) {

    /** @throws IllegalArgumentException if the subject is blank: nobody could be held out */
    public HealthyCase {
        Objects.requireNonNull(image, "image");
        Objects.requireNonNull(mask, "mask");
        Objects.requireNonNull(site, "site");
        if (subject.isBlank()) {
            throw new IllegalArgumentException("A case has no subject id. Give every row a subject.");
        }
    }

    /** Reads image and mask. */
    Inside read() {
        return Inside.of(image.get(), mask.map(Supplier::get), name());
    }

    /** For messages. */
    String name() {
        return "subject " + subject;
    }
}
