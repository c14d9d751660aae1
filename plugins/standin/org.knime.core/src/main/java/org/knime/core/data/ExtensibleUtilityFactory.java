package org.knime.core.data;

import java.util.Objects;

/** The description of a value interface for which renderers can be registered. */
public abstract class ExtensibleUtilityFactory extends DataValue.UtilityFactory {

    private final Class<? extends DataValue> m_valueClass;

    /** @param valueClass the described interface */
    protected ExtensibleUtilityFactory(final Class<? extends DataValue> valueClass) {
        m_valueClass = Objects.requireNonNull(valueClass, "valueClass");
    }

    /** @return the described interface */
    public final Class<? extends DataValue> getValueClass() {
        return m_valueClass;
    }

    /** @return the name of the type as users see it */
    public abstract String getName();

    /** @return the group under which the type is listed */
    public String getGroupName() {
        return "Other";
    }
}
