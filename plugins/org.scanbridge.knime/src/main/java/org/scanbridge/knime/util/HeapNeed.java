package org.scanbridge.knime.util;

import java.util.Optional;
import java.util.function.ToLongFunction;

import org.knime.core.data.DataRow;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.KNIMEException;
import org.scanbridge.imaging.JavaHeap;
import org.scanbridge.knime.data.VoxelMemory;

/**
 * Whether what a node is about to do fits into Java's memory, found out from the headers of the images before any work is
 * done. What is free is not guessed: where it seems too little, voxels that are kept without need are dropped, and what is
 * still in use after a garbage collection is in use.
 */
public final class HeapNeed {

    /** What a node takes beside its images: one slice for each thread, tables, pictures. */
    public static final long BASE = 8L << 20;

    /** How to get out, whatever did not fit. */
    static final String ADVICE = "Give Java more memory (-Xmx in knime.ini; SCANBRIDGE_HEAP for scanbridge-batch), run fewer"
        + " nodes at the same time, or crop or resample the images with the Volume Resampler.";

    private long m_bytes;

    private String m_what = "";

    /** The need of one thing. */
    public static HeapNeed of(final String what, final long bytes) {
        final HeapNeed need = new HeapNeed();
        need.add(what, bytes);
        return need;
    }

    /** The largest need of the rows of a table, as a node that has one row in memory at a time has it. */
    public static HeapNeed ofRows(final BufferedDataTable table, final ToLongFunction<DataRow> bytes) {
        final HeapNeed need = new HeapNeed();
        for (final DataRow row : table) {
            need.add(RowName.of(row.getKey().getString()), bytes.applyAsLong(row));
        }
        return need;
    }

    /** Something that is in memory by itself; the largest of several counts. */
    public void add(final String what, final long bytes) {
        if (bytes > m_bytes) {
            m_bytes = bytes;
            m_what = what;
        }
    }

    /** Bytes of the largest, without {@link #BASE}. */
    public long bytes() {
        return m_bytes;
    }

    /**
     * Refuses what does not fit.
     *
     * @throws KNIMEException with the size and the way out
     */
    public void require() throws KNIMEException {
        final Optional<String> refusal = refusal();
        if (refusal.isPresent()) {
            throw new KNIMEException(refusal.get());
        }
    }

    /** What {@link #require} says; empty if it fits. */
    public Optional<String> refusal() {
        if (m_bytes == 0 || m_bytes + BASE <= JavaHeap.free(0)) {
            return Optional.empty();
        }
        VoxelMemory.release();
        final long free = JavaHeap.free(m_bytes + BASE);
        return m_bytes + BASE <= free ? Optional.empty()
            : Optional.of("The images do not fit into memory: " + m_what + " needs " + megabytes(m_bytes + BASE)
                + " MB beside what is in use, but of the " + (Runtime.getRuntime().maxMemory() >> 20)
                + " MB that Java may use " + (free >> 20) + " MB are free. " + ADVICE);
    }

    private static long megabytes(final long bytes) {
        return (bytes + (1 << 20) - 1) >> 20;
    }
}
