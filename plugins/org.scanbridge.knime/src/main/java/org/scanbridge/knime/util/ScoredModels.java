package org.scanbridge.knime.util;

import java.util.List;

import org.knime.node.parameters.NodeParametersInput;
import org.knime.node.parameters.widget.choices.StringChoicesProvider;

/** Offers the models of a table of scores. */
public final class ScoredModels implements StringChoicesProvider {

    @Override
    public List<String> choices(final NodeParametersInput context) {
        return KnownNames.values(context, "Model", "Model");
    }
}
