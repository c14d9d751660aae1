package org.scanbridge.dicom.nifti;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;

import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;

/**
 * Writes NIfTI-1 files in one piece, compressed where the name ends with {@code .gz}: images as 32-bit floats, label maps
 * as unsigned bytes, the grid both as qform and as sform (code 1, scanner anatomical). A file appears whole or not at all;
 * one of the same name is replaced.
 */
public final class NiftiWriter {

    private static final int CHUNK = 1 << 14;

    private NiftiWriter() {
    }

    /** Writes the voxels of a grid into a stream. */
    @FunctionalInterface
    private interface Voxels {
        void write(OutputStream out) throws IOException;
    }

    /**
     * Writes an image.
     *
     * @param file ends with {@code .nii} or {@code .nii.gz}
     * @throws NiftiException if a dimension exceeds 32767
     * @throws IOException if it cannot be written; nothing stays behind
     */
    public static void write(final Path file, final Volume volume) throws IOException {
        write(file, volume.geometry(), NiftiType.FLOAT32, out -> {
            final float[] v = volume.voxels();
            final ByteBuffer chunk = ByteBuffer.allocate(4 * CHUNK).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < v.length; i++) {
                chunk.putFloat(v[i]);
                if (!chunk.hasRemaining() || i == v.length - 1) {
                    out.write(chunk.array(), 0, chunk.position());
                    chunk.clear();
                }
            }
        });
    }

    /** Writes a label map; see {@link #write(Path, Volume)}. NIfTI-1 has no place for the names of the labels. */
    public static void write(final Path file, final LabelVolume labels) throws IOException {
        write(file, labels.geometry(), NiftiType.UINT8, out -> out.write(labels.voxels()));
    }

    private static void write(final Path file, final Geometry geometry, final NiftiType type, final Voxels voxels)
        throws IOException {
        final String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        if (!name.endsWith(".nii") && !name.endsWith(".nii.gz")) {
            throw new IllegalArgumentException("\"" + file.getFileName() + "\" must end with .nii or .nii.gz.");
        }
        final byte[] header = NiftiHeader.bytes(geometry, type);
        final Path temporary = file.resolveSibling("." + file.getFileName() + ".partial");
        try {
            try (OutputStream raw = Files.newOutputStream(temporary);
                    OutputStream out = name.endsWith(".gz") ? new GZIPOutputStream(raw, 1 << 16)
                        : new BufferedOutputStream(raw, 1 << 16)) {
                out.write(header);
                voxels.write(out);
            }
            // Else a crash soon after could leave the name with a file that is not whole.
            try (FileChannel written = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                written.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }
}
