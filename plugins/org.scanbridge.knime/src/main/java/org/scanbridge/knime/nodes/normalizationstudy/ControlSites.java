package org.scanbridge.knime.nodes.normalizationstudy;

import org.knime.node.parameters.updates.ParameterReference;
import org.scanbridge.knime.util.SiteListSuggestions;

/** Offers the table's sites for "Control sites". */
final class ControlSites extends SiteListSuggestions {

    ControlSites() {
        super(Setting.class);
    }

    /** Bound to the setting. */
    static final class Setting implements ParameterReference<String> {
    }
}
