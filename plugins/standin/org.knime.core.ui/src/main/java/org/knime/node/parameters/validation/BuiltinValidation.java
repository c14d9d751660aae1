package org.knime.node.parameters.validation;

/** A check that the dialog makes while the user types. Never made headless. */
public interface BuiltinValidation {

    /** @return the message shown when the check fails */
    String getErrorMessage();
}
