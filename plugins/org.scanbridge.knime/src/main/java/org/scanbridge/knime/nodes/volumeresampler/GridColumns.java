package org.scanbridge.knime.nodes.volumeresampler;

import java.util.List;

import org.knime.core.data.DataColumnSpec;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DataValue;
import org.knime.node.parameters.NodeParametersInput;
import org.knime.node.parameters.widget.choices.ColumnChoicesProvider;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.data.VolumeValue;

/** Offers the columns that have a voxel grid, images and segmentations alike. */
final class GridColumns implements ColumnChoicesProvider {

    @Override
    public List<DataColumnSpec> columnChoices(final NodeParametersInput input) {
        return input.getInTableSpec(0).stream().flatMap(DataTableSpec::stream).filter(GridColumns::hasGrid).toList();
    }

    static boolean hasGrid(final DataColumnSpec column) {
        return holds(column, VolumeValue.class) || holds(column, LabelVolumeValue.class);
    }

    private static boolean holds(final DataColumnSpec column, final Class<? extends DataValue> type) {
        return column.getType().isCompatible(type);
    }
}
