package org.scanbridge.knime.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Objects;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataCellDataInput;
import org.knime.core.data.DataCellDataOutput;
import org.knime.core.data.DataCellSerializer;
import org.knime.core.data.DataType;
import org.knime.core.data.filestore.FileStore;
import org.knime.core.data.filestore.FileStoreCell;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

/**
 * The cell behind {@link VolumeValue}; made by {@link VolumeCellFactory}. The voxel file is complete before the cell
 * exists: KNIME may never flush a cell. A file that has disappeared is noticed on access, not on loading: KNIME would
 * turn the cell into a missing one, which means "no image" and would be believed.
 */
public final class VolumeCell extends FileStoreCell implements VolumeValue {

    private static final long serialVersionUID = 1;

    /** The type of a column of images. */
    public static final DataType TYPE = DataType.getType(VolumeCell.class);

    /** Shared by all cells because KNIME makes them anew and gives them no place to share anything in. */
    private static final VoxelCache<float[]> CACHE = new VoxelCache<>();

    private final Geometry m_geometry;

    private final VolumeInfo m_info;

    private final String m_hash;

    private VolumeCell(final FileStore store, final Geometry geometry, final VolumeInfo info, final String hash) {
        super(store);
        m_geometry = geometry;
        m_info = info;
        m_hash = hash;
    }

    /** For the serializer; KNIME attaches the file store afterwards. */
    private VolumeCell(final Geometry geometry, final VolumeInfo info, final String hash) {
        m_geometry = geometry;
        m_info = info;
        m_hash = hash;
    }

    /** Writes the voxels into the store, then makes the cell. */
    static VolumeCell write(final FileStore store, final Volume volume) throws IOException {
        final Path file = store.getFile().toPath();
        final String hash = VoxelFile.write(file, volume.voxels());
        CACHE.put(file, hash, volume.voxels());
        return new VolumeCell(store, volume.geometry(), volume.info(), hash);
    }

    @Override
    public Geometry geometry() {
        return m_geometry;
    }

    @Override
    public VolumeInfo info() {
        return m_info;
    }

    @Override
    public String hash() {
        return m_hash;
    }

    @Override
    public Volume volume() {
        try {
            final Path file = file();
            final float[] voxels = CACHE.get(file, m_hash,
                () -> VoxelFile.readFloats(file, m_geometry.voxelCount(), m_hash));
            return new Volume(voxels, m_geometry, m_info);
        } catch (final IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    @Override
    public Volume slice(final int k) {
        final Geometry slice = Slices.geometry(m_geometry, k);
        try {
            final byte[] bytes = VoxelFile.readPart(file(), (long)m_geometry.voxelCount() * Float.BYTES,
                (long)k * slice.voxelCount() * Float.BYTES, slice.voxelCount() * Float.BYTES);
            final float[] voxels = new float[slice.voxelCount()];
            ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(voxels);
            return new Volume(voxels, slice, m_info);
        } catch (final IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    /** See {@link VoxelMemory}. */
    static void releaseCache() {
        CACHE.clear();
    }

    @Override
    public Volume slab(final int axis, final int from, final int count) {
        final Geometry grid = Slices.slab(m_geometry, axis, from, count);
        try {
            final byte[] bytes = VoxelFile.readSlab(file(), m_geometry.size(), Float.BYTES, axis, from, count);
            final float[] voxels = new float[grid.voxelCount()];
            ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(voxels);
            return new Volume(voxels, grid, m_info);
        } catch (final IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    private Path file() {
        return getFileStores()[0].getFile().toPath();
    }

    @Override
    protected boolean equalFileStoreContent(final DataCell cell) {
        return cell instanceof VolumeCell other && m_hash.equals(other.m_hash) && m_geometry.equals(other.m_geometry)
            && m_info.equals(other.m_info);
    }

    @Override
    public int hashCode() {
        return Objects.hash(m_hash, m_geometry, m_info);
    }

    /** For messages and text renderers: {@code MR 48×48×24 voxels of 1.0×1.0×2.0 mm}. */
    @Override
    public String toString() {
        return (m_info.modality().isEmpty() ? "" : m_info.modality() + " ") + m_geometry;
    }

    /** Writes and reads everything but the voxels. */
    public static final class Serializer implements DataCellSerializer<VolumeCell> {

        @Override
        public void serialize(final VolumeCell cell, final DataCellDataOutput output) throws IOException {
            HeaderFormat.writeVersion(output);
            HeaderFormat.write(cell.m_geometry, output);
            HeaderFormat.write(cell.m_info, output);
            output.writeUTF(cell.m_hash);
        }

        @Override
        public VolumeCell deserialize(final DataCellDataInput input) throws IOException {
            HeaderFormat.readVersion(input);
            return new VolumeCell(HeaderFormat.readGeometry(input), HeaderFormat.readInfo(input), input.readUTF());
        }
    }
}
