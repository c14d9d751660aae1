package org.scanbridge.dicom.archive;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Consumer;

import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.imaging.Progress;

/**
 * A connection to an archive. Made by an {@link ArchiveConnector}; safe for use by several threads; closing it ends what is
 * still open.
 * <p>
 * An implementation tries again what may succeed the next time, as often as {@link ArchiveSettings#tries()} says; what it
 * throws is final. It never takes half an answer for a whole one, and no message of an exception holds credentials or the
 * value of an attribute that identifies a patient.
 */
public interface Archive extends Closeable {

    /**
     * Whether the archive answers and lets this user in: C-ECHO (PS3.7 9.1.5) or the least of queries.
     *
     * @throws ArchiveException if not
     */
    void check() throws ArchiveException;

    /**
     * Asks what the archive holds (QIDO-RS, PS3.18 10.6; C-FIND, PS3.4 C.4.1), until all answers are there.
     *
     * @param query level, keys to match, and attributes wanted. Keys of a level above the one asked for are allowed; where
     *            the protocol is hierarchical, the implementation asks level by level
     * @param matches takes each match once, with the unique keys of its level and of those above; attributes that the
     *            archive does not tell are absent. Called by one thread at a time
     * @param progress counts answers; cancels
     * @throws ArchiveException if the archive refuses or the answer is not complete
     * @throws java.util.concurrent.CancellationException if the progress was cancelled
     */
    void query(ArchiveQuery query, Consumer<DataSet> matches, Progress progress) throws ArchiveException;

    /**
     * Fetches the instances of a series, one after the other (WADO-RS, PS3.18 10.4; C-GET or C-MOVE, PS3.4 C.4.3).
     *
     * @param series the series
     * @param instances SOP Instance UIDs of those wanted; empty for all
     * @param receiver takes each instance; called by one thread at a time. An archive may send others than those wanted, or
     *            one twice: the receiver tells
     * @param progress counts instances; cancels
     * @throws ArchiveException if the archive refuses, or sent less than it announced; what the receiver took before it, is
     *             whole. That all instances of a series have come, no protocol says: the caller counts
     * @throws IOException that of the receiver, such as of a full disk
     * @throws java.util.concurrent.CancellationException if the progress was cancelled
     */
    void retrieve(SeriesKey series, Set<String> instances, InstanceReceiver receiver, Progress progress) throws IOException;

    /**
     * Stores an instance (STOW-RS, PS3.18 10.5; C-STORE, PS3.7 9.1.1) as it is.
     *
     * @param file a DICOM file
     * @return what the archive says of it
     * @throws ArchiveException if the archive could not be asked, or does not say what became of the instance
     * @throws IOException if the file cannot be read or is no DICOM file
     */
    StoreResult store(Path file) throws IOException;
}
