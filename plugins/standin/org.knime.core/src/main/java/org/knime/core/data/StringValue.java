package org.knime.core.data;

/** Can be read as a string. */
public interface StringValue extends DataValue {

    /** The description. */
    UtilityFactory UTILITY = new NamedUtilityFactory(StringValue.class, "String", "Basic");

    /** @return the string, not null */
    String getStringValue();
}
