package org.scanbridge.knime.util;

import org.knime.core.data.StringValue;
import org.knime.node.parameters.widget.choices.util.CompatibleColumnsProvider;

/** Offers the text columns of the first input table in a dialog. */
public final class TextColumns extends CompatibleColumnsProvider {

    /** For KNIME. */
    public TextColumns() {
        super(StringValue.class);
    }
}
