package org.scanbridge.imaging.register;

import org.scanbridge.imaging.filter.GaussianBlur;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.Volume;

import net.imglib2.parallel.TaskExecutor;

/**
 * An image as sharp as another one that it is compared with. Thick slices show borders as ramps; against an image with sharp
 * ones, mutual information is largest for a transform that is off by up to a millimeter in scale and shear across the slices.
 */
public final class MatchedResolution {

    /** Full width at half maximum of a Gaussian, in standard deviations. */
    private static final double FULL_WIDTH = 2.3548;

    private MatchedResolution() {
    }

    /**
     * Smooths an image along those of its axes where the other's voxels are larger, as if the voxels of both were as wide as
     * Gaussians at half their maximum.
     *
     * @param image all voxels finite; any other is given back as it is
     * @param other the grid of the other image, of which for each axis the most parallel one counts
     */
    public static Volume of(final Volume image, final Geometry other, final TaskExecutor workers) {
        final Geometry g = image.geometry();
        final double[] d = g.direction();
        final double[] e = other.direction();
        final double[] sigma = new double[3];
        boolean changes = false;
        for (int a = 0; a < 3; a++) {
            int parallel = 0;
            double most = -1;
            for (int b = 0; b < 3; b++) {
                final double cosine = Math.abs(d[3 * a] * e[3 * b] + d[3 * a + 1] * e[3 * b + 1] + d[3 * a + 2] * e[3 * b + 2]);
                if (cosine > most) {
                    most = cosine;
                    parallel = b;
                }
            }
            final double ratio = other.spacing(parallel) / g.spacing(a);
            sigma[a] = g.size(a) > 1 && ratio > 1 ? Math.sqrt(ratio * ratio - 1) / FULL_WIDTH : 0;
            changes |= sigma[a] > 0;
        }
        if (!changes) {
            return image;
        }
        for (final float v : image.voxels()) {
            if (!Float.isFinite(v)) {
                return image;
            }
        }
        return new GaussianBlur(sigma[0], sigma[1], sigma[2]).apply(image, workers);
    }
}
