package org.knime.core.data;

/** Can be read as a long. */
public interface LongValue extends DataValue {

    /** The description. */
    UtilityFactory UTILITY = new NamedUtilityFactory(LongValue.class, "Number (Long)", "Basic");

    /** @return the number */
    long getLongValue();
}
