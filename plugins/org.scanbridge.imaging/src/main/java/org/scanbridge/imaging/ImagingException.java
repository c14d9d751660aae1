package org.scanbridge.imaging;

/**
 * Images that an operation has no answer for: an empty foreground, a voxel that is not a number, grids that do not fit.
 * The message names the image, the value and the way out, and is meant for the user; it never holds patient data beyond
 * the pseudonyms of {@link org.scanbridge.imaging.volume.VolumeInfo}. Wrong settings are plain
 * {@link IllegalArgumentException}s.
 */
public final class ImagingException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    /** @param message what is wrong with which image, and what the user can do about it */
    public ImagingException(final String message) {
        super(message);
    }
}
