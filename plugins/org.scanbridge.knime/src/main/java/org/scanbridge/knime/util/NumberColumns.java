package org.scanbridge.knime.util;

import org.knime.core.data.DoubleValue;
import org.knime.node.parameters.widget.choices.util.CompatibleColumnsProvider;

/** Offers the columns of numbers of the first input table in a dialog. */
public final class NumberColumns extends CompatibleColumnsProvider {

    /** For KNIME. */
    public NumberColumns() {
        super(DoubleValue.class);
    }
}
