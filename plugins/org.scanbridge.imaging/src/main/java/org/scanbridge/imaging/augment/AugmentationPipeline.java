package org.scanbridge.imaging.augment;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.resample.Fill;

import net.imglib2.parallel.TaskExecutor;

/**
 * Augmentations one after the other. Each draws from a stream of its own, so that changing one leaves the others'
 * numbers alone. However many there are, they need the memory of one image beside the given one ({@link Motion} and
 * {@link LabelSynthesis}: two; {@link RandomConvolutions}: as it says).
 *
 * @param steps in the order in which they are applied
 */
public record AugmentationPipeline(List<Augmentation> steps) implements Augmentation {

    /** @throws IllegalArgumentException if two steps draw parameters of the same name */
    public AugmentationPipeline {
        steps = List.copyOf(steps);
        final List<String> names = new ArrayList<>();
        for (final Augmentation step : steps) {
            for (final String name : step.parameterNames()) {
                if (names.contains(name)) {
                    throw new IllegalArgumentException("two augmentations of the pipeline draw \"" + name
                        + "\"; use each kind of augmentation once");
                }
                names.add(name);
            }
        }
    }

    /**
     * The usual mixture for training: spatial changes, then now and then brightness, contrast, gamma, bias field, blur,
     * low resolution, Gaussian and Rician noise, each with its defaults.
     *
     * @param spatial what moves and how often
     * @param workers what slices are shared out to
     */
    public static AugmentationPipeline standard(final SpatialAugmentation.Settings spatial,
        final TaskExecutor workers) {
        return new AugmentationPipeline(List.of(new SpatialAugmentation(spatial, Fill.BACKGROUND, workers),
            new Sometimes(0.15, Brightness.DEFAULT), new Sometimes(0.15, Contrast.DEFAULT),
            new Sometimes(0.3, Gamma.DEFAULT), new Sometimes(0.1, BiasField.DEFAULT), new Sometimes(0.2, Blur.DEFAULT),
            new Sometimes(0.25, LowResolution.DEFAULT), new Sometimes(0.1, GaussianNoise.DEFAULT),
            new Sometimes(0.1, RicianNoise.DEFAULT)));
    }

    @Override
    public List<String> parameterNames() {
        return steps.stream().flatMap(s -> s.parameterNames().stream()).toList();
    }

    @Override
    public Transformation draw(final SeededRandom random) {
        final long seed = random.nextLong();
        final List<Transformation> drawn = new ArrayList<>();
        final Map<String, Double> parameters = new TreeMap<>();
        for (int s = 0; s < steps.size(); s++) {
            final Transformation t = steps.get(s).draw(SeededRandom.of(seed, s));
            drawn.add(t);
            parameters.putAll(t.parameters());
        }
        return Transformation.of(parameters, sample -> {
            LabeledVolume result = sample;
            // Whether the image's array was made by a step of ours, so that nobody else can see it change.
            boolean owned = false;
            for (final Transformation t : drawn) {
                if (t.change() instanceof IntensityChange change) {
                    result = owned ? change.overwrite(result) : change.apply(result);
                    owned = true;
                } else if (t != Transformation.NONE) {
                    result = t.apply(result);
                    owned = t.change() instanceof SpatialChange;
                }
            }
            return result;
        });
    }
}
