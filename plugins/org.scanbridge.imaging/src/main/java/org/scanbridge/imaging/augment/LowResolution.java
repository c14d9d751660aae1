package org.scanbridge.imaging.augment;

import java.util.List;
import java.util.Map;

import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.resample.Interpolation;
import org.scanbridge.imaging.resample.Resampler;
import org.scanbridge.imaging.volume.Volume;

import net.imglib2.parallel.TaskExecutors;

/**
 * Resamples to a coarser grid and back, both linearly, smoothing before; the background stays 0.
 *
 * @param zoom what the share of the resolution that is left along each axis is drawn from, in (0.05, 1]
 */
public record LowResolution(Range zoom) implements Augmentation {

    /** Half to full resolution. */
    public static final LowResolution DEFAULT = new LowResolution(new Range(0.5, 1));

    private static final String ZOOM = "low resolution (zoom)";

    /** @throws IllegalArgumentException if a zoom is out of range */
    public LowResolution {
        zoom.within(0.05, 1, "zoom of low resolution");
    }

    @Override
    public List<String> parameterNames() {
        return List.of(ZOOM);
    }

    @Override
    public Transformation draw(final SeededRandom random) {
        final double z = zoom.draw(random);
        return Transformation.of(Map.of(ZOOM, z), sample -> {
            final Volume image = sample.image();
            final Resampler resampler = new Resampler(Interpolation.LINEAR, true, TaskExecutors.singleThreaded());
            final double[] s = image.geometry().spacing();
            final Volume coarse = resampler.toSpacing(image, s[0] / z, s[1] / z, s[2] / z);
            final float[] back = resampler.toGrid(coarse, image.geometry(), 0).voxels();
            ForegroundIntensities.requireFinite(image);
            return sample.withImage(ForegroundIntensities.withBackground(image, back));
        });
    }
}
