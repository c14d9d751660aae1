package org.scanbridge.learning.study;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.method.AdversarialNormalizationOptions;

/**
 * Options of {@link NormalizationStudy}.
 *
 * @param seeds how many repetitions, each with its own split, weights and patches; at least 1
 * @param firstSeed of the first repetition; the others follow
 * @param training training subjects of each site; at least 1
 * @param validation validation subjects of each site; at least 0. All others are test subjects
 * @param width base width of generator and segmenter
 * @param wideWidth base width of the networks without generator, chosen so that they have as many weights as generator
 *            and segmenter together
 * @param levels of all networks
 * @param patch edge of the cubic patches
 * @param method options of adversarial normalization; the other trainings take its segmentation options
 * @param controlSites sites that the verdict on cross-testing leaves out, because intensity scaling alone suffices there
 */
public record NormalizationStudyOptions(int seeds, long firstSeed, int training, int validation, int width,
    int wideWidth, int levels, int patch, AdversarialNormalizationOptions method, List<String> controlSites) {

    /** Of a segmentation; how many classes there are does not matter to the other numbers. */
    private static final int LEAST_CLASSES = 2;

    /** @throws IllegalArgumentException if a number is out of range, networks cannot be like that, or there is no adversary */
    public NormalizationStudyOptions {
        controlSites = List.copyOf(controlSites);
        check(seeds >= 1 && seeds <= 100, "Repetitions " + seeds + ": 1 to 100.");
        check(training >= 1, "Training subjects " + training + " per site: at least 1.");
        check(validation >= 0, "Validation subjects " + validation + " per site: at least 0.");
        check(method.adversary().isPresent(), "Experiment 7 needs an adversary.");
        // now, not when a network is made after hours of training others
        NetworkSpec.unet3d(LEAST_CLASSES, width, levels, patch);
        NetworkSpec.unet3d(LEAST_CLASSES, wideWidth, levels, patch);
    }

    /** All options by name. */
    public Map<String, String> asMap() {
        final Map<String, String> map = new TreeMap<>(method.asMap());
        map.put("seeds", firstSeed + " to " + (firstSeed + seeds - 1));
        map.put("training", "" + training);
        map.put("validation", "" + validation);
        map.put("width", "" + width);
        map.put("wideWidth", "" + wideWidth);
        map.put("levels", "" + levels);
        map.put("patch", "" + patch);
        map.put("controlSites", controlSites.toString());
        return map;
    }

    private static void check(final boolean ok, final String message) {
        if (!ok) {
            throw new IllegalArgumentException(message);
        }
    }
}
