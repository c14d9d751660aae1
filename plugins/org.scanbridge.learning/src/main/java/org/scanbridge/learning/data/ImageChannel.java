package org.scanbridge.learning.data;

import java.util.Objects;
import java.util.function.Supplier;

import org.scanbridge.imaging.volume.Volume;

/**
 * One input channel of a case, such as the FLAIR image.
 *
 * @param name what users call it, such as the name of a table's column; for messages and the provenance
 * @param image reads the image
 */
public record ImageChannel(String name, Supplier<Volume> image) {

    /** Checks that both are there. */
    public ImageChannel {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(image, "image");
    }
}
