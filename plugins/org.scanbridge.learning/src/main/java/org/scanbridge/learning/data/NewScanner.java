package org.scanbridge.learning.data;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

import org.scanbridge.imaging.atlas.AtlasClass;
import org.scanbridge.imaging.atlas.ClassIntensity;
import org.scanbridge.imaging.augment.ClassColors;
import org.scanbridge.imaging.augment.LabeledIntensities;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.architecture.NetworkSpec;

/**
 * What the images of a new scanner look like, by what a teacher says of them: the means and spreads of the classes that drive
 * the synthesis of patches from the source's segmentations (guided synthesis, methods.md H2). No reference segmentation is
 * read.
 */
public final class NewScanner {

    /** Parts of what has no label. */
    private static final int REST = 8;

    private NewScanner() {
    }

    /**
     * Half of the labeled patches painted as the new scanner's images, before single changes.
     *
     * @param single the single changes
     * @param cases training cases; those of the new scanner with what a teacher says of them
     * @param isNew which cases are of the new scanner
     * @param spec the network's
     * @throws LearningException if a teacher says nothing of any of them, a class occurs in none, or the network takes several
     *             images: a teacher's labels say which intensities belong together in one image only
     */
    public static PatchAugmentation augmentation(final PatchAugmentation single, final List<TrainingCase> cases,
        final Predicate<TrainingCase> isNew, final NetworkSpec spec) {
        if (spec.inputChannels() > 1) {
            throw new LearningException("\"This new scanner (from its images)\" paints images of one channel, but the network"
                + " takes " + spec.inputChannels() + ". Choose another kind under \"Scans to be ready for\".");
        }
        final SortedMap<Integer, String> classes = new TreeMap<>();
        for (int c = 1; c < spec.classes(); c++) {
            classes.put(c, "class " + c);
        }
        final List<List<ClassIntensity>> images = new ArrayList<>();
        for (final TrainingCase c : cases) {
            if (c.role() == Role.TRAIN && isNew.test(c) && c.teacher().isPresent()) {
                final Volume image = c.image().get();
                images.add(LabeledIntensities.of(image, c.teacher().get().likeliest(image), classes, REST));
            }
        }
        if (images.isEmpty()) {
            throw new LearningException("\"This new scanner (from its images)\" needs images of the new scanner with labels by a"
                + " teacher, and the training table has none. Let the Atlas Segmenter segment them and choose its column, or"
                + " choose another kind under \"Scans to be ready for\".");
        }
        try {
            return ScanKind.guided(
                ClassColors.Guided.of(images.stream().map(i -> occurring(i, images)).toList()).withMixedParts()).with(single);
        } catch (final IllegalArgumentException e) {
            throw new LearningException("The images of the new scanner cannot be imitated: " + e.getMessage() + ".", e);
        }
    }

    /**
     * The classes of an image without parts of the rest that no image has: there are fewer where the rest is of few
     * intensities, and none where the images show nothing but what is labeled, as without the skull. What the source shows
     * besides is then painted like the darkest label.
     */
    private static List<ClassIntensity> occurring(final List<ClassIntensity> image, final List<List<ClassIntensity>> images) {
        final List<ClassIntensity> kept = new ArrayList<>();
        for (int c = 0; c < image.size(); c++) {
            final int n = c;
            if (!image.get(c).atlasClass().isRest() || images.stream().anyMatch(i -> Double.isFinite(i.get(n).mean()))) {
                kept.add(image.get(c));
            }
        }
        if (kept.stream().noneMatch(c -> c.atlasClass().isRest())) {
            final ClassIntensity darkest = kept.stream().filter(c -> Double.isFinite(c.mean()))
                .min(Comparator.comparingDouble(ClassIntensity::mean)).orElse(kept.get(0));
            kept.add(new ClassIntensity(new AtlasClass(0, "the rest"), 0, darkest.mean(), darkest.spread()));
        }
        return kept;
    }
}
