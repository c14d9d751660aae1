package org.scanbridge.knime.data;

import java.io.IOException;
import java.io.UncheckedIOException;
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
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.VolumeInfo;

/**
 * The cell behind {@link LabelVolumeValue}; made by {@link VolumeCellFactory}. The voxel file is complete before the
 * cell exists: KNIME may never flush a cell. A file that has disappeared is noticed on access, not on loading: KNIME
 * would turn the cell into a missing one, which means "unlabeled" and would be believed.
 */
public final class LabelVolumeCell extends FileStoreCell implements LabelVolumeValue {

    private static final long serialVersionUID = 1;

    /** The type of a column of segmentations. */
    public static final DataType TYPE = DataType.getType(LabelVolumeCell.class);

    /** Shared by all cells because KNIME makes them anew and gives them no place to share anything in. */
    private static final VoxelCache<byte[]> CACHE = new VoxelCache<>();

    private final Geometry m_geometry;

    private final VolumeInfo m_info;

    private final LabelSet m_labels;

    private final int m_maxLabel;

    private final String m_hash;

    private LabelVolumeCell(final FileStore store, final LabelVolume segmentation, final String hash) {
        super(store);
        m_geometry = segmentation.geometry();
        m_info = segmentation.info();
        m_labels = segmentation.labels();
        m_maxLabel = segmentation.maxValue();
        m_hash = hash;
    }

    /** For the serializer; KNIME attaches the file store afterwards. */
    private LabelVolumeCell(final Geometry geometry, final VolumeInfo info, final LabelSet labels, final int maxLabel,
        final String hash) {
        m_geometry = geometry;
        m_info = info;
        m_labels = labels;
        m_maxLabel = maxLabel;
        m_hash = hash;
    }

    /** Writes the voxels into the store, then makes the cell. */
    static LabelVolumeCell write(final FileStore store, final LabelVolume segmentation) throws IOException {
        final Path file = store.getFile().toPath();
        final String hash = VoxelFile.write(file, segmentation.voxels());
        CACHE.put(file, hash, segmentation.voxels());
        return new LabelVolumeCell(store, segmentation, hash);
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
    public LabelSet labels() {
        return m_labels;
    }

    @Override
    public int maxLabel() {
        return m_maxLabel;
    }

    @Override
    public String hash() {
        return m_hash;
    }

    @Override
    public LabelVolume labelVolume() {
        try {
            final Path file = file();
            final byte[] voxels = CACHE.get(file, m_hash,
                () -> VoxelFile.readBytes(file, m_geometry.voxelCount(), m_hash));
            return new LabelVolume(voxels, m_geometry, m_info, m_labels);
        } catch (final IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    @Override
    public LabelVolume slice(final int k) {
        final Geometry slice = Slices.geometry(m_geometry, k);
        try {
            final byte[] voxels = VoxelFile.readPart(file(), m_geometry.voxelCount(), (long)k * slice.voxelCount(),
                slice.voxelCount());
            return new LabelVolume(voxels, slice, m_info, m_labels);
        } catch (final IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    /** See {@link VoxelMemory}. */
    static void releaseCache() {
        CACHE.clear();
    }

    @Override
    public LabelVolume slab(final int axis, final int from, final int count) {
        final Geometry grid = Slices.slab(m_geometry, axis, from, count);
        try {
            return new LabelVolume(VoxelFile.readSlab(file(), m_geometry.size(), 1, axis, from, count), grid, m_info,
                m_labels);
        } catch (final IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    private Path file() {
        return getFileStores()[0].getFile().toPath();
    }

    @Override
    protected boolean equalFileStoreContent(final DataCell cell) {
        return cell instanceof LabelVolumeCell other && m_hash.equals(other.m_hash)
            && m_geometry.equals(other.m_geometry) && m_info.equals(other.m_info)
            && m_labels.equals(other.m_labels);
    }

    @Override
    public int hashCode() {
        return Objects.hash(m_hash, m_geometry, m_info, m_labels);
    }

    /** For messages and text renderers: {@code CSF, GM, WM in 48×48×24 voxels of 1.0×1.0×2.0 mm}. */
    @Override
    public String toString() {
        final String classes =
            m_labels.names().isEmpty() ? "labels up to " + m_maxLabel : String.join(", ", m_labels.names().values());
        return classes + " in " + m_geometry;
    }

    /** Writes and reads everything but the voxels. */
    public static final class Serializer implements DataCellSerializer<LabelVolumeCell> {

        @Override
        public void serialize(final LabelVolumeCell cell, final DataCellDataOutput output) throws IOException {
            HeaderFormat.writeVersion(output);
            HeaderFormat.write(cell.m_geometry, output);
            HeaderFormat.write(cell.m_info, output);
            HeaderFormat.write(cell.m_labels, output);
            output.writeInt(cell.m_maxLabel);
            output.writeUTF(cell.m_hash);
        }

        @Override
        public LabelVolumeCell deserialize(final DataCellDataInput input) throws IOException {
            HeaderFormat.readVersion(input);
            return new LabelVolumeCell(HeaderFormat.readGeometry(input), HeaderFormat.readInfo(input),
                HeaderFormat.readLabels(input), input.readInt(), input.readUTF());
        }
    }
}
