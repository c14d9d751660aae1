package org.knime.node.parameters.updates.util;

import org.knime.node.parameters.updates.EffectPredicate;
import org.knime.node.parameters.updates.EffectPredicateProvider;
import org.knime.node.parameters.updates.ParameterReference;

/** A reference to a boolean field that is at once the condition that the field is true. */
public interface BooleanReference extends ParameterReference<Boolean>, EffectPredicateProvider {

    @Override
    default EffectPredicate init(final PredicateInitializer i) {
        return i.getBoolean(this.getClass()).isTrue();
    }
}
