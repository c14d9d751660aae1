package org.scanbridge.imaging.atlas;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

import org.hipparchus.util.FastMath;
import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.register.AffineTransform;
import org.scanbridge.imaging.register.CutOutRegistration;
import org.scanbridge.imaging.register.Freedom;
import org.scanbridge.imaging.register.Registration;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;

import net.imglib2.parallel.TaskExecutor;

/**
 * Segments an image of any contrast by an atlas, without training (Van Leemput et al., TMI 1999; Ashburner &amp; Friston,
 * NeuroImage 2005; Puonti et al., NeuroImage 2016). The atlas' classes are registered onto the image, rigidly and affinely; for both,
 * intensities of all classes and a smooth bias field are estimated in turn by expectation–maximization on the logarithm of
 * the image, and the one that tells more of the image is kept. Where a brain was cut out, the edge
 * of the cut, which follows no tissue, is then left out of account ({@link CutOutRegistration}), unless that tells clearly less. At last
 * every voxel gets its probabilities, which a Markov random field makes agree with its neighbors'.
 * <p>
 * What the atlas does not know, such as lesions, is given to the class it looks like. Deterministic, whatever the number of
 * workers. Memory beside image and results: 12 bytes per label (and 12 for the rest) and voxel within the atlas, and 4 bytes
 * per class of the atlas and sampled voxel.
 */
public final class AtlasSegmenter {

    /** Step from which the field is estimated: before, classes are not yet where they belong. */
    private static final int FIRST_FIELD = 4;

    /** Step after which classes get more than one Gaussian. */
    private static final int SPLIT = 8;

    private static final double CONVERGED = 1e-5;

    /** Least standard deviation of a Gaussian, as a share of the spread of all intensities. */
    private static final double LEAST_SPREAD = 0.03;

    /** The field's ridge: see {@link SmoothField#fit}. */
    private static final double RIDGE = 1e-3;

    /** The field is fitted to every n-th sampled voxel, since it has few parameters; a power of two. */
    private static final int FIELD_STRIDE = 4;

    private static final int SWEEPS = 6;

    /**
     * By which share of what it tells the rigid placement must tell more than the affine one to be taken: those of the same image
     * with other rounding differ by up to 0.01, and the affine one fits better in general.
     */
    private static final double CLEARLY = 0.02;

    private static final long SEED = 20_080_731;

    /** Slices between two reports of progress. */
    private static final int SLICES = 8;

    private final Atlas m_atlas;

    private final SegmenterOptions m_options;

    /**
     * @param atlas of the same part of the body
     * @param options how to segment
     */
    public AtlasSegmenter(final Atlas atlas, final SegmenterOptions options) {
        m_atlas = Objects.requireNonNull(atlas, "atlas");
        m_options = Objects.requireNonNull(options, "options");
    }

    /**
     * @param image finite
     * @param probabilities whether the labels' probabilities are wanted
     * @param workers what the work is shared out to
     * @param progress of this image
     * @throws ImagingException if the image is constant, not finite, or shows something else than the atlas
     */
    public AtlasSegmentation segment(final Volume image, final boolean probabilities, final TaskExecutor workers,
        final Progress progress) {
        final LogIntensity scale = new LogIntensity(image);
        final Volume shown = ShownBox.of(image);
        final MarginalDensity anywhere = new MarginalDensity(image, scale);
        Placed best = null;
        double most = -Double.MAX_VALUE;
        for (final Freedom freedom : Freedom.values()) {
            final Progress part = freedom == Freedom.RIGID ? progress.part(0, 0.3) : progress.part(0.3, 0.6);
            final AffineTransform toImage = new Registration(freedom, finest(m_atlas))
                .register(m_atlas, shown, workers, part.part(0, 0.5)).transform();
            final Placed placed = placed(image, toImage, scale, workers, part.part(0.5, 1));
            final double told = told(placed, image, scale, anywhere);
            best = told > most - CLEARLY * Math.abs(most) ? placed : best;
            most = Math.max(most, told);
        }
        if (scale.isPadded(shown)) {
            final AffineTransform inside = new CutOutRegistration(finest(m_atlas)).refined(m_atlas, shown, scale.padding(),
                best.toImage(), workers, progress.part(0.6, 0.7));
            final Placed placed = placed(image, inside, scale, workers, progress.part(0.7, 0.75));
            best = told(placed, image, scale, anywhere) > most - CLEARLY * Math.abs(most) ? placed : best;
        }
        return labeled(image, best, scale, probabilities, workers, progress.part(0.75, 1));
    }

    /** 2 mm for heads, finer for smaller things. */
    static double finest(final Atlas atlas) {
        return Math.max(1, Math.min(2, atlas.radius() / 20));
    }

    /**
     * As {@link #segment(Volume, boolean, TaskExecutor, Progress)} with an atlas that lies where it belongs already.
     *
     * @param toImage from positions in the atlas to those in the image, LPS in mm
     */
    public AtlasSegmentation segment(final Volume image, final AffineTransform toImage, final boolean probabilities,
        final TaskExecutor workers, final Progress progress) {
        final LogIntensity scale = new LogIntensity(image);
        return labeled(image, placed(image, toImage, scale, workers, progress.part(0, 0.5)), scale, probabilities, workers,
            progress.part(0.5, 1));
    }

    /** An atlas on an image, and what was estimated there. */
    private record Placed(AffineTransform toImage, AtlasPlacement placement, SampledVoxels samples, Estimate estimate) {
    }

    /**
     * How much an atlas at a place tells of the whole image: Σ log p(y | place) − log p(y) over all voxels. Placements reach
     * different voxels, so what they say of their own does not compare: one that is too large has more air in it, which every
     * model explains. So a voxel beyond the atlas counts as one without a label, or as any voxel of the image if it rather looks
     * like that. Mutual information alone may take one layer of tissue for the next where the contrast is another than the atlas'.
     */
    private double told(final Placed placed, final Volume image, final LogIntensity scale, final MarginalDensity anywhere) {
        final Geometry g = image.geometry();
        final double share = placed.samples().share();
        final AtlasPlacement placement = placed.placement();
        final SmoothField field = placed.estimate().field();
        final IntensityMixture.Gaussians gaussians = placed.estimate().mixture().gaussians();
        final float[] beyond = rest(placed.samples());
        final float[] priors = new float[beyond.length];
        final SeededRandom random = new SeededRandom(SEED);
        double sum = 0;
        for (int k = 0, v = 0; k < g.size(2); k++) {
            for (int j = 0; j < g.size(1); j++) {
                for (int i = 0; i < g.size(0); i++, v++) {
                    final float x = image.voxels()[v];
                    if (random.nextDouble() >= share || scale.isPadding(x)) {
                        continue;
                    }
                    final double y = scale.log(x, 0);
                    if (placement.priors(i, j, k, priors, 0)) {
                        final double b = field.at(placement.box(0, i), placement.box(1, j), placement.box(2, k));
                        sum += FastMath.log(gaussians.at(scale.log(x, b), priors, 0)) + scale.stretch(x, b) - anywhere.log(y);
                    } else {
                        sum += Math.max(0, FastMath.log(gaussians.at(y, beyond, 0)) - anywhere.log(y));
                    }
                }
            }
        }
        return sum / share;
    }

    /** How frequent the classes without a label are among those without one; all 0 if there are none. */
    private float[] rest(final SampledVoxels samples) {
        final int classes = m_atlas.classes().size();
        final double[] sums = new double[classes];
        double all = 0;
        for (int n = 0; n < samples.priors().length; n++) {
            if (m_atlas.classes().get(n % classes).isRest()) {
                sums[n % classes] += samples.priors()[n];
                all += samples.priors()[n];
            }
        }
        final float[] rest = new float[classes];
        for (int c = 0; c < classes && all > 0; c++) {
            rest[c] = (float)(sums[c] / all);
        }
        return rest;
    }

    private Placed placed(final Volume image, final AffineTransform toImage, final LogIntensity scale,
        final TaskExecutor workers, final Progress progress) {
        final AtlasPlacement placement = new AtlasPlacement(m_atlas, image.geometry(), toImage);
        final SampledVoxels samples = SampledVoxels.of(image, scale, placement, m_atlas.classes().size(),
            m_options.sampling());
        if (samples.values().length < 100) {
            throw new ImagingException("Only " + samples.values().length + " voxels of the image of subject \""
                + image.info().subject() + "\" show something and lie within the atlas. Choose an image of the same part"
                + " of the body, with more or smaller voxels.");
        }
        return new Placed(toImage, placement, samples, estimate(samples, scale, workers, progress));
    }

    /**
     * Intensities and field of an image.
     *
     * @param level mean of the field over labeled places, which is left in the corrected image so that it keeps its brightness
     */
    private record Estimate(IntensityMixture mixture, SmoothField field, double level, List<Double> logLikelihoods) {
    }

    private double level(final SampledVoxels samples, final float[] field) {
        final int classes = m_atlas.classes().size();
        double sum = 0;
        double all = 0;
        for (int v = 0; v < field.length; v++) {
            for (int c = 0; c < classes; c++) {
                final double p = m_atlas.classes().get(c).isRest() ? 0 : samples.priors()[v * classes + c];
                sum += p * field[v];
                all += p;
            }
        }
        return all > 0 ? sum / all : 0;
    }

    private Estimate estimate(final SampledVoxels samples, final LogIntensity scale, final TaskExecutor workers,
        final Progress progress) {
        final int n = samples.values().length;
        final double floor = samples.variance() * LEAST_SPREAD * LEAST_SPREAD;
        final float[] field = new float[n];
        final float[] values = samples.values().clone();
        final float[] residuals = new float[n];
        final float[] weights = new float[n];
        final float[] gains = new float[n];
        for (int v = 0; v < n; v++) {
            gains[v] = (float)scale.gain(samples.intensities()[v], 0);
        }
        SmoothField smooth = SmoothField.zero(m_options.fieldOrder());
        IntensityMixture mixture =
            IntensityMixture.start(m_atlas.classes().size(), values, samples.priors(), floor);
        final List<Double> trace = new ArrayList<>();
        final double[] logLikelihood = new double[1];
        for (int step = 0; step < m_options.steps(); step++) {
            progress.report((double)step / m_options.steps(), "Segmenting: estimating intensities");
            mixture = mixture.step(values, samples.priors(), floor, logLikelihood, workers);
            final int last = trace.size() - 1;
            trace.add(logLikelihood[0]);
            if (step > SPLIT + 4 && Math.abs(trace.get(last + 1) - trace.get(last)) < CONVERGED * Math.abs(trace.get(last))) {
                break;
            }
            if (step == SPLIT && m_options.gaussians() > 1) {
                mixture = mixture.split(m_atlas.classes().stream().mapToInt(c -> c.isRest() ? 1 : m_options.gaussians())
                    .toArray());
            }
            if (step >= FIRST_FIELD && m_options.fieldOrder() > 0) {
                mixture.residuals(values, field, gains, samples.priors(), FIELD_STRIDE, residuals, weights, workers);
                smooth = smooth.fit(samples.places(), residuals, weights, RIDGE, workers);
                final SmoothField current = smooth;
                workers.forEach(IntStream.range(0, 64).boxed().toList(), part -> {
                    for (int v = (int)((long)part * n / 64); v < (int)((part + 1L) * n / 64); v++) {
                        field[v] = (float)current.at(samples.places()[3 * v], samples.places()[3 * v + 1],
                            samples.places()[3 * v + 2]);
                        values[v] = (float)scale.log(samples.intensities()[v], field[v]);
                        gains[v] = (float)scale.gain(samples.intensities()[v], field[v]);
                    }
                });
            }
        }
        return new Estimate(mixture, smooth, level(samples, field), trace);
    }

    private AtlasSegmentation labeled(final Volume image, final Placed placed, final LogIntensity scale,
        final boolean probabilities, final TaskExecutor workers, final Progress progress) {
        final AtlasPlacement placement = placed.placement();
        final Estimate estimate = placed.estimate();
        final Geometry g = image.geometry();
        final int[] size = new int[3];
        for (int a = 0; a < 3; a++) {
            size[a] = placement.high(a) - placement.low(a) + 1;
        }
        final LabelSet labels = m_atlas.labels();
        final int[] values = labels.names().keySet().stream().mapToInt(Integer::intValue).toArray();
        final int classes = m_atlas.classes().size();
        final int[] output = new int[classes];
        for (int c = 0; c < classes; c++) {
            output[c] = 1 + Arrays.binarySearch(values, m_atlas.classes().get(c).label());
            output[c] = m_atlas.classes().get(c).isRest() ? 0 : output[c];
        }
        final float[][] p = new float[values.length + 1][size[0] * size[1] * size[2]];
        final float[] corrected = image.voxels().clone();
        for (int from = 0; from < size[2]; from += SLICES) {
            // reported here and not by the workers, whose exceptions would be wrapped
            progress.report(0.6 * from / size[2], "Segmenting: all voxels");
            workers.forEach(IntStream.range(from, Math.min(size[2], from + SLICES)).boxed().toList(), k -> {
                final IntensityMixture.Gaussians gaussians = estimate.mixture().gaussians();
                final float[] priors = new float[classes];
                final double[] posterior = new double[classes];
                int at = k * size[0] * size[1];
                final int z = k + placement.low(2);
                for (int j = 0; j < size[1]; j++) {
                    final int y = j + placement.low(1);
                    for (int i = 0; i < size[0]; i++, at++) {
                        final int x = i + placement.low(0);
                        final int v = (z * g.size(1) + y) * g.size(0) + x;
                        p[0][at] = 1;
                        if (!placement.priors(x, y, z, priors, 0) || scale.isPadding(image.voxels()[v])) {
                            continue;
                        }
                        final double b = estimate.field().at(placement.box(0, x), placement.box(1, y), placement.box(2, z));
                        corrected[v] = (float)scale.corrected(image.voxels()[v], b - estimate.level());
                        if (gaussians.posterior(scale.log(image.voxels()[v], b), priors, 0, posterior)) {
                            p[0][at] = 0;
                            for (int c = 0; c < classes; c++) {
                                p[output[c]][at] += (float)posterior[c];
                            }
                        }
                    }
                }
            });
        }
        NeighborField.smooth(p, size, g.spacing(), m_options.neighbors(), SWEEPS, workers, progress.part(0.6, 0.9));
        progress.report(0.9, "Segmenting: labels");
        final LabelVolume result = new LabelVolume(labels(p, values, placement, size, g), g, image.info(), labels);
        final List<Volume> maps = new ArrayList<>();
        for (int c = 1; probabilities && c < p.length; c++) {
            maps.add(image.withVoxels(whole(p[c], placement, size, g)));
        }
        return new AtlasSegmentation(result, maps, image.withVoxels(corrected),
            intensities(placed.samples(), estimate, scale), placed.toImage(), List.copyOf(estimate.logLikelihoods()),
            AtlasFit.of(m_atlas, placement, placed.samples(), estimate.mixture(), estimate.field(), scale));
    }

    private static byte[] labels(final float[][] p, final int[] values, final AtlasPlacement placement, final int[] size,
        final Geometry g) {
        final byte[] labels = new byte[g.voxelCount()];
        for (int at = 0; at < p[0].length; at++) {
            int best = 0;
            for (int c = 1; c < p.length; c++) {
                best = p[c][at] > p[best][at] ? c : best;
            }
            if (best > 0) {
                labels[voxel(at, placement, size, g)] = (byte)values[best - 1];
            }
        }
        return labels;
    }

    private static float[] whole(final float[] p, final AtlasPlacement placement, final int[] size, final Geometry g) {
        final float[] map = new float[g.voxelCount()];
        for (int at = 0; at < p.length; at++) {
            map[voxel(at, placement, size, g)] = p[at];
        }
        return map;
    }

    private static int voxel(final int at, final AtlasPlacement placement, final int[] size, final Geometry g) {
        return ((at / size[0] / size[1] + placement.low(2)) * g.size(1) + at / size[0] % size[1] + placement.low(1)) * g.size(0)
            + at % size[0] + placement.low(0);
    }

    /** Means and spreads in the image's units, over the sampled voxels. */
    private List<ClassIntensity> intensities(final SampledVoxels samples, final Estimate estimate, final LogIntensity scale) {
        final int classes = m_atlas.classes().size();
        final double[] w = new double[classes];
        final double[] wx = new double[classes];
        final double[] wxx = new double[classes];
        final double[] posterior = new double[classes];
        final IntensityMixture.Gaussians gaussians = estimate.mixture().gaussians();
        for (int v = 0; v < samples.values().length; v++) {
            final double b =
                estimate.field().at(samples.places()[3 * v], samples.places()[3 * v + 1], samples.places()[3 * v + 2]);
            gaussians.posterior(scale.log(samples.intensities()[v], b), samples.priors(), v * classes, posterior);
            final double x = scale.corrected(samples.intensities()[v], b - estimate.level());
            for (int c = 0; c < classes; c++) {
                w[c] += posterior[c];
                wx[c] += posterior[c] * x;
                wxx[c] += posterior[c] * x * x;
            }
        }
        final double all = Arrays.stream(w).sum();
        final List<ClassIntensity> intensities = new ArrayList<>();
        for (int c = 0; c < classes; c++) {
            final double mean = w[c] > 0 ? wx[c] / w[c] : Double.NaN;
            intensities.add(new ClassIntensity(m_atlas.classes().get(c), all > 0 ? w[c] / all : 0, mean,
                Math.sqrt(Math.max(0, wxx[c] / w[c] - mean * mean))));
        }
        return intensities;
    }
}
