package org.scanbridge.dicom.series;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import org.scanbridge.dicom.data.DicomException;
import org.scanbridge.dicom.data.DicomFile;
import org.scanbridge.dicom.pixel.PixelReader;
import org.scanbridge.imaging.parallel.Chunks;
import org.scanbridge.imaging.volume.Geometry;

/**
 * Slices in the order of their positions, and the grid they make. Where slices are missing and gaps are filled, some
 * planes of the grid have no slice of their own.
 */
public final class Stack {

    /** Slices that are decoded at the same time at most: each takes some ten times its size while it is. */
    public static final int AT_ONCE = 4;

    private final Geometry m_geometry;

    private final List<Slice> m_slices;

    private final int[] m_planes;

    private final double[] m_depths;

    private final Shear m_shear;

    private final ImageRules m_rules;

    /**
     * @param geometry the grid
     * @param slices the slices in ascending order along k
     * @param planes for each slice the plane (index k) it fills; ascending from 0 to the last plane
     * @param depths for unevenly spaced slices stacked evenly, their true distances from the first along k in mm; null
     *            where positions follow from the grid
     * @param shear how the slices of a tilted stack are shifted into the grid; null if they lie on it as they are
     * @param rules what becomes of voxels without a value
     */
    Stack(final Geometry geometry, final List<Slice> slices, final int[] planes, final double[] depths,
        final Shear shear, final ImageRules rules) {
        m_geometry = Objects.requireNonNull(geometry, "geometry");
        m_slices = List.copyOf(slices);
        m_planes = planes.clone();
        m_depths = depths == null ? null : depths.clone();
        m_shear = shear;
        m_rules = Objects.requireNonNull(rules, "rules");
    }

    /** A projection image as a volume of depth 1 at the origin of the frame, whose place in the patient is not known. */
    public static Stack projection(final Slice slice, final ImageRules rules) {
        return new Stack(Geometry.axial(new int[]{slice.format().columns(), slice.format().rows(), 1},
            slice.spacing2d()[1], slice.spacing2d()[0], 1), List.of(slice), new int[1], null, null, rules);
    }

    /** The grid; k grows along the normal of the slices. */
    public Geometry geometry() {
        return m_geometry;
    }

    /** The slices in the order of k. */
    public List<Slice> slices() {
        return m_slices;
    }

    /** Index k of the plane that a slice (by its place in {@link #slices()}) fills. */
    public int plane(final int slice) {
        return m_planes[slice];
    }

    /** The slice that fills plane k or, in a gap, the nearest one (the lower of two). */
    public int nearestSlice(final int k) {
        final int at = Arrays.binarySearch(m_planes, k);
        if (at >= 0) {
            return at;
        }
        final int above = -at - 1;
        return k - m_planes[above - 1] <= m_planes[above] - k ? above - 1 : above;
    }

    /** Whether plane k has a slice of its own. */
    public boolean hasSlice(final int k) {
        return Arrays.binarySearch(m_planes, k) >= 0;
    }

    /** Columns and rows of the slices and number of planes; those of the grid unless the stack is tilted. */
    public int[] sliceGrid() {
        final int[] size = m_geometry.size();
        if (m_shear != null) {
            size[0] = m_shear.columns();
            size[1] = m_shear.rows();
        }
        return size;
    }

    /**
     * Turns labels of the pixels of all slices into labels of the voxels of the grid.
     *
     * @param labels one per pixel of {@link #sliceGrid()}, column fastest; not copied unless the stack is tilted
     */
    public byte[] toGrid(final byte[] labels) {
        return m_shear == null ? labels : m_shear.labels(labels);
    }

    /**
     * Continuous index (column, row, plane) of an LPS position in mm in {@link #sliceGrid()}; follows the true positions of
     * uneven and of tilted slices.
     */
    public double[] index(final double... position) {
        final double[] index = m_geometry.index(position);
        if (m_depths != null) {
            final double depth = index[2] * m_geometry.spacing(2);
            int below = 0;
            while (below < m_depths.length - 2 && m_depths[below + 1] <= depth) {
                below++;
            }
            index[2] = below + (depth - m_depths[below]) / (m_depths[below + 1] - m_depths[below]);
        }
        if (m_shear != null) {
            m_shear.toSlice(index);
        }
        return index;
    }

    /** What {@link #read} gave voxels without a value of their own. */
    public record Voids(long count, float value) {
    }

    /**
     * How many slices are decoded at a time: one for each processor, {@link #AT_ONCE} at most, in a volume of a million voxels
     * or more.
     */
    public static int slicesAtOnce(final Geometry geometry) {
        return Chunks.isLarge(geometry.voxelCount())
            ? Math.min(geometry.size(2), Math.min(AT_ONCE, Runtime.getRuntime().availableProcessors())) : 1;
    }

    /**
     * Reads the voxels, several slices at a time; planes in gaps are interpolated linearly between their neighbors, voxels
     * without a value (padding, corners of a tilted stack) get one by the rules. The same for any number of processors.
     *
     * @param reader decodes; used by several threads
     * @param voids takes the number of voxels without a value and what they got, if there are any
     * @return one value per voxel of the grid, i fastest
     * @throws DicomException if a file cannot be decoded; the message begins with the file's relative path
     * @throws IOException if a file cannot be read; the message begins with the file's relative path. Of several, the file of
     *             the first slice is named
     * @throws CancellationException if the thread is interrupted
     */
    public float[] read(final PixelReader reader, final Consumer<Voids> voids) throws IOException {
        final int plane = m_geometry.size(0) * m_geometry.size(1);
        final float[] voxels = new float[m_geometry.voxelCount()];
        // The tiles of a mosaic are decoded together, so they stay together.
        final int workers = m_slices.get(0).tile() >= 0 ? 1 : Math.min(m_slices.size(), slicesAtOnce(m_geometry));
        final AtomicInteger firstFailure = new AtomicInteger(Integer.MAX_VALUE);
        if (workers == 1) {
            readEvery(1, 0, reader, voxels, firstFailure);
        } else {
            readBy(workers, reader, voxels, firstFailure);
        }
        if (m_shear != null || m_slices.stream().anyMatch(s -> s.mapping().hasVoids())) {
            fillVoids(voxels, voids);
        }
        for (int s = 1; s < m_planes.length; s++) {
            interpolate(voxels, plane, m_planes[s - 1], m_planes[s]);
        }
        return voxels;
    }

    private void readBy(final int workers, final PixelReader reader, final float[] voxels, final AtomicInteger firstFailure)
        throws IOException {
        final ExecutorService threads = Executors.newFixedThreadPool(workers);
        try {
            final List<Future<Void>> parts = new ArrayList<>();
            for (int w = 0; w < workers; w++) {
                final int worker = w;
                parts.add(threads.submit(() -> {
                    readEvery(workers, worker, reader, voxels, firstFailure);
                    return null;
                }));
            }
            final List<Throwable> failures = new ArrayList<>(Collections.nCopies(workers, null));
            for (int w = 0; w < workers; w++) {
                try {
                    parts.get(w).get();
                } catch (final ExecutionException e) {
                    failures.set(w, e.getCause());
                }
            }
            if (firstFailure.get() < Integer.MAX_VALUE) {
                rethrow(failures.get(firstFailure.get() % workers));
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (CancellationException)new CancellationException("interrupted").initCause(e);
        } finally {
            threads.shutdownNow();
        }
    }

    private static void rethrow(final Throwable failure) throws IOException {
        if (failure instanceof IOException e) {
            throw e;
        }
        if (failure instanceof RuntimeException e) {
            throw e;
        }
        if (failure instanceof Error e) {
            throw e; // such as a lack of memory
        }
        throw new IllegalStateException(failure);
    }

    /**
     * Reads one of so many slices, up to the first that one of the threads cannot read.
     *
     * @param step how many slices it is from one to the next
     * @param start the first one
     * @param firstFailure the first slice known to fail; of all failures the one of the first slice is kept
     */
    private void readEvery(final int step, final int start, final PixelReader reader, final float[] voxels,
        final AtomicInteger firstFailure) throws IOException {
        final int plane = m_geometry.size(0) * m_geometry.size(1);
        final float[] tilted = m_shear == null ? null : new float[m_shear.columns() * m_shear.rows()];
        DicomFile open = null;
        Slice current = null;
        float[] mosaic = null;
        int s = start;
        boolean done = false;
        try {
            for (; s < m_slices.size() && s < firstFailure.get(); s += step) {
                final Slice slice = m_slices.get(s);
                if (current == null || !current.file().equals(slice.file())) {
                    if (open != null) {
                        open.close();
                    }
                    open = open(slice);
                    mosaic = null;
                }
                current = slice;
                if (slice.tile() >= 0) {
                    if (mosaic == null) {
                        mosaic = new float[slice.format().framePixels()];
                        read(reader, open, slice, mosaic, 0);
                    }
                    Mosaic.copy(mosaic, slice.format().columns(), slice, voxels, m_planes[s] * plane);
                } else if (m_shear == null) {
                    read(reader, open, slice, voxels, m_planes[s] * plane);
                } else {
                    read(reader, open, slice, tilted, 0);
                    m_shear.resample(tilted, voxels, m_planes[s]);
                }
            }
            done = true;
        } finally {
            if (!done) {
                firstFailure.accumulateAndGet(s, Math::min);
            }
            if (open != null) {
                open.close();
            }
        }
    }

    private void fillVoids(final float[] voxels, final Consumer<Voids> voids) {
        float lowest = Float.POSITIVE_INFINITY;
        long count = 0;
        for (final float v : voxels) {
            if (Float.isNaN(v)) {
                count++;
            } else {
                lowest = Math.min(lowest, v);
            }
        }
        if (count > 0) {
            final boolean chosen = m_rules.padding() == PaddingRule.VALUE || count == voxels.length;
            final float value = chosen ? (float)m_rules.paddingValue() : lowest;
            for (int v = 0; v < voxels.length; v++) {
                if (Float.isNaN(voxels[v])) {
                    voxels[v] = value;
                }
            }
            voids.accept(new Voids(count, value));
        }
    }

    private static DicomFile open(final Slice slice) throws IOException {
        try {
            return DicomFile.open(slice.file());
        } catch (final IOException e) {
            throw named(slice, e);
        }
    }

    private static IOException named(final Slice slice, final IOException failure) {
        if (failure instanceof DicomException e) {
            final DicomException named =
                new DicomException(e.reason(), slice.path() + ": " + e.getMessage(), e.tag(), e.offset());
            named.initCause(e);
            return named;
        }
        // The message of an I/O error may hold the absolute path.
        return new IOException(slice.path() + ": the file cannot be opened or read (" + failure.getClass().getSimpleName()
            + ")", failure);
    }

    private static void read(final PixelReader reader, final DicomFile file, final Slice slice, final float[] voxels,
        final int offset) throws IOException {
        try {
            reader.read(file, slice.format(), slice.mapping(), slice.frame(), voxels, offset);
        } catch (final IOException e) {
            throw named(slice, e);
        }
    }

    private static void interpolate(final float[] voxels, final int plane, final int from, final int to) {
        for (int k = from + 1; k < to; k++) {
            final float weight = (float)(k - from) / (to - from);
            for (int p = 0; p < plane; p++) {
                final float a = voxels[from * plane + p];
                voxels[k * plane + p] = a + weight * (voxels[to * plane + p] - a);
            }
        }
    }
}
