package org.scanbridge.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

/** Files of raw little-endian floats, by which the comparisons with other software exchange volumes. */
final class RawVolume {

    private RawVolume() {
    }

    /** @param args a file, then the size along i, j, k; voxels of 1 mm */
    static Volume read(final String[] args) throws IOException {
        final Geometry grid = Geometry.axial(
            new int[]{Integer.parseInt(args[1]), Integer.parseInt(args[2]), Integer.parseInt(args[3])}, 1, 1, 1);
        final float[] x = new float[grid.voxelCount()];
        ByteBuffer.wrap(Files.readAllBytes(Path.of(args[0]))).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(x);
        return new Volume(x, grid, VolumeInfo.UNKNOWN);
    }

    static void write(final float[] voxels, final String file) throws IOException {
        final ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * voxels.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(voxels);
        Files.write(Path.of(file), bytes.array());
    }
}
