package org.scanbridge.knime.data;

import java.io.IOException;
import java.nio.file.Path;

import org.knime.core.data.DataCellDataInput;
import org.knime.core.data.DataCellDataOutput;
import org.knime.core.data.DataCellSerializer;
import org.knime.core.data.DataType;
import org.knime.core.data.filestore.FileStore;
import org.knime.core.data.filestore.FileStoreCell;

/**
 * A study that lies in a file store, as a folder. KNIME saves the folder with the workflow and, when the workflow is opened
 * again, puts it somewhere else; only the cell knows where.
 */
public final class StudyFolderCell extends FileStoreCell implements StudyFolderValue {

    private static final long serialVersionUID = 1;

    /** The type of a column of study folders. */
    public static final DataType TYPE = DataType.getType(StudyFolderCell.class);

    /** @param store whose file is a folder, written already; several cells may have the same */
    public StudyFolderCell(final FileStore store) {
        super(store);
    }

    /** For the serializer; KNIME attaches the file store afterwards. */
    private StudyFolderCell() {
        // nothing else to read
    }

    @Override
    public Path folder() {
        return getFileStores()[0].getFile().toPath();
    }

    @Override
    public String toString() {
        return getStringValue();
    }

    /** Writes and reads the version of the format: all else is in the file store. */
    public static final class Serializer implements DataCellSerializer<StudyFolderCell> {

        @Override
        public void serialize(final StudyFolderCell cell, final DataCellDataOutput output) throws IOException {
            HeaderFormat.writeVersion(output);
        }

        @Override
        public StudyFolderCell deserialize(final DataCellDataInput input) throws IOException {
            HeaderFormat.readVersion(input);
            return new StudyFolderCell();
        }
    }
}
