package org.scanbridge.dicom.data;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.ZipException;

/** Bytes of known number with random access. Safe for use by several threads. */
public interface ByteSource extends Closeable {

    /** Largest entry of an archive that is held in memory. */
    int MAX_ENTRY = 1 << 28;

    /** Number of bytes. */
    long size();

    /**
     * Reads bytes.
     *
     * @param position index of the first byte
     * @param target where they go, from {@code offset} on
     * @throws EOFException if there are fewer than {@code length} bytes from the position on
     */
    void read(long position, byte[] target, int offset, int length) throws IOException;

    @Override
    default void close() throws IOException {
        // memory needs no closing
    }

    /**
     * Some of these bytes. Closing it closes this.
     *
     * @param offset index of the first
     * @param length number of bytes
     */
    default ByteSource part(final long offset, final long length) {
        final ByteSource all = this;
        return new ByteSource() {
            @Override
            public long size() {
                return length;
            }

            @Override
            public void read(final long position, final byte[] target, final int from, final int count) throws IOException {
                if (position < 0 || position + count > length) {
                    throw new EOFException("Bytes " + position + " to " + (position + count) + " of " + length);
                }
                all.read(offset + position, target, from, count);
            }

            @Override
            public void close() throws IOException {
                all.close();
            }
        };
    }

    /** The bytes of an entry of an archive; its announced size must be right. */
    private static byte[] entry(final Path file) throws IOException {
        final long announced = Files.size(file);
        if (announced > MAX_ENTRY) {
            throw new DicomException(DicomException.Reason.COMPRESSED, "It lies in a zip archive and is larger than "
                + (MAX_ENTRY >> 20) + " MB there, so it is not read", DicomException.NONE, 0);
        }
        final byte[] bytes = new byte[(int)announced];
        try (InputStream in = Files.newInputStream(file)) {
            if (in.readNBytes(bytes, 0, bytes.length) == bytes.length && in.read() < 0) {
                return bytes;
            }
        } catch (final ZipException | EOFException e) {
            throw new DicomException(DicomException.Reason.MALFORMED, "The entry of the zip archive is broken or cut off", e);
        }
        throw new DicomException(DicomException.Reason.MALFORMED, "The entry of the zip archive has not the " + announced
            + " bytes that the archive tells of");
    }

    /** The bytes of an array, which is not copied. */
    static ByteSource of(final byte[] bytes) {
        return new ByteSource() {
            @Override
            public long size() {
                return bytes.length;
            }

            @Override
            public void read(final long position, final byte[] target, final int offset, final int length)
                throws IOException {
                if (position < 0 || position + length > bytes.length) {
                    throw new EOFException("Bytes " + position + " to " + (position + length) + " of " + bytes.length);
                }
                System.arraycopy(bytes, (int)position, target, offset, length);
            }
        };
    }

    /**
     * The bytes of a file, which stays open until this is closed; of an entry of an archive they are held in memory.
     *
     * @throws DicomException if it is an entry of an archive of more than 256 MB
     */
    static ByteSource open(final Path file) throws IOException {
        if (!file.getFileSystem().equals(FileSystems.getDefault())) {
            return of(entry(file));
        }
        final FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        final long size;
        try {
            size = channel.size();
        } catch (final IOException e) {
            channel.close();
            throw e;
        }
        return new ByteSource() {
            @Override
            public long size() {
                return size;
            }

            @Override
            public void read(final long position, final byte[] target, final int offset, final int length)
                throws IOException {
                final ByteBuffer buffer = ByteBuffer.wrap(target, offset, length);
                long p = position;
                while (buffer.hasRemaining()) {
                    final int n = channel.read(buffer, p);
                    if (n < 0) {
                        throw new EOFException("Bytes " + position + " to " + (position + length) + " of " + size);
                    }
                    p += n;
                }
            }

            @Override
            public void close() throws IOException {
                channel.close();
            }
        };
    }
}
