package org.scanbridge.dicom.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Where the bytes of an object lie: a file of its own, or a part of one that holds many, such as an uncompressed zip archive.
 *
 * @param file the file
 * @param offset index of the first byte in it
 * @param length number of bytes; {@link #ALL} for all from there on
 */
public record FilePart(Path file, long offset, long length) {

    /** Stands for "all there are". */
    public static final long ALL = -1;

    /** Parts up to this size, such as slices, are held in memory while they are open: one access instead of many. */
    private static final long IN_MEMORY = 1 << 20;

    /** @throws IllegalArgumentException if offset or length are negative, or a file is begun in its middle and has no length */
    public FilePart {
        Objects.requireNonNull(file, "file");
        if (offset < 0 || length < 0 && (length != ALL || offset != 0)) {
            throw new IllegalArgumentException("A part of " + length + " bytes from " + offset + " on");
        }
    }

    /** The whole of a file. */
    public static FilePart whole(final Path file) {
        return new FilePart(file, 0, ALL);
    }

    /** Whether it is the whole of a file. */
    public boolean isWhole() {
        return length == ALL;
    }

    /**
     * Opens it for reading.
     *
     * @throws DicomException if it is an entry of an archive of more than 256 MB, see {@link ByteSource#open}
     * @throws java.io.EOFException if the file is shorter than the part says
     */
    public ByteSource open() throws IOException {
        final ByteSource source = ByteSource.open(file);
        if (isWhole()) {
            return source;
        }
        if (length > IN_MEMORY) {
            return source.part(offset, length);
        }
        try (source) {
            final byte[] bytes = new byte[(int)length];
            source.read(offset, bytes, 0, bytes.length);
            return ByteSource.of(bytes);
        }
    }
}
