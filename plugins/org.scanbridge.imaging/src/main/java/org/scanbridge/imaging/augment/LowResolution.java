package org.scanbridge.imaging.augment;

import java.util.BitSet;
import java.util.List;
import java.util.Map;

import org.scanbridge.imaging.parallel.Chunks;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.resample.ReducedResolution;


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
        return IntensityChange.of(Map.of(ZOOM, z), (image, target) -> {
            ForegroundIntensities.requireFinite(image);
            final BitSet background = ForegroundIntensities.zeros(image.voxels());
            Chunks.withWorkers(target.length, workers -> new ReducedResolution(z, z, z)
                .apply(image.voxels(), target, image.geometry().size(), workers));
            ForegroundIntensities.clear(target, background);
        });
    }
}
