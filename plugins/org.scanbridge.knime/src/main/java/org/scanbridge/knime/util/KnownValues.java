package org.scanbridge.knime.util;

import java.util.List;
import java.util.function.Supplier;

import org.knime.node.parameters.NodeParametersInput;
import org.knime.node.parameters.updates.ParameterReference;
import org.knime.node.parameters.widget.choices.StringChoicesProvider;

/** Offers the values of a text column that another setting chooses. */
public abstract class KnownValues implements StringChoicesProvider {

    private final Class<? extends ParameterReference<String>> m_setting;

    private final String m_usual;

    private Supplier<String> m_column;

    /**
     * @param setting bound to the setting that chooses the column
     * @param usual name of the column that a blank setting means
     */
    protected KnownValues(final Class<? extends ParameterReference<String>> setting, final String usual) {
        m_setting = setting;
        m_usual = usual;
    }

    @Override
    public final void init(final StateProviderInitializer initializer) {
        initializer.computeBeforeOpenDialog();
        m_column = initializer.computeFromValueSupplier(m_setting);
    }

    @Override
    public final List<String> choices(final NodeParametersInput context) {
        return KnownNames.values(context, m_column.get(), m_usual);
    }
}
