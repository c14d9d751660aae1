package org.scanbridge.imaging;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.scanbridge.imaging.augment.Augmentation;
import org.scanbridge.imaging.augment.AugmentationPipeline;
import org.scanbridge.imaging.augment.BiasField;
import org.scanbridge.imaging.augment.Blur;
import org.scanbridge.imaging.augment.Brightness;
import org.scanbridge.imaging.augment.Contrast;
import org.scanbridge.imaging.augment.Gamma;
import org.scanbridge.imaging.augment.GaussianNoise;
import org.scanbridge.imaging.augment.Ghosting;
import org.scanbridge.imaging.augment.HistogramShift;
import org.scanbridge.imaging.augment.LabeledVolume;
import org.scanbridge.imaging.augment.LinearBiasField;
import org.scanbridge.imaging.augment.LowResolution;
import org.scanbridge.imaging.augment.Mirror;
import org.scanbridge.imaging.augment.Motion;
import org.scanbridge.imaging.augment.Range;
import org.scanbridge.imaging.augment.RicianNoise;
import org.scanbridge.imaging.augment.SpatialAugmentation;
import org.scanbridge.imaging.augment.Spike;
import org.scanbridge.imaging.augment.ThickSlices;
import org.scanbridge.imaging.components.ConnectedComponents;
import org.scanbridge.imaging.components.Connectivity;
import org.scanbridge.imaging.distance.EuclideanDistanceTransform;
import org.scanbridge.imaging.filter.GaussianBlur;
import org.scanbridge.imaging.metrics.ConfusionCounts;
import org.scanbridge.imaging.metrics.ConfusionMatrix;
import org.scanbridge.imaging.metrics.GeneralizedDice;
import org.scanbridge.imaging.metrics.Histogram;
import org.scanbridge.imaging.metrics.HistogramRange;
import org.scanbridge.imaging.metrics.JensenShannonDivergence;
import org.scanbridge.imaging.metrics.LesionDetection;
import org.scanbridge.imaging.metrics.Metric;
import org.scanbridge.imaging.metrics.OverlapMetric;
import org.scanbridge.imaging.metrics.SegmentVolume;
import org.scanbridge.imaging.metrics.SiteDivergence;
import org.scanbridge.imaging.metrics.SiteIntensities;
import org.scanbridge.imaging.metrics.SurfaceDice;
import org.scanbridge.imaging.metrics.SurfaceMetric;
import org.scanbridge.imaging.normalize.Background;
import org.scanbridge.imaging.normalize.Clahe;
import org.scanbridge.imaging.normalize.ClippedZScore;
import org.scanbridge.imaging.normalize.Foreground;
import org.scanbridge.imaging.normalize.IntensityMethod;
import org.scanbridge.imaging.normalize.IntensityNormalization;
import org.scanbridge.imaging.normalize.Masking;
import org.scanbridge.imaging.normalize.MinMax;
import org.scanbridge.imaging.normalize.NonFiniteVoxels;
import org.scanbridge.imaging.normalize.NyulNormalizer;
import org.scanbridge.imaging.normalize.PercentileScaling;
import org.scanbridge.imaging.normalize.PolynomialBiasCorrection;
import org.scanbridge.imaging.normalize.QuantileMatching;
import org.scanbridge.imaging.normalize.RobustScaling;
import org.scanbridge.imaging.normalize.Sample;
import org.scanbridge.imaging.normalize.Scope;
import org.scanbridge.imaging.normalize.ZScore;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.render.IntensityWindow;
import org.scanbridge.imaging.resample.Fill;
import org.scanbridge.imaging.resample.GridWindow;
import org.scanbridge.imaging.resample.Interpolation;
import org.scanbridge.imaging.resample.LabelInterpolation;
import org.scanbridge.imaging.resample.Reorientation;
import org.scanbridge.imaging.resample.Resampler;
import org.scanbridge.imaging.resample.TargetGrids;
import org.scanbridge.imaging.sampling.BalancedVoxels;
import org.scanbridge.imaging.sampling.PatchGrid;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

import net.imglib2.parallel.TaskExecutor;
import net.imglib2.parallel.TaskExecutors;

/** Every operation with every kind of bad input: a defined result, or an error that names the trouble and a way out. */
class EveryOperationTest {

    private static final TaskExecutor ALONE = TaskExecutors.singleThreaded();

    private static final int[] SIZE = {9, 8, 7};

    /** What may be wrong with an image or with the labels beside it. */
    private enum Input {
            NAN, INFINITE, CONSTANT, ONE_VOXEL, EMPTY_LABELS, FULL_LABELS, OTHER_GRID, FLAT
    }

    private static final Set<Input> NOT_FINITE = EnumSet.of(Input.NAN, Input.INFINITE);

    /** One image, a segmentation that goes with it, and another one. */
    private record Case(Input kind, Volume image, LabelVolume labels, LabelVolume other) {

        Sample sample() {
            return Sample.of(image, labels);
        }
    }

    /**
     * @param run gives volumes, label volumes or numbers
     * @param refused which inputs it must refuse with an {@link ImagingException}
     * @param passesOn whether NaN and infinite voxels of the image may come out again
     */
    private record Operation(String name, Function<Case, Object> run, Set<Input> refused, boolean passesOn) {

        @Override
        public String toString() {
            return name;
        }
    }

    private static Case input(final Input kind) {
        final int[] size = kind == Input.ONE_VOXEL ? new int[]{1, 1, 1}
            : kind == Input.FLAT ? new int[]{SIZE[0], SIZE[1], 1} : SIZE;
        final Geometry grid = Geometry.axial(size, 1, 1.2, 2);
        final float[] x = new float[grid.voxelCount()];
        final byte[] y = new byte[x.length];
        final byte[] z = new byte[x.length];
        for (int v = 0; v < x.length; v++) {
            x[v] = kind == Input.CONSTANT ? 7 : 1 + v * 37 % 101;
            y[v] = (byte)(kind == Input.EMPTY_LABELS ? 0 : kind == Input.FULL_LABELS ? 1 : v % 5 < 3 ? 1 : 0);
            z[v] = (byte)(v % 7 < 3 ? 1 : 0);
        }
        if (kind == Input.ONE_VOXEL) {
            y[0] = 1;
        } else if (NOT_FINITE.contains(kind)) {
            x[x.length / 2] = kind == Input.NAN ? Float.NaN : Float.NEGATIVE_INFINITY;
            y[x.length / 2] = 1;
        }
        final VolumeInfo info = new VolumeInfo("MR", "A", "A-001", "", "");
        final Geometry other = kind == Input.OTHER_GRID ? Geometry.axial(new int[]{size[0] + 1, size[1], size[2]}, 1, 1.2, 2)
            : grid;
        return new Case(kind, new Volume(x, grid, info),
            new LabelVolume(Arrays.copyOf(y, other.voxelCount()), other, info, LabelSet.of("a")),
            new LabelVolume(z, grid, info, LabelSet.of("a")));
    }

    private static Operation pure(final String name, final Function<Case, Object> run, final Input... refused) {
        return new Operation(name, run, set(refused), false);
    }

    private static Operation passing(final String name, final Function<Case, Object> run, final Input... refused) {
        return new Operation(name, run, set(refused), true);
    }

    private static Set<Input> set(final Input... inputs) {
        final Set<Input> set = EnumSet.noneOf(Input.class);
        set.addAll(List.of(inputs));
        return set;
    }

    private static Stream<Operation> operations() {
        final List<Operation> all = new ArrayList<>();
        normalizers(all);
        resampling(all);
        augmentations(all);
        metrics(all);
        sampling(all);
        return all.stream();
    }

    private static void normalizers(final List<Operation> all) {
        final Input[] usual = {Input.NAN, Input.INFINITE, Input.EMPTY_LABELS, Input.OTHER_GRID};
        final Input[] varied = {Input.NAN, Input.INFINITE, Input.EMPTY_LABELS, Input.OTHER_GRID, Input.CONSTANT,
            Input.ONE_VOXEL};
        for (final IntensityMethod method : new IntensityMethod[]{new ZScore(), ClippedZScore.DEFAULT,
            new RobustScaling(), MinMax.UNIT, PercentileScaling.DEFAULT}) {
            for (final Scope scope : Scope.values()) {
                all.add(pure(method + " per " + scope, c -> new IntensityNormalization(method, Foreground.MASK, scope,
                    Background.CONSTANT).fit(List.of(c.sample())).apply(c.sample()), usual));
            }
        }
        all.add(pure("Nyul", c -> NyulNormalizer.fit(List.of(c.sample()), Foreground.MASK, Background.MAPPED)
            .apply(c.sample()), varied));
        all.add(pure("Nyul learned elsewhere", c -> new NyulNormalizer(Foreground.MASK, Background.CONSTANT,
            List.of(0., 50., 100.), List.of(0., 40., 100.)).apply(c.sample()), varied));
        all.add(pure("quantile matching", c -> QuantileMatching
            .toReference(c.sample(), Foreground.MASK, Background.CONSTANT, 11).apply(c.sample()), varied));
        for (final Clahe.Mode mode : Clahe.Mode.values()) {
            all.add(pure("CLAHE " + mode, c -> new Clahe(new Clahe.Settings(mode, 8, 256, 0.01, Foreground.MASK), ALONE)
                .apply(c.sample()), usual));
        }
        all.add(pure("bias correction", c -> new PolynomialBiasCorrection(Foreground.MASK, 3, 3, 10).apply(c.sample()),
            usual));
        all.add(passing("masking", c -> Masking.apply(c.image, c.labels, 0), Input.OTHER_GRID));
        all.add(pure("non-finite voxels", c -> NonFiniteVoxels.replace(c.image, 0)));
        for (final Foreground rule : new Foreground[]{Foreground.WHOLE_IMAGE, Foreground.ABOVE_ZERO}) {
            all.add(pure("foreground " + rule, c -> rule.of(Sample.of(c.image)).cardinality(), Input.NAN,
                Input.INFINITE));
        }
        for (final Foreground rule : new Foreground[]{Foreground.ABOVE_MEAN, Foreground.OTSU}) {
            all.add(pure("foreground " + rule, c -> rule.of(Sample.of(c.image)).cardinality(), Input.NAN,
                Input.INFINITE, Input.CONSTANT, Input.ONE_VOXEL));
        }
    }

    private static void resampling(final List<Operation> all) {
        for (final Interpolation interpolation : Interpolation.values()) {
            final Resampler resampler = new Resampler(interpolation, true, ALONE);
            all.add(passing("to spacing " + interpolation, c -> resampler.toSpacing(c.image, 1.7, 0.7, 1.1)));
            all.add(passing("to oblique grid " + interpolation, c -> resampler.toGrid(c.image,
                new Geometry(new int[]{5, 4, 3}, new double[]{1, 1, 1}, new double[3],
                    new double[]{0.6, 0.8, 0, -0.8, 0.6, 0, 0, 0, 1}), 0)));
            all.add(passing("to a grid far away " + interpolation, c -> {
                final Volume away = resampler.toGrid(c.image, new Geometry(new int[]{2, 2, 2}, new double[]{1, 1, 1},
                    new double[]{500, 0, 0}, new double[]{1, 0, 0, 0, 1, 0, 0, 0, 1}), -3);
                assertArrayEquals(new float[]{-3, -3, -3, -3, -3, -3, -3, -3}, away.voxels());
                return away;
            }));
        }
        for (final LabelInterpolation interpolation : LabelInterpolation.values()) {
            final Resampler resampler = new Resampler(Interpolation.LINEAR, interpolation, true, ALONE);
            all.add(pure("labels to spacing " + interpolation, c -> resampler.toSpacing(c.labels, 1.7, 0.7, 1.1)));
            all.add(pure("labels to grid " + interpolation, c -> resampler.toGrid(c.labels, c.image.geometry())));
        }
        all.add(pure("isotropic grid", c -> TargetGrids.isotropic(c.image.geometry(), 1).voxelCount()));
        all.add(passing("reorientation", c -> Reorientation.toRas(c.image.geometry()).apply(c.image)));
        all.add(passing("crop to content", c -> GridWindow.around(c.labels, 1).apply(c.image, 0), Input.EMPTY_LABELS,
            Input.OTHER_GRID));
        all.add(passing("crop above threshold", c -> GridWindow.around(c.image, 0, 0).apply(c.image, 0)));
        all.add(passing("pad", c -> GridWindow.padded(c.image.geometry(), 1, 2, 3).apply(c.image, 0)));
        all.add(passing("Gaussian blur", c -> new GaussianBlur(1, 2, 3).apply(c.image, ALONE)));
    }

    private static void augmentations(final List<Operation> all) {
        final List<Augmentation> intensity = List.of(Brightness.DEFAULT, Contrast.DEFAULT, Gamma.DEFAULT,
            GaussianNoise.DEFAULT, RicianNoise.DEFAULT, Blur.DEFAULT, LowResolution.DEFAULT, ThickSlices.DEFAULT,
            BiasField.DEFAULT, LinearBiasField.DEFAULT, HistogramShift.DEFAULT, Ghosting.DEFAULT, Spike.DEFAULT,
            Motion.DEFAULT, new AugmentationPipeline(List.of(Gamma.DEFAULT, Blur.DEFAULT)));
        for (final Augmentation augmentation : intensity) {
            all.add(pure("augmentation " + augmentation, c -> augmentation.draw(new SeededRandom(3))
                .apply(LabeledVolume.of(c.image, c.labels)).image(), Input.NAN, Input.INFINITE, Input.OTHER_GRID));
        }
        all.add(passing("mirror", c -> new Mirror(1, 1, 1).draw(new SeededRandom(3))
            .apply(LabeledVolume.of(c.image, c.labels)).image(), Input.OTHER_GRID));
        final Augmentation spatial = new SpatialAugmentation(new SpatialAugmentation.Settings(Range.symmetric(15),
            new Range(0.85, 1.2), Range.symmetric(0.05), Range.symmetric(0.1), 1, 1, 7, 1, 1), Fill.ZERO, ALONE);
        all.add(passing("spatial augmentation", c -> {
            final LabeledVolume moved = spatial.draw(new SeededRandom(3)).apply(LabeledVolume.of(c.image, c.labels));
            assertTrue(moved.labels().orElseThrow().maxValue() <= 1);
            return moved.image();
        }, Input.OTHER_GRID));
    }

    private static void metrics(final List<Operation> all) {
        final List<Metric> metrics = new ArrayList<>(List.of(OverlapMetric.values()));
        metrics.addAll(List.of(SurfaceMetric.values()));
        metrics.add(new SurfaceDice(1));
        for (final Metric metric : metrics) {
            all.add(pure(metric.title(), c -> metric.score(c.labels, c.other, 1), Input.OTHER_GRID));
            all.add(pure(metric.title() + " the other way", c -> metric.score(c.other, c.labels, 1),
                Input.OTHER_GRID));
        }
        all.add(pure("confusion counts", c -> ConfusionCounts.of(c.labels, c.other, 1).accuracy(), Input.OTHER_GRID));
        all.add(pure("confusion matrix", c -> ConfusionMatrix.of(c.labels, c.other).count(1, 1), Input.OTHER_GRID));
        all.add(pure("generalized Dice", c -> new GeneralizedDice(GeneralizedDice.Weight.values()[0]).score(c.labels,
            c.other, List.of(1, 2)), Input.OTHER_GRID));
        for (final LesionDetection.Rule rule : LesionDetection.Rule.values()) {
            all.add(pure("lesions " + rule, c -> new LesionDetection(Connectivity.CORNERS, 0, rule)
                .score(c.labels, c.other, 1).f1(), Input.OTHER_GRID));
        }
        all.add(pure("volume", c -> SegmentVolume.milliliters(c.labels, 1)));
        all.add(pure("components", c -> ConnectedComponents.of(c.labels, 1, Connectivity.FACES).count()));
        all.add(passing("distance transform", c -> {
            final boolean[] set = new boolean[c.labels.voxels().length];
            for (int v = 0; v < set.length; v++) {
                set[v] = c.labels.voxels()[v] != 0;
            }
            final float[] d = new EuclideanDistanceTransform(c.labels.geometry().spacing(), ALONE).squaredDistances(set,
                c.labels.geometry().size());
            assertEquals(c.kind == Input.EMPTY_LABELS ? Float.POSITIVE_INFINITY : 0, d[0]);
            return (double)d.length;
        }));
        all.add(pure("histogram", c -> Histogram.of(c.image.voxels(), HistogramRange.of(0, 50)).total(), Input.NAN,
            Input.INFINITE));
        all.add(pure("divergence of sites", c -> {
            final SiteIntensities intensities = new SiteIntensities();
            intensities.add("A", c.image, c.labels);
            intensities.add("B", c.image, c.labels);
            return SiteDivergence.of(intensities, intensities.pooledRange(16), JensenShannonDivergence.NATURAL)
                .overall();
        }, Input.NAN, Input.INFINITE, Input.EMPTY_LABELS, Input.OTHER_GRID));
    }

    private static void sampling(final List<Operation> all) {
        all.add(pure("grid patches", c -> new PatchGrid(new int[]{2, 2, 1}, new int[]{1, 1, 1})
            .foregroundCentered(c.image, c.labels).size(), Input.ONE_VOXEL, Input.OTHER_GRID));
        all.add(pure("balanced voxels",
            c -> BalancedVoxels.perClass(c.labels, List.of(0, 1), 5, new SeededRandom(1)).size()));
        all.add(pure("lesion rule", c -> BalancedVoxels.lesionRule(c.labels, c.other, new SeededRandom(1)).length,
            Input.EMPTY_LABELS, Input.OTHER_GRID));
    }

    private static Stream<Arguments> cases() {
        return operations().flatMap(o -> Arrays.stream(Input.values()).map(i -> Arguments.of(o, i)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("cases")
    void hasADefinedResultOrAClearError(final Operation operation, final Input kind) {
        final Case input = input(kind);
        final float[] before = input.image.voxels().clone();
        if (operation.refused.contains(kind)) {
            final ImagingException e = assertThrows(ImagingException.class, () -> operation.run.apply(input));
            assertTrue(e.getMessage().length() > 40 && e.getMessage().endsWith("."), e.getMessage());
        } else {
            final Object result = operation.run.apply(input);
            assertNotNull(result);
            final boolean may = operation.passesOn && NOT_FINITE.contains(kind);
            if (result instanceof Volume v) {
                assertTrue(v.voxels().length > 0);
                for (int n = 0; n < v.voxels().length && !may; n++) {
                    assertTrue(Float.isFinite(v.voxels()[n]), "voxel " + n + " is " + v.voxels()[n]);
                }
            } else if (result instanceof LabelVolume l) {
                assertTrue(l.maxValue() <= 1);
            } else if (result instanceof OptionalDouble d && d.isPresent()) {
                assertTrue(Double.isFinite(d.getAsDouble()));
            } else if (result instanceof Number n) {
                assertTrue(Double.isFinite(n.doubleValue()));
            }
        }
        assertArrayEquals(before, input.image.voxels(), "the input is left alone");
    }

    /** The display, which must show whatever there is. */
    @ParameterizedTest
    @MethodSource("kinds")
    void windowsOfAnyImageAreFinite(final Input kind) {
        final IntensityWindow window = IntensityWindow.percentiles(input(kind).image, 1, 99);
        assertTrue(window.black() < window.white(), window.toString());
    }

    private static Stream<Input> kinds() {
        return Arrays.stream(Input.values());
    }
}
