package org.scanbridge.knime.learn;

import java.util.List;

import org.knime.core.data.DataColumnSpec;
import org.knime.node.parameters.NodeParametersInput;
import org.knime.node.parameters.widget.choices.ColumnChoicesProvider;
import org.scanbridge.knime.data.VolumeValue;

/** Offers the image columns of the second input, the first one being a network. */
public final class TrainingImageColumns implements ColumnChoicesProvider {

    @Override
    public List<DataColumnSpec> columnChoices(final NodeParametersInput input) {
        return input.getInTableSpec(1).stream().flatMap(s -> s.stream())
            .filter(c -> c.getType().isCompatible(VolumeValue.class)).toList();
    }
}
