package org.scanbridge.imaging.augment;

import java.util.BitSet;
import java.util.List;
import java.util.Map;

import org.scanbridge.imaging.parallel.Chunks;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.resample.ReducedResolution;


/**
 * Lowers the resolution along one axis only, drawn with equal chances, as TorchIO's {@code RandomAnisotropy}: as if the
 * image had been acquired in thick slices across that axis and interpolated. Axes of depth 1 are left alone; the
 * background stays 0.
 *
 * @param thickness what the thickness of the slices in voxels is drawn from, in [1, 20]
 */
public record ThickSlices(Range thickness) implements Augmentation {

    /** 1.5 to 5 voxels, as TorchIO. */
    public static final ThickSlices DEFAULT = new ThickSlices(new Range(1.5, 5));

    private static final String THICKNESS = "thick slices (voxels)";

    private static final String AXIS = "thick slices (axis)";

    private static final double MAX_THICKNESS = 20;

    /** @throws IllegalArgumentException if a thickness is out of range */
    public ThickSlices {
        thickness.within(1, MAX_THICKNESS, "thickness of slices in voxels");
    }

    @Override
    public List<String> parameterNames() {
        return List.of(THICKNESS, AXIS);
    }

    @Override
    public Transformation draw(final SeededRandom random) {
        final double voxels = thickness.draw(random);
        final int axis = random.nextInt(3);
        return IntensityChange.of(Map.of(THICKNESS, voxels, AXIS, (double)axis), (image, target) -> {
            ForegroundIntensities.requireFinite(image);
            final BitSet background = ForegroundIntensities.zeros(image.voxels());
            final double[] zoom = {1, 1, 1};
            zoom[axis] = 1 / voxels;
            Chunks.withWorkers(target.length, workers -> new ReducedResolution(zoom)
                .apply(image.voxels(), target, image.geometry().size(), workers));
            ForegroundIntensities.clear(target, background);
        });
    }
}
