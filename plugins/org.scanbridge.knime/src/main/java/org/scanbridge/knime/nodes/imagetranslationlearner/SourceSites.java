package org.scanbridge.knime.nodes.imagetranslationlearner;

import org.knime.node.parameters.updates.ParameterReference;
import org.scanbridge.knime.util.SiteListSuggestions;

/** Offers the table's sites for "Source sites". */
final class SourceSites extends SiteListSuggestions {

    SourceSites() {
        super(Setting.class);
    }

    /** Bound to the setting. */
    static final class Setting implements ParameterReference<String> {
    }
}
