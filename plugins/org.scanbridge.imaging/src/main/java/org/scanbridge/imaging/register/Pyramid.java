package org.scanbridge.imaging.register;

import org.scanbridge.imaging.resample.Interpolation;
import org.scanbridge.imaging.resample.Resampler;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.Volume;

import net.imglib2.parallel.TaskExecutor;

/** Coarser versions of an image. */
final class Pyramid {

    private Pyramid() {
    }

    /** The image smoothed and resampled to this spacing in mm along the axes where it is finer. */
    static Volume level(final Volume image, final double spacing, final TaskExecutor workers) {
        final Geometry g = image.geometry();
        final double[] target = new double[3];
        boolean changes = false;
        for (int a = 0; a < 3; a++) {
            // A thin stack keeps at least two slices.
            final double most = Math.max(g.spacing(a), g.size(a) * g.spacing(a) / 2);
            target[a] = Math.min(most, Math.max(g.spacing(a), spacing));
            changes |= target[a] != g.spacing(a);
        }
        return changes ? new Resampler(Interpolation.LINEAR, true, workers).toSpacing(image, target) : image;
    }
}
