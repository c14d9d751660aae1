package org.knime.node.parameters.updates;

/** A condition on the values of a dialog, made by an {@link EffectPredicateProvider}. */
public interface EffectPredicate {

    /** @return the condition that both hold */
    default EffectPredicate and(final EffectPredicate other) {
        return new Combined.All(this, other);
    }

    /** @return the condition that at least one holds */
    default EffectPredicate or(final EffectPredicate other) {
        return new Combined.Any(this, other);
    }

    /** @return the opposite condition */
    default EffectPredicate negate() {
        return new Combined.Not(this);
    }
}
