package org.knime.core.data;

/** Can be read as a boolean. */
public interface BooleanValue extends DataValue {

    /** The description. */
    UtilityFactory UTILITY = new NamedUtilityFactory(BooleanValue.class, "Boolean", "Basic");

    /** @return the truth value */
    boolean getBooleanValue();
}
