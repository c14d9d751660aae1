package org.scanbridge.knime.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;

/**
 * A file of bare voxels, without a header: little-endian 32-bit floats or unsigned bytes, i fastest. Plain streams, not
 * channels, because KNIME interrupts the thread of a cancelled node and an interrupt closes channels.
 */
final class VoxelFile {

    private static final int CHUNK = 1 << 16;

    private VoxelFile() {
    }

    /** Writes floats; returns their SHA-256. */
    static String write(final Path file, final float[] voxels) throws IOException {
        final MessageDigest digest = sha256();
        try (OutputStream out = new DigestOutputStream(Files.newOutputStream(file), digest)) {
            final ByteBuffer chunk = ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
            for (int from = 0; from < voxels.length; from += CHUNK / Float.BYTES) {
                final int count = Math.min(CHUNK / Float.BYTES, voxels.length - from);
                chunk.asFloatBuffer().put(voxels, from, count);
                out.write(chunk.array(), 0, count * Float.BYTES);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Writes bytes; returns their SHA-256. */
    static String write(final Path file, final byte[] voxels) throws IOException {
        Files.write(file, voxels);
        return HexFormat.of().formatHex(sha256().digest(voxels));
    }

    /**
     * Reads all floats.
     *
     * @throws IOException with a message for the user if the file is missing, has another length or another hash
     */
    static float[] readFloats(final Path file, final int count, final String hash) throws IOException {
        requireLength(file, (long)count * Float.BYTES);
        final float[] voxels = new float[count];
        final MessageDigest digest = sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            final byte[] bytes = new byte[CHUNK];
            final ByteBuffer chunk = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            for (int from = 0; from < count; from += CHUNK / Float.BYTES) {
                final int n = Math.min(CHUNK / Float.BYTES, count - from);
                in.readNBytes(bytes, 0, n * Float.BYTES);
                chunk.asFloatBuffer().get(voxels, from, n);
            }
        }
        requireHash(file, digest, hash);
        return voxels;
    }

    /** Reads all bytes; errors as {@link #readFloats}. */
    static byte[] readBytes(final Path file, final int count, final String hash) throws IOException {
        requireLength(file, count);
        final byte[] voxels = Files.readAllBytes(file);
        final MessageDigest digest = sha256();
        digest.update(voxels);
        requireHash(file, digest, hash);
        return voxels;
    }

    /** Reads {@code count} bytes at {@code offset} of a file that must have {@code length} bytes; checks no hash. */
    static byte[] readPart(final Path file, final long length, final long offset, final int count) throws IOException {
        requireLength(file, length);
        try (InputStream in = Files.newInputStream(file)) {
            in.skipNBytes(offset);
            return in.readNBytes(count);
        }
    }

    /**
     * Reads neighboring slices across an index axis, i fastest, without the rest; checks no hash. Slices across k are one
     * piece of the file and those across j one piece for each k; for those across i the whole file passes by, one slice
     * across k at a time, so that memory stays small.
     *
     * @param size voxels along i, j, k
     * @param bytes bytes of a voxel
     * @param axis index axis that the slices cross, 0, 1 or 2
     * @param from index of the first along that axis, from 0
     * @param count how many
     * @return the voxels of a grid whose size along the axis is {@code count}
     */
    static byte[] readSlab(final Path file, final int[] size, final int bytes, final int axis, final int from,
        final int count) throws IOException {
        Objects.checkFromIndexSize(from, count, size[axis]);
        final int slice = size[0] * size[1] * bytes;
        requireLength(file, (long)slice * size[2]);
        final byte[] slab = new byte[Math.toIntExact((long)slice * size[2] / size[axis] * count)];
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            if (axis == 2) {
                in.seek((long)from * slice);
                in.readFully(slab);
                return slab;
            }
            final int row = size[0] * bytes;
            final int piece = axis == 1 ? row * count : bytes * count;
            final byte[] whole = axis == 1 ? null : new byte[slice];
            int to = 0;
            for (int k = 0; k < size[2]; k++) {
                if (axis == 1) {
                    in.seek((long)k * slice + (long)from * row);
                    in.readFully(slab, to, piece);
                    to += piece;
                } else {
                    in.readFully(whole);
                    for (int j = 0; j < size[1]; j++, to += piece) {
                        System.arraycopy(whole, j * row + from * bytes, slab, to, piece);
                    }
                }
            }
        }
        return slab;
    }

    private static void requireLength(final Path file, final long expected) throws IOException {
        final long length;
        try {
            length = Files.size(file);
        } catch (final NoSuchFileException e) {
            throw new IOException("The voxel file " + file + " is missing. Reset and execute the node that made the"
                + " image again.", e);
        }
        if (length != expected) {
            throw new IOException("The voxel file " + file + " has " + length + " bytes where " + expected
                + " are expected. Reset and execute the node that made the image again.");
        }
    }

    private static void requireHash(final Path file, final MessageDigest digest, final String expected)
        throws IOException {
        final String hash = HexFormat.of().formatHex(digest.digest());
        if (!hash.equals(expected)) {
            throw new IOException("The voxel file " + file + " is damaged: its SHA-256 is " + hash + " where "
                + expected + " is expected. Reset and execute the node that made the image again.");
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (final NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
