package org.scanbridge.dicom.archive;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

import org.scanbridge.dicom.archive.StoreResult.Outcome;
import org.scanbridge.dicom.data.DataElement;
import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.DicomFile;
import org.scanbridge.dicom.data.DicomOutput;
import org.scanbridge.dicom.data.PixelLocation;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.imaging.Progress;

/**
 * Stores instances once: one that the archive has is compared with ours instead of sent again, so that a run that is
 * repeated doubles nothing, and nothing is replaced. Safe for use by several threads.
 */
public final class InstanceStore {

    private static final int BUFFER = 1 << 16;

    private final Archive m_archive;

    /** @param archive where to */
    public InstanceStore(final Archive archive) {
        m_archive = Objects.requireNonNull(archive, "archive");
    }

    /**
     * Stores an instance.
     *
     * @param file a DICOM file
     * @return what became of it: {@code ALREADY_THERE} if the archive has the same, {@code WARNING} if it has it with other
     *         attributes or compressed in another way, {@code REFUSED} if it has another object of this UID
     * @throws ArchiveException if the archive could not be asked
     * @throws IOException if the file cannot be read or is no DICOM file
     */
    public StoreResult store(final Path file) throws IOException {
        final SeriesKey key;
        final String sopClass;
        final String instance;
        try (DicomFile ours = DicomFile.open(file)) {
            key = new SeriesKey(ours.data().requiredText(Tag.STUDY_INSTANCE_UID),
                ours.data().requiredText(Tag.SERIES_INSTANCE_UID));
            sopClass = ours.data().requiredText(Tag.SOP_CLASS_UID);
            instance = ours.data().requiredText(Tag.SOP_INSTANCE_UID);
        }
        final List<DataSet> there = new ArrayList<>();
        m_archive.query(new ArchiveQuery(QueryLevel.INSTANCE, Map.of(Tag.STUDY_INSTANCE_UID, key.study(),
            Tag.SERIES_INSTANCE_UID, key.series(), Tag.SOP_INSTANCE_UID, instance), Set.of()), there::add, Progress.NONE);
        if (there.isEmpty()) {
            return m_archive.store(file);
        }
        final Path theirs = Files.createTempFile("scanbridge-", ".dcm");
        try {
            m_archive.retrieve(key, Set.of(instance), in -> {
                try (OutputStream out = Files.newOutputStream(theirs)) {
                    in.transferTo(out);
                }
            }, Progress.NONE);
            return compared(file, theirs, sopClass, instance);
        } finally {
            Files.deleteIfExists(theirs);
        }
    }

    private static StoreResult compared(final Path file, final Path other, final String sopClass, final String instance)
        throws IOException {
        try (DicomFile ours = DicomFile.open(file); DicomFile theirs = DicomFile.open(other)) {
            final boolean sameSyntax = ours.transferSyntax().equals(theirs.transferSyntax());
            if (ours.pixels().isPresent() != theirs.pixels().isPresent() || sameSyntax && !samePixels(ours, theirs)) {
                return new StoreResult(sopClass, instance, Outcome.REFUSED, StoreResult.NO_CODE, "The archive has another object"
                    + " with the UID of this one, with other pixels. It was not replaced; write the file again, which gives"
                    + " it a new UID.");
            }
            final Optional<Integer> changed = firstDifference(ours.data(), theirs.data());
            if (changed.isPresent()) {
                return new StoreResult(sopClass, instance, Outcome.WARNING, StoreResult.NO_CODE, "The archive has it already, with"
                    + " other values of attributes, the first " + Tag.toString(changed.get()) + ".");
            }
            return sameSyntax ? new StoreResult(sopClass, instance, Outcome.ALREADY_THERE, StoreResult.NO_CODE, "")
                : new StoreResult(sopClass, instance, Outcome.WARNING, StoreResult.NO_CODE, "The archive has it already, stored"
                    + " as " + theirs.transferSyntax() + " instead of " + ours.transferSyntax() + ".");
        }
    }

    /** The first of our attributes that they do not have as it is; what archives add does not count, nor group lengths. */
    private static Optional<Integer> firstDifference(final DataSet ours, final DataSet theirs) {
        for (final DataElement element : ours.elements()) {
            if ((element.tag() & 0xffff) == 0) {
                continue;
            }
            final int tag = element.tag();
            if (!Arrays.equals(encoded(ours, tag), encoded(theirs, tag))) {
                return Optional.of(tag);
            }
        }
        return Optional.empty();
    }

    /** Value with tag, but whatever the VR: an archive may keep it implicit. */
    private static byte[] encoded(final DataSet data, final int tag) {
        final byte[] bytes = DicomOutput.bytes(DataSet.builder().copy(data, tag).build());
        return bytes.length > 6 ? withoutVr(bytes) : bytes;
    }

    private static byte[] withoutVr(final byte[] bytes) {
        bytes[4] = 0;
        bytes[5] = 0;
        return bytes;
    }

    private static boolean samePixels(final DicomFile ours, final DicomFile theirs) throws IOException {
        if (ours.pixels().isEmpty()) {
            return true;
        }
        final PixelLocation a = ours.pixels().get();
        final PixelLocation b = theirs.pixels().get();
        final long count = ours.source().size() - a.offset();
        if (count != theirs.source().size() - b.offset()) {
            return false;
        }
        final byte[] own = new byte[BUFFER];
        final byte[] other = new byte[BUFFER];
        for (long at = 0; at < count; at += BUFFER) {
            final int n = (int)Math.min(BUFFER, count - at);
            ours.source().read(a.offset() + at, own, 0, n);
            theirs.source().read(b.offset() + at, other, 0, n);
            if (!Arrays.equals(own, 0, n, other, 0, n)) {
                return false;
            }
        }
        return true;
    }
}
