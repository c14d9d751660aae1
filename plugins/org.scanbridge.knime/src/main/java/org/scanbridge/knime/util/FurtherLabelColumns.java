package org.scanbridge.knime.util;

import java.util.List;
import java.util.function.Supplier;

import org.knime.node.parameters.NodeParametersInput;
import org.knime.node.parameters.updates.ParameterReference;
import org.scanbridge.knime.data.LabelVolumeValue;

/** Offers the segmentation columns of the table but the first one, for a setting that names further columns. */
public abstract class FurtherLabelColumns extends NameListSuggestions {

    private final Class<? extends ParameterReference<String>> m_firstColumn;

    private Supplier<String> m_first;

    /**
     * @param setting bound to the setting itself
     * @param first bound to the setting with the first column
     */
    protected FurtherLabelColumns(final Class<? extends ParameterReference<String>> setting,
        final Class<? extends ParameterReference<String>> first) {
        super(setting);
        m_firstColumn = first;
    }

    @Override
    public final void init(final StateProviderInitializer initializer) {
        super.init(initializer);
        m_first = initializer.computeFromValueSupplier(m_firstColumn);
    }

    @Override
    protected final List<String> names(final NodeParametersInput context) {
        return context.getInTableSpec(0).map(spec -> Columns.names(spec, LabelVolumeValue.class)).orElse(List.of()).stream()
            .filter(name -> !name.equals(m_first.get())).toList();
    }
}
