package org.knime.core.data;

/** Can be read as a double. */
public interface DoubleValue extends DataValue {

    /** The description. */
    UtilityFactory UTILITY = new NamedUtilityFactory(DoubleValue.class, "Number (Float)", "Basic");

    /** @return the number */
    double getDoubleValue();
}
