package org.scanbridge.knime.util;

import java.util.List;

import org.knime.core.data.StringValue;
import org.knime.node.parameters.NodeParametersInput;
import org.knime.node.parameters.widget.choices.StringChoicesProvider;

/** Offers the text columns of the second input, which may not be connected. */
public final class SourceTextColumns implements StringChoicesProvider {

    @Override
    public List<String> choices(final NodeParametersInput context) {
        return context.getInTableSpec(1).map(spec -> Columns.names(spec, StringValue.class)).orElse(List.of());
    }
}
