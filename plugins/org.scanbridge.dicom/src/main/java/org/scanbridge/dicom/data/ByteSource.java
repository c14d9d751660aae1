package org.scanbridge.dicom.data;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Bytes of known number with random access. Safe for use by several threads. */
public interface ByteSource extends Closeable {

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

    /** The bytes of a file, which stays open until this is closed. */
    static ByteSource open(final Path file) throws IOException {
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
