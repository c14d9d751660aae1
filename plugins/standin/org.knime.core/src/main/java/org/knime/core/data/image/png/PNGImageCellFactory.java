package org.knime.core.data.image.png;

import org.knime.core.data.DataCell;
import org.knime.core.data.DataCellFactory;
import org.knime.core.data.DataType;

/** Creates PNG cells. */
public final class PNGImageCellFactory implements DataCellFactory {

    /** The type of the cells. */
    public static final DataType TYPE = DataType.getType(PNGImageCell.class);

    @Override
    public DataType getDataType() {
        return TYPE;
    }

    /**
     * @param bytes the bytes of a PNG file
     * @return a cell holding the image
     * @throws IllegalArgumentException if they are no image
     */
    public static DataCell create(final byte[] bytes) {
        return new PNGImageContent(bytes).toImageCell();
    }
}
