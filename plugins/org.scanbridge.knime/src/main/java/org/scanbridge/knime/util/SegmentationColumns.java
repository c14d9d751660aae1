package org.scanbridge.knime.util;

import java.util.List;

import org.knime.node.parameters.NodeParametersInput;
import org.knime.node.parameters.widget.choices.StringChoicesProvider;
import org.scanbridge.knime.data.LabelVolumeValue;

/** Offers the segmentation columns of the first table as names of models, which are called after their columns. */
public final class SegmentationColumns implements StringChoicesProvider {

    @Override
    public List<String> choices(final NodeParametersInput context) {
        return context.getInTableSpec(0).map(spec -> Columns.names(spec, LabelVolumeValue.class)).orElse(List.of());
    }
}
