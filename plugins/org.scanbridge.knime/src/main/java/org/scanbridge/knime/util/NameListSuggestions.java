package org.scanbridge.knime.util;

import java.util.List;
import java.util.function.Supplier;

import org.knime.node.parameters.NodeParametersInput;
import org.knime.node.parameters.updates.ParameterReference;
import org.knime.node.parameters.widget.choices.StringChoicesProvider;

/**
 * Offers names for a setting that holds several, separated by commas: what it holds with one name more, so that a list is
 * put together by choosing again. Anything else can be typed.
 */
public abstract class NameListSuggestions implements StringChoicesProvider {

    private final Class<? extends ParameterReference<String>> m_setting;

    private final char m_separator;

    private Supplier<String> m_text;

    /** @param setting bound to the setting itself */
    protected NameListSuggestions(final Class<? extends ParameterReference<String>> setting) {
        this(setting, ',');
    }

    /**
     * @param setting bound to the setting itself
     * @param separator what stands between the names
     */
    protected NameListSuggestions(final Class<? extends ParameterReference<String>> setting, final char separator) {
        m_setting = setting;
        m_separator = separator;
    }

    /** What can be named. */
    protected abstract List<String> names(NodeParametersInput context);

    @Override
    public void init(final StateProviderInitializer initializer) {
        initializer.computeBeforeOpenDialog();
        m_text = initializer.computeFromValueSupplier(m_setting);
    }

    @Override
    public final List<String> choices(final NodeParametersInput context) {
        return NameLists.next(m_text.get(), names(context), m_separator);
    }
}
