package org.knime.core.data;

/** Can be read as an int. */
public interface IntValue extends DataValue {

    /** The description. */
    UtilityFactory UTILITY = new NamedUtilityFactory(IntValue.class, "Number (Integer)", "Basic");

    /** @return the number */
    int getIntValue();
}
