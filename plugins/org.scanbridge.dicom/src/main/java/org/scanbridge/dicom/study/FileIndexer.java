package org.scanbridge.dicom.study;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import org.scanbridge.dicom.data.ByteSource;
import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.DicomException;
import org.scanbridge.dicom.data.DicomException.Reason;
import org.scanbridge.dicom.data.DicomFile;
import org.scanbridge.dicom.data.FilePart;
import org.scanbridge.dicom.data.SopClass;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.data.Uid;
import org.scanbridge.dicom.nifti.NiftiException;
import org.scanbridge.dicom.pixel.DicomDecoders;
import org.scanbridge.dicom.seg.LabelSource;
import org.scanbridge.dicom.seg.NiftiLabels;
import org.scanbridge.dicom.seg.Segmentation;
import org.scanbridge.dicom.seg.SegmentationLabels;
import org.scanbridge.dicom.seg.StructureSet;
import org.scanbridge.dicom.series.Problem;
import org.scanbridge.dicom.series.Problem.Effect;
import org.scanbridge.dicom.series.Problem.Kind;
import org.scanbridge.dicom.series.SeriesHeader;
import org.scanbridge.dicom.series.SliceReader;

/** Reads the header of one file; whatever is wrong with it becomes a problem. Safe for use by several threads. */
final class FileIndexer {

    private static final int BUFFER = 1 << 16;

    private final DicomStudyOptions m_options;

    private final DicomDecoders m_decoders;

    FileIndexer(final DicomStudyOptions options, final DicomDecoders decoders) {
        m_options = Objects.requireNonNull(options, "options");
        m_decoders = Objects.requireNonNull(decoders, "decoders");
    }

    IndexedFile index(final FilePart file, final String path) {
        byte[] hash = new byte[0];
        try (ByteSource source = file.open()) {
            if (m_options.hash()) {
                hash = hash(source);
            }
            return m_options.nifti() && file.isWhole() && NiftiLabels.isNifti(file.file()) ? nifti(file.file(), path, hash)
                : index(DicomFile.parse(source), file, path, hash);
        } catch (final DicomException e) {
            return problem(path, Optional.empty(), parsing(e), "The file cannot be read: " + e.getMessage() + unread(file, e) + ".",
                switch (e.reason()) {
                    case NOT_DICOM -> "Remove it from the folder if it does not belong there.";
                    case COMPRESSED -> "Unzip it into the folder if it holds images of the study, and remove it.";
                    default -> "Export the file again from the archive.";
                }, hash);
        } catch (final IOException e) {
            // The message of an I/O error may hold the absolute path.
            return problem(path, Optional.empty(), Kind.UNREADABLE_FILE,
                "The file cannot be opened or read (" + e.getClass().getSimpleName() + ").",
                "Check that you may read the file and that the disk is in order.", hash);
        }
    }

    /** Why a zip archive is not read where others are; empty for all else. */
    private static String unread(final FilePart file, final DicomException e) {
        return e.reason() != DicomException.Reason.COMPRESSED || !e.getMessage().startsWith("It is a zip archive") ? ""
            : file.file().getFileSystem().equals(FileSystems.getDefault()) ? ": only archives whose names end with .zip are"
                : ": it lies in another archive";
    }

    private static Kind parsing(final DicomException e) {
        return switch (e.reason()) {
            case NOT_DICOM -> Kind.NOT_DICOM;
            case COMPRESSED -> Kind.COMPRESSED_FILE;
            default -> Kind.UNREADABLE_FILE;
        };
    }

    private static byte[] hash(final ByteSource source) throws IOException {
        final MessageDigest digest = sha256();
        final byte[] buffer = new byte[(int)Math.min(BUFFER, Math.max(1, source.size()))];
        for (long at = 0; at < source.size(); at += buffer.length) {
            final int n = (int)Math.min(buffer.length, source.size() - at);
            source.read(at, buffer, 0, n);
            digest.update(buffer, 0, n);
        }
        return digest.digest();
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /**
     * As {@link #index(FilePart, String)}, of a file that is open already.
     *
     * @param content all bytes of the file
     * @param dicom its header
     * @param file where it will lie when it is read again
     * @param path its relative path
     * @throws IOException if the content cannot be read
     */
    IndexedFile index(final ByteSource content, final DicomFile dicom, final FilePart file, final String path) throws IOException {
        return index(dicom, file, path, m_options.hash() ? hash(content) : new byte[0]);
    }

    private IndexedFile index(final DicomFile dicom, final FilePart file, final String path, final byte[] hash)
        throws IOException {
        final DataSet data = dicom.data();
        final String sopClass = data.text(Tag.SOP_CLASS_UID);
        if (sopClass.equals(Uid.MEDIA_STORAGE_DIRECTORY)
            || dicom.meta().text(Tag.MEDIA_STORAGE_SOP_CLASS_UID).equals(Uid.MEDIA_STORAGE_DIRECTORY)) {
            // A DICOMDIR lists files of the folder that are read anyway.
            return new IndexedFile(path, Optional.empty(), List.of(), Optional.empty(), Optional.empty(), hash);
        }
        final SeriesHeader header = SeriesHeader.of(data, m_options.siteRule(), m_options.attributes());
        try {
            if (Segmentation.isSegmentation(sopClass)) {
                return labels(path, header,
                    new SegmentationLabels(Segmentation.of(dicom, file, path, m_decoders), m_decoders,
                        m_options.structures().overlap()), hash);
            }
            if (StructureSet.isStructureSet(sopClass)) {
                return labels(path, header, StructureSet.of(data, file, path, m_options.structures()), hash);
            }
            if (dicom.pixels().isEmpty()) {
                return SopClass.isImage(sopClass)
                    ? problem(path, Optional.of(header), Kind.UNREADABLE_FILE, "The image has no pixels ("
                        + SopClass.words(sopClass) + ").", "Export the file again from the archive.", hash)
                    : problem(path, Optional.of(header), Kind.UNSUPPORTED_OBJECT, "The object holds no image ("
                        + SopClass.words(sopClass) + ").", "Nothing needs to be done if no image is missing.", hash);
            }
            return new IndexedFile(path, Optional.of(header), new SliceReader(m_decoders, m_options.images()).read(dicom, file, path),
                Optional.empty(), Optional.empty(), hash);
        } catch (final DicomException e) {
            return unusable(path, header, e, hash);
        }
    }

    private static IndexedFile labels(final String path, final SeriesHeader header, final LabelSource labels,
        final byte[] hash) {
        return new IndexedFile(path, Optional.of(header), List.of(), Optional.of(labels), Optional.empty(), hash);
    }

    /** A NIfTI file: a header that can be read, the voxels only when an image is found for it. */
    private IndexedFile nifti(final Path file, final String path, final byte[] hash) throws IOException {
        if (NiftiLabels.isVoxels(path)) {
            return new IndexedFile(path, Optional.empty(), List.of(), Optional.empty(), Optional.empty(), hash);
        }
        try {
            return new IndexedFile(path, Optional.empty(), List.of(), Optional.of(NiftiLabels.of(file, path)),
                Optional.empty(), hash);
        } catch (final NiftiException e) {
            return problem(path, Optional.empty(), Kind.NIFTI, "The file cannot be read: " + e.getMessage(),
                "Remove it from the folder if it does not belong there.", hash);
        }
    }

    private static IndexedFile unusable(final String path, final SeriesHeader header, final DicomException e,
        final byte[] hash) {
        final Kind kind;
        final String remedy;
        if (e.reason() == Reason.UNSUPPORTED && e.tag() == Tag.PIXEL_DATA) {
            kind = Kind.UNSUPPORTED_SYNTAX;
            remedy = "Export the series uncompressed.";
        } else if (e.tag() == Tag.IMAGE_ORIENTATION_PATIENT || e.tag() == Tag.IMAGE_POSITION_PATIENT
            || e.tag() == Tag.PIXEL_SPACING) {
            kind = Kind.MISSING_GEOMETRY;
            remedy = "Export the series again with position, orientation and pixel spacing.";
        } else if (e.reason() == Reason.UNSUPPORTED) {
            kind = Kind.UNREADABLE_FILE;
            remedy = "Export the series in another form.";
        } else {
            kind = Kind.UNREADABLE_FILE;
            remedy = "Export the file again from the archive.";
        }
        return problem(path, Optional.of(header), kind, "The image cannot be used: " + e.getMessage() + ".", remedy,
            hash);
    }

    private static IndexedFile problem(final String path, final Optional<SeriesHeader> header, final Kind kind,
        final String message, final String remedy, final byte[] hash) {
        return new IndexedFile(path, header, List.of(), Optional.empty(),
            Optional.of(new Problem(kind, Effect.FILE_SKIPPED, path, "", message, remedy)), hash);
    }
}
