package org.scanbridge.knime.util;

import java.util.List;
import java.util.function.Supplier;

import org.knime.node.parameters.NodeParametersInput;
import org.knime.node.parameters.widget.choices.StringChoicesProvider;

/** Offers the sites of the input tables, in a dialog with a setting bound to {@link SiteColumn}. */
public final class KnownSites implements StringChoicesProvider {

    private Supplier<String> m_column;

    @Override
    public void init(final StateProviderInitializer initializer) {
        initializer.computeBeforeOpenDialog();
        m_column = initializer.computeFromValueSupplier(SiteColumn.class);
    }

    @Override
    public List<String> choices(final NodeParametersInput context) {
        return KnownNames.values(context, m_column.get(), StudyTable.SITE);
    }
}
