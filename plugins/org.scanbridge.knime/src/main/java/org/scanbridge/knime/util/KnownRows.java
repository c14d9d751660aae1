package org.scanbridge.knime.util;

import java.util.List;

import org.knime.node.parameters.NodeParametersInput;
import org.knime.node.parameters.widget.choices.StringChoicesProvider;

/** Offers the row ids of the first table, the first 200 of them. */
public final class KnownRows implements StringChoicesProvider {

    @Override
    public List<String> choices(final NodeParametersInput context) {
        return KnownNames.rows(context);
    }
}
