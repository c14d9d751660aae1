package org.scanbridge.learning.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.filter.GaussianBlur;
import org.scanbridge.imaging.metrics.Histogram;
import org.scanbridge.imaging.metrics.HistogramRange;
import org.scanbridge.imaging.metrics.JensenShannonDivergence;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.learning.architecture.NetworkOutput;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.NetworkSpec.Kind;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.data.Role;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.graph.PatchDiscriminatorSpec;
import org.scanbridge.learning.method.ImageTranslation;
import org.scanbridge.learning.method.ImageTranslationOptions;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.predict.ImageSimilarity;
import org.scanbridge.learning.predict.LearnedNormalization;
import org.scanbridge.learning.train.TrainingListener;
import org.scanbridge.learning.train.TranslationResult;

import net.imglib2.parallel.TaskExecutors;

/**
 * The gap closure of unpaired translation, with the sites, subjects, source and oracle networks of {@link AdaptationTable}:
 * the images of B's test subjects are translated to A's style and segmented by the source network as it is. Arguments: the
 * folder of that table, then seeds. Results are appended to {@code translation.csv} in it: seed, generators and options,
 * Dice on A, on B before, of the oracle, on B after, gap closure, Jensen-Shannon divergence of the sites inside the head
 * before and after, normalized cross-correlation of B's images with their translation, and with it translated back,
 * seconds of training. With a system property {@code translation.smoothing} nothing is trained: as a control, B's images are
 * smoothed in the plane with a Gaussian of that many voxels, and z-scored again. System properties {@code translation.…}
 * override generators and options.
 */
public final class TranslationTable {

    private static final int PATCH = Integer.getInteger("translation.patch", 48);

    private static final boolean FLAT = !Boolean.getBoolean("translation.cubes");

    private final AdaptationTable m_table;

    private final long m_seed;

    /** One rule for all images, from the training images of both sites without their labels. */
    private final HistogramRange m_range;

    private TranslationTable(final Path folder, final long seed) {
        m_table = new AdaptationTable(folder, seed);
        m_seed = seed;
        m_range = HistogramRange.pooled(m_table.both().stream().filter(c -> c.role() == Role.TRAIN)
            .map(c -> foreground(c.image().get())).toList(), HistogramRange.DEFAULT_BINS);
    }

    public static void main(final String[] arguments) throws IOException {
        final Path folder = Files.createDirectories(Path.of(arguments[0]));
        for (int n = 1; n < arguments.length; n++) {
            final TranslationTable table = new TranslationTable(folder, Long.parseLong(arguments[n]));
            final double sigma = number("smoothing", 0);
            final String line = sigma > 0 ? table.smooth(sigma) : table.run();
            System.out.print(line);
            Files.writeString(folder.resolve("translation.csv"), line, StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
        }
    }

    private static NetworkSpec generator() {
        return new NetworkSpec(FLAT ? Kind.UNET_2D : Kind.UNET_3D, 1, 1, Integer.getInteger("translation.width", 8),
            Integer.getInteger("translation.levels", 1), Norm.INSTANCE, new PatchSize(PATCH, PATCH, FLAT ? 1 : PATCH),
            NetworkOutput.valueOf(System.getProperty("translation.output", "SIGMOID_RESIDUAL")));
    }

    private static double number(final String name, final double otherwise) {
        return Double.parseDouble(System.getProperty("translation." + name, "" + otherwise));
    }

    private static ImageTranslationOptions options() {
        final ImageTranslationOptions o = ImageTranslationOptions.defaults(List.of("A"));
        return o.withSteps((int)number("steps", o.steps())).withBatch((int)number("batch", o.batch()))
            .withLearningRates(number("rate", o.learningRate()), number("rateD", o.discriminatorLearningRate()))
            .withWeights(number("cycle", o.cycleWeight()), number("identity", o.identityWeight()))
            .withDiscriminator(new PatchDiscriminatorSpec((int)number("widthD", o.discriminator().width()),
                (int)number("strided", o.discriminator().strided()), !Boolean.getBoolean("translation.plain")));
    }

    private String run() throws IOException {
        final Network source = m_table.source(Norm.GROUP);
        final Network oracle = m_table.oracle(Norm.GROUP);
        final List<TrainingCase> cases = m_table.both().stream()
            .map(c -> new TrainingCase(() -> scaled(c.image().get()), null, c.subject(), c.site(), c.role())).toList();
        final long start = System.nanoTime();
        final TranslationResult result = ImageTranslation.run(generator(), cases, options().withSeed(m_seed),
            Optional.empty(), Progress.NONE, Boolean.getBoolean("verbose") ? m -> {
                if (m.step() % 50 == 0) {
                    System.out.println(m.step() + " " + m.others());
                }
            } : TrainingListener.NONE);
        final double seconds = (System.nanoTime() - start) * 1e-9;
        final List<PhantomCases.Pair> translated = new ArrayList<>();
        double similarity = 0;
        double cycle = 0;
        try (LearnedNormalization forward = new LearnedNormalization(result.forward());
                LearnedNormalization backward = new LearnedNormalization(result.backward())) {
            for (final PhantomCases.Pair pair : m_table.test(1)) {
                final Volume made = translate(backward, pair.image());
                translated.add(new PhantomCases.Pair(made, pair.labels()));
                similarity += ImageSimilarity.correlation(pair.image(), made) / m_table.test(1).size();
                cycle += ImageSimilarity.correlation(pair.image(), translate(forward, made)) / m_table.test(1).size();
            }
        }
        final double before = AdaptationTable.dice(source, m_table.test(1));
        final double best = AdaptationTable.dice(oracle, m_table.test(1));
        final double after = AdaptationTable.dice(source, translated);
        return String.format(Locale.ROOT, "%d,%s %s,%.4f,%.4f,%.4f,%.4f,%.4f,%.3f,%.3f,%.3f,%.3f,%.0f%n", m_seed,
            generator().toString().replace(',', ' '), options().toString().replace(',', ' '),
            AdaptationTable.dice(source, m_table.test(0)), before, best, after, (after - before) / (best - before),
            divergence(m_table.test(0), m_table.test(1)), divergence(m_table.test(0), translated), similarity, cycle,
            seconds);
    }

    private String smooth(final double sigma) throws IOException {
        final GaussianBlur blur = new GaussianBlur(sigma, sigma, 0);
        final List<PhantomCases.Pair> smoothed = m_table.test(1).stream().map(pair -> {
            final float[] voxels = blur.apply(pair.image(), TaskExecutors.singleThreaded()).voxels().clone();
            double sum = 0;
            double squares = 0;
            double count = 0;
            for (int v = 0; v < voxels.length; v++) {
                if (pair.image().voxels()[v] != 0) {
                    sum += voxels[v];
                    squares += voxels[v] * voxels[v];
                    count++;
                }
            }
            final double mean = sum / count;
            final double deviation = Math.sqrt(squares / count - mean * mean);
            for (int v = 0; v < voxels.length; v++) {
                voxels[v] = pair.image().voxels()[v] == 0 ? 0 : (float)((voxels[v] - mean) / deviation);
            }
            return new PhantomCases.Pair(pair.image().withVoxels(voxels), pair.labels());
        }).toList();
        final double before = AdaptationTable.dice(m_table.source(Norm.GROUP), m_table.test(1));
        final double best = AdaptationTable.dice(m_table.oracle(Norm.GROUP), m_table.test(1));
        final double after = AdaptationTable.dice(m_table.source(Norm.GROUP), smoothed);
        return String.format(Locale.ROOT, "%d,smoothing %s,%.4f,%.4f,%.4f,%.4f%n", m_seed, sigma, before, best, after,
            (after - before) / (best - before));
    }

    /** To [0, 1]; beyond the range of the training images it is cut off. */
    private Volume scaled(final Volume image) {
        final float[] voxels = image.voxels().clone();
        for (int v = 0; v < voxels.length; v++) {
            voxels[v] = (float)Math.max(0, Math.min(1, (voxels[v] - m_range.min()) / (m_range.max() - m_range.min())));
        }
        return image.withVoxels(voxels);
    }

    /** Through a generator and back to the scale of the source network; the background, exactly 0, stays what it is. */
    private Volume translate(final LearnedNormalization generator, final Volume image) {
        final float[] voxels = generator.apply(scaled(image), Progress.NONE).voxels().clone();
        for (int v = 0; v < voxels.length; v++) {
            voxels[v] = image.voxels()[v] == 0 ? 0
                : (float)(m_range.min() + voxels[v] * (m_range.max() - m_range.min()));
        }
        return image.withVoxels(voxels);
    }

    private static float[] foreground(final Volume image) {
        final float[] all = image.voxels();
        final float[] inside = new float[all.length];
        int n = 0;
        for (final float v : all) {
            if (v != 0) {
                inside[n++] = v;
            }
        }
        return Arrays.copyOf(inside, n);
    }

    private double divergence(final List<PhantomCases.Pair> a, final List<PhantomCases.Pair> b) {
        return JensenShannonDivergence.NATURAL.of(List.of(histogram(a), histogram(b))).orElseThrow();
    }

    private Histogram histogram(final List<PhantomCases.Pair> pairs) {
        Histogram all = Histogram.empty(m_range);
        for (final PhantomCases.Pair pair : pairs) {
            all = all.plus(Histogram.of(foreground(pair.image()), m_range));
        }
        return all;
    }
}
