package org.scanbridge.knime.learn;

import org.knime.core.data.StringValue;
import org.scanbridge.knime.util.PortColumns;

/** Offers the text columns of the second input, the first one being a network. */
public final class TrainingTextColumns extends PortColumns {

    /** For KNIME. */
    public TrainingTextColumns() {
        super(1, StringValue.class);
    }
}
