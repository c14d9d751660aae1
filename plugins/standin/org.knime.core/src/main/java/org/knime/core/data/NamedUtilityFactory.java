package org.knime.core.data;

/** The description of one of the basic value interfaces. */
final class NamedUtilityFactory extends ExtensibleUtilityFactory {

    private final String m_name;

    private final String m_group;

    NamedUtilityFactory(final Class<? extends DataValue> valueClass, final String name, final String group) {
        super(valueClass);
        m_name = name;
        m_group = group;
    }

    @Override
    public String getName() {
        return m_name;
    }

    @Override
    public String getGroupName() {
        return m_group;
    }
}
