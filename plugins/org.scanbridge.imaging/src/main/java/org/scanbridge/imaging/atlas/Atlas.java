package org.scanbridge.imaging.atlas;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.register.Centers;
import org.scanbridge.imaging.register.FixedSamples;
import org.scanbridge.imaging.register.FixedSide;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;

import net.imglib2.parallel.TaskExecutor;

/**
 * How probable each class is at each place: the mean of several subjects' label maps, aligned, with what has no label split
 * into clusters of like intensity. Probabilities are bytes, 255 for certain; those of one voxel add up to 255 within
 * rounding, or to 0 where no subject's image reached, which is outside the atlas. Immutable by the convention of
 * {@link org.scanbridge.imaging.volume.Volume}.
 */
public final class Atlas implements FixedSide {

    private final Geometry m_geometry;

    private final List<AtlasClass> m_classes;

    private final byte[][] m_priors;

    private final int m_subjects;

    /**
     * @param geometry grid of the atlas, in the patient frame of the subject that the others were aligned to
     * @param classes the classes; at least two, and one with a label. All have one if the subjects' images show nothing else
     * @param priors for each class one unsigned byte per voxel, i fastest; <b>not copied</b>
     * @param subjects number of subjects it was made of
     * @throws IllegalArgumentException if these do not fit together
     */
    public Atlas(final Geometry geometry, final List<AtlasClass> classes, final byte[][] priors, final int subjects) {
        m_geometry = Objects.requireNonNull(geometry, "geometry");
        m_classes = List.copyOf(classes);
        m_priors = priors.clone();
        m_subjects = subjects;
        if (m_priors.length != m_classes.size()) {
            throw new IllegalArgumentException(m_priors.length + " priors for " + m_classes.size() + " classes");
        }
        for (final byte[] prior : m_priors) {
            if (prior.length != geometry.voxelCount()) {
                throw new IllegalArgumentException(prior.length + " probabilities for " + geometry);
            }
        }
        if (m_classes.size() < 2 || m_classes.stream().allMatch(AtlasClass::isRest)) {
            throw new IllegalArgumentException("an atlas needs two classes, one of them with a label");
        }
    }

    /** The grid. */
    public Geometry geometry() {
        return m_geometry;
    }

    /** The classes, in the order of the priors. */
    public List<AtlasClass> classes() {
        return m_classes;
    }

    /** Probabilities of a class, 255 for certain; shared, read only. */
    public byte[] prior(final int classIndex) {
        return m_priors[classIndex];
    }

    /** Number of subjects it was made of. */
    public int subjects() {
        return m_subjects;
    }

    /** Values and names of the labels. */
    public LabelSet labels() {
        final SortedMap<Integer, String> names = new TreeMap<>();
        for (final AtlasClass c : m_classes) {
            if (!c.isRest()) {
                names.put(c.label(), c.name());
            }
        }
        return new LabelSet(names);
    }

    @Override
    public String called() {
        return "the atlas";
    }

    /** Center of the grid, and center of all labels. */
    @Override
    public Centers centers() {
        final Geometry g = m_geometry;
        final double[] sum = new double[4];
        for (int v = 0; v < g.voxelCount(); v++) {
            double w = 0;
            for (int c = 0; c < m_priors.length; c++) {
                w += m_classes.get(c).isRest() ? 0 : m_priors[c][v] & 0xff;
            }
            sum[0] += w * (v % g.size(0));
            sum[1] += w * (v / g.size(0) % g.size(1));
            sum[2] += w * (v / g.size(0) / g.size(1));
            sum[3] += w;
        }
        return new Centers(g.center(), g.position(sum[0] / sum[3], sum[1] / sum[3], sum[2] / sum[3]));
    }

    @Override
    public double radius() {
        return m_geometry.diagonal() / 4;
    }

    /**
     * The classes are the fixed bins, weighted by their probabilities, so that no intensity of the atlas' subjects is
     * compared with the moving image. Coarse levels average probabilities over their voxels.
     */
    @Override
    public FixedSamples samples(final double spacing, final int most, final SeededRandom random,
        final TaskExecutor workers) {
        final int[] step = new int[3];
        final int[] size = new int[3];
        for (int a = 0; a < 3; a++) {
            step[a] = Math.max(1, (int)Math.round(spacing / m_geometry.spacing(a)));
            size[a] = Math.max(1, m_geometry.size(a) / step[a]);
        }
        final int n = size[0] * size[1] * size[2];
        final int stride = Math.max(1, (n + most - 1) / most);
        final List<double[]> positions = new ArrayList<>();
        final List<float[]> weights = new ArrayList<>();
        for (int v = 0; v < n; v += stride) {
            final int i = v % size[0] * step[0];
            final int j = v / size[0] % size[1] * step[1];
            final int k = v / size[0] / size[1] * step[2];
            final float[] w = mean(i, j, k, step);
            if (w != null) {
                // in the voxel, not at its center: see FixedImage
                final double[] shift = new double[3];
                for (int a = 0; a < 3; a++) {
                    shift[a] = (step[a] - 1) / 2.0 + (step[a] > 1 ? 0 : random.nextDouble() - 0.5);
                }
                positions.add(m_geometry.position(i + shift[0], j + shift[1], k + shift[2]));
                weights.add(w);
            }
        }
        return packed(positions, weights, (double)stride * step[0] * step[1] * step[2] * m_geometry.voxelVolume());
    }

    private float[] mean(final int i, final int j, final int k, final int[] step) {
        final float[] w = new float[m_priors.length];
        float sum = 0;
        for (int z = k; z < k + step[2]; z++) {
            for (int y = j; y < j + step[1]; y++) {
                for (int x = i; x < i + step[0]; x++) {
                    final int v = (z * m_geometry.size(1) + y) * m_geometry.size(0) + x;
                    for (int c = 0; c < w.length; c++) {
                        w[c] += m_priors[c][v] & 0xff;
                        sum += m_priors[c][v] & 0xff;
                    }
                }
            }
        }
        if (sum == 0) {
            return null;
        }
        for (int c = 0; c < w.length; c++) {
            w[c] /= sum;
        }
        return w;
    }

    private FixedSamples packed(final List<double[]> positions, final List<float[]> weights, final double volume) {
        final int n = positions.size();
        final double[] p = new double[3 * n];
        final int[] first = new int[n + 1];
        final int classes = m_priors.length;
        final int[] bins = new int[n * classes];
        final float[] w = new float[n * classes];
        int e = 0;
        for (int s = 0; s < n; s++) {
            System.arraycopy(positions.get(s), 0, p, 3 * s, 3);
            for (int c = 0; c < classes; c++) {
                if (weights.get(s)[c] > 0.01f) {
                    bins[e] = c;
                    w[e++] = weights.get(s)[c];
                }
            }
            first[s + 1] = e;
        }
        return new FixedSamples(p, first, Arrays.copyOf(bins, e), Arrays.copyOf(w, e), classes, n * volume);
    }
}
