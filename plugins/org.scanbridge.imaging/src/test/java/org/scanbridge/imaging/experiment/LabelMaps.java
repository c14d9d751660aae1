package org.scanbridge.imaging.experiment;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

import org.scanbridge.imaging.volume.Geometry;

/**
 * Just enough NIfTI-1 to read the label maps of real heads: 1 mm, int32 or float32, little endian, sform. Values are kept as
 * they are, since labels go up to 530.
 *
 * @param values one label per voxel, i fastest
 * @param geometry in LPS
 */
public record LabelMaps(short[] values, Geometry geometry) {

    /** FreeSurfer's label of white-matter lesions; the maps have none, studies draw them in. */
    public static final short LESION = 77;

    /** Reads one; {@code folder/training_seg_01.nii.gz} for example. */
    public static LabelMaps read(final Path file) throws IOException {
        try (InputStream in = new BufferedInputStream(new GZIPInputStream(Files.newInputStream(file)), 1 << 16)) {
            final ByteBuffer header = ByteBuffer.wrap(in.readNBytes(352)).order(ByteOrder.LITTLE_ENDIAN);
            final int[] size = {header.getShort(42), header.getShort(44), header.getShort(46)};
            final boolean isFloat = header.getShort(70) == 16;
            if (header.getInt(0) != 348 || !isFloat && header.getShort(70) != 8) {
                throw new IOException(file + " is no little-endian NIfTI of int32 or float32");
            }
            final double[] spacing = new double[3];
            final double[] origin = new double[3];
            final double[] direction = new double[9];
            for (int r = 0; r < 3; r++) {
                final double sign = r < 2 ? -1 : 1;
                for (int c = 0; c < 4; c++) {
                    final double x = sign * header.getFloat(280 + 16 * r + 4 * c);
                    if (c < 3) {
                        direction[3 * c + r] = x;
                        spacing[c] += x * x;
                    } else {
                        origin[r] = x;
                    }
                }
            }
            for (int a = 0; a < 3; a++) {
                spacing[a] = Math.sqrt(spacing[a]);
                for (int r = 0; r < 3; r++) {
                    direction[3 * a + r] /= spacing[a];
                }
            }
            final Geometry geometry = new Geometry(size, spacing, origin, direction);
            final short[] values = new short[geometry.voxelCount()];
            final int slice = size[0] * size[1];
            for (int k = 0; k < size[2]; k++) {
                final ByteBuffer data = ByteBuffer.wrap(in.readNBytes(4 * slice)).order(ByteOrder.LITTLE_ENDIAN);
                for (int v = 0; v < slice; v++) {
                    values[k * slice + v] = (short)(isFloat ? Math.round(data.getFloat()) : data.getInt());
                }
            }
            return new LabelMaps(values, geometry);
        }
    }

    /** 1 CSF, 2 gray matter, 3 white matter, 0 anything else. */
    public static byte tissue(final int label) {
        return switch (label) {
            case 1, 4, 5, 14, 15, 24, 43, 44, 72, 136, 137, 163, 164 -> 1;
            case 3, 42, 8, 47, 10, 49, 11, 50, 12, 51, 13, 52, 17, 53, 18, 54, 25, 57, 26, 58, 28, 60, 30, 62 -> 2;
            case 2, 41, 7, 46, 16, 85, LESION -> 3;
            default -> 0;
        };
    }
}
