package org.scanbridge.knime.data;

import java.io.IOException;

import org.knime.core.data.filestore.FileStore;
import org.knime.core.data.filestore.FileStoreFactory;
import org.knime.core.node.ExecutionContext;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;

/** Makes cells of images and segmentations: first the voxel file in a file store, then the cell. */
public final class VolumeCellFactory {

    /** Makes a file store of a name; what {@link FileStoreFactory} and {@link ExecutionContext} have in common. */
    @FunctionalInterface
    private interface Stores {
        FileStore create(String name) throws IOException;
    }

    private final Stores m_stores;

    private VolumeCellFactory(final Stores stores) {
        m_stores = stores;
    }

    /** Makes cells whose voxels belong to the node that executes in this context. */
    public static VolumeCellFactory of(final ExecutionContext context) {
        return new VolumeCellFactory(context::createFileStore);
    }

    /** Makes cells whose voxels belong to whatever the factory belongs to. */
    public static VolumeCellFactory of(final FileStoreFactory stores) {
        return new VolumeCellFactory(stores::createFileStore);
    }

    /**
     * @param name name of the file store, unique within the execution of a node; characters that not every file system
     *            allows are replaced, so let the name contain the index of row and column
     * @param volume the image
     * @return a cell of type {@link VolumeCell#TYPE}
     * @throws IOException if the voxels cannot be written
     */
    public VolumeCell create(final String name, final Volume volume) throws IOException {
        return VolumeCell.write(m_stores.create(fileName(name)), volume);
    }

    /**
     * As {@link #create(String, Volume)} for a segmentation.
     *
     * @return a cell of type {@link LabelVolumeCell#TYPE}
     */
    public LabelVolumeCell create(final String name, final LabelVolume segmentation) throws IOException {
        return LabelVolumeCell.write(m_stores.create(fileName(name)), segmentation);
    }

    /** KNIME refuses slashes and a leading dot, Windows colons; a prefix rules out names reserved there. */
    private static String fileName(final String name) {
        return "v_" + name.replaceAll("[^A-Za-z0-9_-]", "_");
    }
}
