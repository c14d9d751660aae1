package org.scanbridge.imaging.normalize;

import org.scanbridge.imaging.volume.Volume;

/** NaN and infinite voxels: how many there are, and an image without them. */
public final class NonFiniteVoxels {

    private NonFiniteVoxels() {
    }

    /** Number of voxels that are NaN or infinite. */
    public static int count(final Volume volume) {
        int count = 0;
        for (final float v : volume.voxels()) {
            if (!Float.isFinite(v)) {
                count++;
            }
        }
        return count;
    }

    /**
     * @param volume any volume
     * @param value what NaN and infinite voxels become; finite
     * @return the volume with only finite voxels; {@code volume} itself if it has no other
     * @throws IllegalArgumentException if {@code value} is not finite
     */
    public static Volume replace(final Volume volume, final float value) {
        if (!Float.isFinite(value)) {
            throw new IllegalArgumentException("replacement " + value + " must be finite");
        }
        if (count(volume) == 0) {
            return volume;
        }
        final float[] x = volume.voxels().clone();
        for (int v = 0; v < x.length; v++) {
            if (!Float.isFinite(x[v])) {
                x[v] = value;
            }
        }
        return volume.withVoxels(x);
    }
}
