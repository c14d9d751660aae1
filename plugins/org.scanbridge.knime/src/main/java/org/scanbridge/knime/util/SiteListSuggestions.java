package org.scanbridge.knime.util;

import java.util.List;
import java.util.function.Supplier;

import org.knime.node.parameters.NodeParametersInput;
import org.knime.node.parameters.updates.ParameterReference;

/** Offers the sites of the tables for a setting that names some, in a dialog with a setting bound to {@link SiteColumn}. */
public abstract class SiteListSuggestions extends NameListSuggestions {

    private Supplier<String> m_column;

    /** @param setting bound to the setting itself */
    protected SiteListSuggestions(final Class<? extends ParameterReference<String>> setting) {
        super(setting);
    }

    @Override
    public final void init(final StateProviderInitializer initializer) {
        super.init(initializer);
        m_column = initializer.computeFromValueSupplier(SiteColumn.class);
    }

    @Override
    protected final List<String> names(final NodeParametersInput context) {
        return KnownNames.values(context, m_column.get(), StudyTable.SITE);
    }
}
