package org.scanbridge.dicom.nifti;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

/**
 * Reads NIfTI-1 and NIfTI-2 files ({@code .nii}, {@code .nii.gz}, {@code .hdr} with {@code .img}). The grid comes from
 * the sform if it is set and upright, else from the qform, else from the spacing alone (axes of RAS, origin 0). Voxels keep their
 * order; only the frame is turned from RAS into LPS.
 */
public final class NiftiReader {

    /** Deflate makes at most this many bytes of one. */
    private static final long MAX_INFLATION = 1032;

    private static final int CHUNK = 1 << 16;

    private NiftiReader() {
    }

    /**
     * What a header tells.
     *
     * @param geometry the grid of each volume
     * @param volumes number of volumes, such as channels or times; 1 in a file of three dimensions
     * @param remarks what cannot be taken as it stands
     */
    public record Grid(Geometry geometry, int volumes, List<NiftiRemark> remarks) {

        /** Copies the list. */
        public Grid {
            remarks = List.copyOf(remarks);
        }

        /** Whether the voxels are colors, of which the luminance is read. */
        public boolean isColor() {
            return remarks.stream().anyMatch(r -> r.about() == NiftiRemark.About.COLOR);
        }
    }

    /**
     * Reads the grid alone, of files of three or four dimensions.
     *
     * @param file the file; of a pair the .hdr file
     * @throws NiftiException if it is no NIfTI file, broken or of a kind that is not read
     * @throws IOException if it cannot be read
     */
    public static Grid readGrid(final Path file) throws IOException {
        final NiftiHeader header = header(file);
        return new Grid(header.geometry(), header.volumes(), header.remarks());
    }

    /**
     * Reads the grid alone.
     *
     * @param file the file; of a pair the .hdr file
     * @throws NiftiException if it is no NIfTI file, broken, of a kind that is not read or holds several volumes
     * @throws IOException if it cannot be read
     */
    public static Geometry readGeometry(final Path file) throws IOException {
        return single(file).geometry();
    }

    /**
     * Reads an image.
     *
     * @param file the file; of a pair the .hdr file
     * @param info what the image is
     * @throws NiftiException if it is no NIfTI file, broken, of a kind that is not read or holds several volumes
     * @throws IOException if it cannot be read
     */
    public static Volume readVolume(final Path file, final VolumeInfo info) throws IOException {
        final NiftiHeader header = single(file);
        return new Volume(voxels(file, header), header.geometry(), info);
    }

    /**
     * Reads one volume of a file of three or four dimensions.
     *
     * @param file the file; of a pair the .hdr file
     * @param volume which volume, from 0
     * @param info what the image is
     * @throws NiftiException if it is no NIfTI file, broken, of a kind that is not read or has fewer volumes
     * @throws IOException if it cannot be read
     */
    public static Volume readVolume(final Path file, final int volume, final VolumeInfo info) throws IOException {
        try (NiftiVolumes volumes = new NiftiVolumes(file)) {
            return volumes.read(volume, info);
        }
    }

    private static NiftiHeader single(final Path file) throws IOException {
        final NiftiHeader header = header(file);
        if (header.volumes() > 1) {
            throw new NiftiException("Dimension 4 is " + header.volumes() + "; a single volume is needed here, without"
                + " further times or channels. Split the file.");
        }
        return header;
    }

    /**
     * Looks at the values of a label map without keeping its voxels.
     *
     * @param file the file; of a pair the .hdr file
     * @throws NiftiException if it is no NIfTI file, broken, holds several volumes or values that are no labels
     * @throws IOException if it cannot be read
     */
    public static LabelValues readLabelValues(final Path file) throws IOException {
        final NiftiHeader header = labelMap(file);
        final LabelValues.Collector collector = new LabelValues.Collector();
        try (InputStream in = open(data(file, header, 1))) {
            in.skipNBytes(header.offset());
            final int count = header.geometry().voxelCount();
            final int unit = header.type().bytes();
            for (int done = 0; done < count; done += CHUNK) {
                final int n = Math.min(CHUNK, count - done);
                final byte[] chunk = in.readNBytes(n * unit);
                if (chunk.length < n * unit) {
                    throw new EOFException(done + " of " + count + " voxels");
                }
                final ByteBuffer buffer = ByteBuffer.wrap(chunk).order(header.order());
                for (int v = 0; v < n; v++) {
                    collector.add(value(header, buffer));
                }
            }
        } catch (final ZipException | EOFException e) {
            throw tooShort(header, e);
        }
        return collector.values();
    }

    private static NiftiHeader labelMap(final Path file) throws IOException {
        final NiftiHeader header = single(file);
        if (header.type().isColor()) {
            throw new NiftiException("The voxels are colors (" + header.type() + "), no labels.");
        }
        return header;
    }

    /**
     * Reads a label map. Values that are off whole numbers by rounding are rounded, see {@link LabelValues}.
     *
     * @param file the file; of a pair the .hdr file
     * @param info what the segmented image is
     * @param labels names of the label values
     * @throws NiftiException also if a value is no integer within 0..255
     * @throws IOException if it cannot be read
     */
    public static LabelVolume readLabels(final Path file, final VolumeInfo info, final LabelSet labels)
        throws IOException {
        return readLabels(file, info, labels, value -> value);
    }

    /**
     * Reads a label map whose values are given other numbers.
     *
     * @param file the file; of a pair the .hdr file
     * @param info what the segmented image is
     * @param labels names of the new label values
     * @param numbers the new number in [0, 255] of a value from 0 on
     * @throws NiftiException also if a value is no integer from 0 on, or its new number exceeds 255
     * @throws IOException if it cannot be read
     */
    public static LabelVolume readLabels(final Path file, final VolumeInfo info, final LabelSet labels,
        final IntUnaryOperator numbers) throws IOException {
        final NiftiHeader header = labelMap(file);
        final float[] values = voxels(file, header);
        final LabelValues.Collector collector = new LabelValues.Collector();
        for (final float value : values) {
            collector.add(value);
        }
        final Map<Integer, Byte> table = new HashMap<>();
        for (final int value : collector.values().counts().keySet()) {
            final int number = numbers.applyAsInt(value);
            if (number < 0 || number > LabelValues.MAX_LABEL) {
                throw new NiftiException("The value " + value + " is no label here; labels are integers from 0 to 255.");
            }
            table.put(value, (byte)number);
        }
        final byte[] voxels = new byte[values.length];
        float last = 0;
        byte number = table.getOrDefault(0, (byte)0);
        for (int v = 0; v < values.length; v++) {
            if (values[v] != last) {
                last = values[v];
                number = table.get((int)Math.rint(last));
            }
            voxels[v] = number;
        }
        return new LabelVolume(voxels, header.geometry(), info, labels);
    }

    /** Opens a file, and inflates it where it is compressed. */
    static InputStream open(final Path file) throws IOException {
        final InputStream raw = new BufferedInputStream(Files.newInputStream(file), CHUNK);
        try {
            raw.mark(2);
            final boolean zipped = raw.read() == 0x1f && raw.read() == 0x8b;
            raw.reset();
            return zipped ? new GZIPInputStream(raw, CHUNK) : raw;
        } catch (final IOException e) {
            raw.close();
            throw e;
        }
    }

    static NiftiHeader header(final Path file) throws IOException {
        try (InputStream in = open(file)) {
            return NiftiHeader.of(in.readNBytes(NiftiHeader.MAX_SIZE));
        } catch (final ZipException | EOFException e) {
            throw new NiftiException("The compressed header is broken: " + e.getMessage() + ".", e);
        }
    }

    private static float[] voxels(final Path file, final NiftiHeader header) throws IOException {
        try (InputStream in = open(data(file, header, 1))) {
            in.skipNBytes(header.offset());
            return read(in, header);
        } catch (final ZipException | EOFException e) {
            throw tooShort(header, e);
        }
    }

    /**
     * The file with the voxels.
     *
     * @param volumes how many volumes it must at least have
     * @throws NiftiException if it is missing or cannot hold so many volumes, however well compressed
     */
    static Path data(final Path file, final NiftiHeader header, final int volumes) throws IOException {
        Path data = file;
        if (header.separate()) {
            final String name = file.getFileName().toString();
            data = file.resolveSibling(name.replaceFirst("(?i)\\.hdr(\\.gz)?$", ".img$1"));
            if (data.equals(file) || !Files.exists(data)) {
                throw new NiftiException("The voxels of the header " + name + " are missing; put the .img file beside"
                    + " it.");
            }
        }
        if (volumes * volumeBytes(header) > Files.size(data) * MAX_INFLATION) {
            throw new NiftiException("The file has " + Files.size(data) + " bytes, too few for " + header.geometry()
                + " of " + header.type() + ".");
        }
        return data;
    }

    /** The bytes of one volume. */
    static long volumeBytes(final NiftiHeader header) {
        return (long)header.geometry().voxelCount() * header.type().bytes();
    }

    /** The error of a file that ends too early. */
    static NiftiException tooShort(final NiftiHeader header, final IOException cause) {
        return new NiftiException("The file ends before its last voxel: " + header.geometry() + " of " + header.type()
            + " need " + volumeBytes(header) + " bytes.", cause);
    }

    /** Reads the volume that begins here. */
    static float[] read(final InputStream in, final NiftiHeader header) throws IOException {
        final int count = header.geometry().voxelCount();
        final int unit = header.type().bytes();
        float[] voxels = new float[Math.min(count, CHUNK)];
        int done = 0;
        while (done < count) {
            final int n = Math.min(CHUNK, count - done);
            final byte[] chunk = in.readNBytes(n * unit);
            if (chunk.length < n * unit) {
                throw new EOFException(done + " of " + count + " voxels");
            }
            if (voxels.length < done + n) {
                // Grows as the data comes, so that a header alone cannot exhaust memory; a header that an eighth of its
                // data has proved is believed, so that no two halves of an image lie in memory while it grows.
                voxels = java.util.Arrays.copyOf(voxels,
                    done >= count / 8 ? count : (int)Math.min(count, 2L * voxels.length));
            }
            final ByteBuffer buffer = ByteBuffer.wrap(chunk).order(header.order());
            for (int v = 0; v < n; v++) {
                voxels[done++] = value(header, buffer);
            }
        }
        return voxels;
    }

    /** The next value of a buffer, with slope and intercept applied. */
    private static float value(final NiftiHeader header, final ByteBuffer in) {
        return (float)(header.slope() * header.type().next(in) + header.intercept());
    }
}
