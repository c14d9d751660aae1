package org.scanbridge.imaging.crf;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.parallel.Chunks;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.Volume;

import net.imglib2.parallel.TaskExecutor;

/**
 * A fully connected conditional random field over all voxels of an image: Krähenbühl and Koltun (NIPS 2011). Its energy is
 * E(x) = Σ<sub>i</sub> −log p<sub>i</sub>(x<sub>i</sub>) + Σ<sub>i&lt;j</sub> [x<sub>i</sub> ≠ x<sub>j</sub>] k(i, j), with
 * the probabilities p of a classifier and k the weighted sum of a smoothness and an appearance kernel ({@link CrfOptions}).
 * The mean-field approximation of algorithm 1 is Q<sub>i</sub>(l) ∝ p<sub>i</sub>(l) exp(Σ<sub>j</sub> k(i, j)
 * Q<sub>j</sub>(l)), all voxels updated at once, starting with Q = p.
 *
 * <p>As in the authors' later work (ICML 2013) and in the default of pydensecrf, each kernel K is replaced by D<sup>−½</sup> K
 * D<sup>−½</sup> with its row sums D, so that weights mean the same at any spacing and at borders; as in their code, the sum
 * over j includes i. Lengths are in mm, so the result does not depend on the patient's orientation, and anisotropic voxels
 * count as what they are. The smoothness kernel is computed exactly, the appearance kernel by {@link PermutohedralLattice}.
 *
 * <p>Memory beside the input, in bytes per voxel: 12 for each class (20 with the lattice's corners), and for the appearance
 * kernel of one image up to 120, 22 more for each further image. The result does not depend on the number of processors.
 */
public final class DenseCrf {

    /**
     * No probability counts as less, so that nothing is impossible that a network or a vote merely found improbable; the
     * clip of pydensecrf's {@code unary_from_softmax}.
     */
    public static final float LEAST = 1e-5f;

    /** How far probabilities may be from a sum of 1: single precision, and files in half of it. */
    private static final double TOLERANCE = 1e-2;

    /** How much of the progress is laying out the appearance kernel, counted in iterations. */
    private static final double LAYOUT = 1;

    private final CrfOptions m_options;

    /** @param options the kernels and the number of updates */
    public DenseCrf(final CrfOptions options) {
        m_options = Objects.requireNonNull(options, "options");
    }

    /**
     * Refines the probabilities of exclusive classes.
     *
     * @param probabilities one map per class, the background included, in [0, 1] with a sum of 1 in each voxel; not changed
     * @param images what the appearance kernel looks at, at least one, on the grid of the maps
     * @param progress told how far it is; may cancel
     * @return the refined probabilities in the same order
     * @throws ImagingException if there are less than two maps, a map or image lies on another grid, or a voxel has no
     *             probabilities or no intensity
     */
    public List<Volume> refine(final List<Volume> probabilities, final List<Volume> images, final Progress progress) {
        check(probabilities, images);
        final Geometry grid = probabilities.get(0).geometry();
        final int voxels = grid.voxelCount();
        final double steps = m_options.iterations() + LAYOUT;
        progress.report(0, "Laying out the kernels");
        final Optional<AppearanceKernel> appearance = m_options.appearanceWeight() > 0 && m_options.iterations() > 0
            ? Optional.of(AppearanceKernel.of(images, m_options, progress.part(0, LAYOUT / steps))) : Optional.empty();
        final Optional<SmoothnessKernel> smoothness = m_options.smoothnessWeight() > 0
            ? Optional.of(new SmoothnessKernel(grid, m_options.smoothnessMm())) : Optional.empty();
        final List<float[]> q = new ArrayList<>();
        for (final Volume map : probabilities) {
            final float[] start = new float[voxels];
            for (int v = 0; v < voxels; v++) {
                start[v] = Math.max(LEAST, map.voxels()[v]);
            }
            q.add(start);
        }
        Chunks.forEach(voxels, (c, from, to) -> normalize(q, from, to));
        for (int n = 0; n < m_options.iterations(); n++) {
            final Progress update =
                progress.part((LAYOUT + n) / steps, (LAYOUT + n + 1) / steps);
            final String message = "Update " + (n + 1) + " of " + m_options.iterations();
            update.report(0, message);
            Chunks.withWorkers(voxels, workers -> update(q, probabilities, smoothness, appearance, workers));
            Chunks.forEach(voxels, (c, from, to) -> softmax(q, from, to));
        }
        progress.report(1, "Refined");
        return IntStream.range(0, q.size()).mapToObj(l -> probabilities.get(l).withVoxels(q.get(l))).toList();
    }

    /**
     * With one penalty for all pairs of different labels a class' message needs its own probabilities only, which it may
     * therefore replace: by the logarithm of the new ones, up to what all classes have in common.
     */
    private void update(final List<float[]> q, final List<Volume> probabilities, final Optional<SmoothnessKernel> smoothness,
        final Optional<AppearanceKernel> appearance, final TaskExecutor workers) {
        workers.forEach(IntStream.range(0, q.size()).boxed().toList(), l -> {
            final float[] own = q.get(l);
            final float[] message = new float[own.length];
            final float[] part = new float[own.length];
            smoothness.ifPresent(kernel -> {
                kernel.apply(own, part);
                add(message, (float)m_options.smoothnessWeight(), part);
            });
            appearance.ifPresent(kernel -> {
                kernel.apply(own, part);
                add(message, (float)m_options.appearanceWeight(), part);
            });
            final float[] p = probabilities.get(l).voxels();
            for (int v = 0; v < own.length; v++) {
                own[v] = (float)StrictMath.log(Math.max(LEAST, p[v])) + message[v];
            }
        });
    }

    private static void add(final float[] to, final float weight, final float[] from) {
        for (int v = 0; v < to.length; v++) {
            to[v] += weight * from[v];
        }
    }

    private static void softmax(final List<float[]> q, final int from, final int to) {
        for (int v = from; v < to; v++) {
            float max = Float.NEGATIVE_INFINITY;
            for (final float[] map : q) {
                max = Math.max(max, map[v]);
            }
            for (final float[] map : q) {
                map[v] = (float)StrictMath.exp(map[v] - max);
            }
        }
        normalize(q, from, to);
    }

    private static void normalize(final List<float[]> q, final int from, final int to) {
        for (int v = from; v < to; v++) {
            double sum = 0;
            for (final float[] map : q) {
                sum += map[v];
            }
            for (final float[] map : q) {
                map[v] = (float)(map[v] / sum);
            }
        }
    }

    private static void check(final List<Volume> probabilities, final List<Volume> images) {
        if (probabilities.size() < 2) {
            throw new ImagingException("there are probabilities of " + probabilities.size()
                + " class; a CRF chooses among two or more, the background included.");
        }
        if (images.isEmpty()) {
            throw new IllegalArgumentException("no image");
        }
        final Geometry grid = probabilities.get(0).geometry();
        for (final Volume map : probabilities) {
            requireGrid(map, grid, "a map of probabilities");
        }
        for (final Volume image : images) {
            requireGrid(image, grid, "an image");
        }
        for (int v = 0; v < grid.voxelCount(); v++) {
            double sum = 0;
            for (final Volume map : probabilities) {
                final float p = map.voxels()[v];
                // NaN fails too
                if (!(p >= -TOLERANCE && p <= 1 + TOLERANCE)) {
                    throw new ImagingException(place(v, grid) + " has the probability " + p + ", which is not between 0 and 1."
                        + " Connect the maps that the Segmentation Predictor appends with \"Probabilities\".");
                }
                sum += p;
            }
            if (Math.abs(sum - 1) > TOLERANCE) {
                throw new ImagingException("the probabilities of " + place(v, grid) + " sum up to " + sum + " instead of 1."
                    + " Those of a network of regions do not, as regions overlap; train a network of classes to refine its result.");
            }
        }
    }

    private static String place(final int v, final Geometry grid) {
        return "voxel (" + v % grid.size(0) + ", " + v / grid.size(0) % grid.size(1) + ", "
            + v / grid.size(0) / grid.size(1) + ")";
    }

    private static void requireGrid(final Volume volume, final Geometry grid, final String what) {
        if (!volume.geometry().sameGrid(grid)) {
            throw new ImagingException(what + " lies on another grid, " + volume.geometry() + ", than the probabilities, "
                + grid.beside(volume.geometry()) + ". Bring both onto one with the Volume Resampler, or"
                + " choose the image that was segmented.");
        }
    }
}
