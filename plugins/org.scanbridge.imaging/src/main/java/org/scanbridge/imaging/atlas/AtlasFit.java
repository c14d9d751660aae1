package org.scanbridge.imaging.atlas;

import java.util.Locale;
import java.util.Optional;

import org.hipparchus.util.FastMath;

/**
 * How well an atlas fits an image, whatever the image's contrast: what its labels' places tell of the intensities there.
 *
 * @param covered share of the atlas' labeled volume that lies within the image's field of view, in [0, 1]
 * @param told what place tells of an intensity in a labeled region, in bits per voxel: the mean of log2 p(y | priors there) −
 *            log2 p(y | mean priors of the region), with the intensities that were estimated. About 0, or below, where the
 *            image does not follow the atlas; more than {@code known} where it follows the most probable labels more closely than the
 *            atlas' own subjects did
 * @param known what place tells of the label itself, in bits per voxel: the mutual information of label and place; 0 for one label
 *            with sharp edges
 */
public record AtlasFit(double covered, double told, double known) {

    /** Where labels have at least half of the probability, voxels are theirs. */
    private static final double LABELED = 0.5;

    /** Below, an image is doubted; low, so that good images of inverted contrast are not doubted, see docs/domain-adaptation.md. */
    private static final double LEAST_FOLLOWED = 0.1;

    /** Below, an image is doubted: five slices of 2 mm show less of a head. */
    private static final double LEAST_COVERED = 0.2;

    /** An atlas of one label, whose place says next to nothing of it within its region, judges no image. */
    private static final double LEAST_KNOWN = 0.1;

    /** {@code told} relative to {@code known}: about 1 where intensities tell labels apart without an error; NaN if nothing is known. */
    public double followed() {
        return known > 0 ? told / known : Double.NaN;
    }

    /**
     * Why the segmentation is doubtful.
     *
     * @return a sentence for people; empty if there is nothing to say, which is no proof that the segmentation is right
     */
    public Optional<String> doubt() {
        if (covered < LEAST_COVERED) {
            return Optional.of(String.format(Locale.ROOT, "Only %.0f %% of the atlas' labels lie within the image (least %.0f %%).",
                100 * covered, 100 * LEAST_COVERED));
        }
        return known >= LEAST_KNOWN && followed() < LEAST_FOLLOWED
            ? Optional.of(String.format(Locale.ROOT,
                "The intensities hardly follow the atlas: its fit is %.2f (least %.2f).", followed(), LEAST_FOLLOWED))
            : Optional.empty();
    }

    static AtlasFit of(final Atlas atlas, final AtlasPlacement placement, final SampledVoxels samples,
        final IntensityMixture mixture, final SmoothField field, final LogIntensity scale) {
        final int classes = atlas.classes().size();
        final float[] mean = new float[classes];
        double entropy = 0;
        int n = 0;
        for (int v = 0; v < samples.values().length; v++) {
            if (isLabeled(atlas, samples.priors(), v * classes)) {
                for (int c = 0; c < classes; c++) {
                    final double p = samples.priors()[v * classes + c];
                    mean[c] += (float)p;
                    entropy -= p > 0 ? p * FastMath.log(2, p) : 0;
                }
                n++;
            }
        }
        if (n == 0) {
            return new AtlasFit(covered(atlas, placement), 0, 0);
        }
        double known = -entropy / n;
        for (int c = 0; c < classes; c++) {
            mean[c] /= n;
            known -= mean[c] > 0 ? mean[c] * FastMath.log(2, mean[c]) : 0;
        }
        final IntensityMixture.Gaussians gaussians = mixture.gaussians();
        double told = 0;
        for (int v = 0; v < samples.values().length; v++) {
            if (isLabeled(atlas, samples.priors(), v * classes)) {
                final double b = field.at(samples.places()[3 * v], samples.places()[3 * v + 1], samples.places()[3 * v + 2]);
                final double y = scale.log(samples.intensities()[v], b);
                told += FastMath.log(2, gaussians.at(y, samples.priors(), v * classes) / gaussians.at(y, mean, 0));
            }
        }
        return new AtlasFit(covered(atlas, placement), told / n, known);
    }

    private static boolean isLabeled(final Atlas atlas, final float[] priors, final int first) {
        double p = 0;
        for (int c = 0; c < atlas.classes().size(); c++) {
            p += atlas.classes().get(c).isRest() ? 0 : priors[first + c];
        }
        return p >= LABELED;
    }

    private static double covered(final Atlas atlas, final AtlasPlacement placement) {
        double all = 0;
        double within = 0;
        for (int v = 0; v < atlas.geometry().voxelCount(); v++) {
            double w = 0;
            for (int c = 0; c < atlas.classes().size(); c++) {
                w += atlas.classes().get(c).isRest() ? 0 : atlas.prior(c)[v] & 0xff;
            }
            all += w;
            within += w > 0 && placement.isSeen(v) ? w : 0;
        }
        return within / all;
    }
}
