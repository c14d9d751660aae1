package org.knime.node.parameters.updates;

import java.util.function.Predicate;

import org.knime.node.parameters.NodeParametersInput;

/** Makes the condition of an {@link Effect}. Never called headless. */
@FunctionalInterface
public interface EffectPredicateProvider {

    /** @return the condition, made with the initializer's methods only */
    EffectPredicate init(PredicateInitializer i);

    /** @return the condition that all hold */
    default EffectPredicate and(final EffectPredicate... predicates) {
        return new Combined.All(predicates);
    }

    /** @return the condition that at least one holds */
    default EffectPredicate or(final EffectPredicate... predicates) {
        return new Combined.Any(predicates);
    }

    /** @return the opposite condition */
    default EffectPredicate not(final EffectPredicate predicate) {
        return new Combined.Not(predicate);
    }

    /** Makes elementary conditions on the values of referenced fields. */
    interface PredicateInitializer {

        /** @return conditions on a field of type String */
        StringReference getString(Class<? extends ParameterReference<String>> reference);

        /** @return conditions on a boolean field */
        BooleanReference getBoolean(Class<? extends ParameterReference<Boolean>> reference);

        /** @return conditions on an enum field */
        <E extends Enum<E>> EnumReference<E> getEnum(Class<? extends ParameterReference<E>> reference);

        /** @return conditions on an array field */
        <T> ArrayReference getArray(Class<? extends ParameterReference<T[]>> reference);

        /** @return whether no field is bound to the reference */
        boolean isMissing(Class<? extends ParameterReference<?>> reference);

        /** @return a condition on what is connected, the same as long as the dialog is open */
        EffectPredicate getConstant(Predicate<NodeParametersInput> predicate);

        /** @return the condition of another provider */
        EffectPredicate getPredicate(Class<? extends EffectPredicateProvider> predicateProviderClass);

        /** @return the condition of another provider */
        EffectPredicate getPredicate(EffectPredicateProvider predicateProvider);

        /** @return a condition that never holds */
        default EffectPredicate never() {
            return getConstant(context -> false);
        }

        /** @return a condition that always holds */
        default EffectPredicate always() {
            return getConstant(context -> true);
        }

        /** Conditions on a string. */
        interface StringReference {

            /** @return the condition that the string equals the value */
            EffectPredicate isEqualTo(String value);

            /** @return the condition that the string matches the regular expression */
            EffectPredicate matchesPattern(String pattern);
        }

        /** Conditions on a boolean. */
        interface BooleanReference {

            /** @return the condition that it is true */
            EffectPredicate isTrue();

            /** @return the condition that it is false */
            EffectPredicate isFalse();
        }

        /**
         * Conditions on an enum.
         *
         * @param <E> the enum
         */
        interface EnumReference<E extends Enum<E>> {

            /** @return the condition that it is one of the constants */
            @SuppressWarnings("unchecked")
            EffectPredicate isOneOf(E... values);
        }

        /** Conditions on an array. */
        interface ArrayReference {

            /** @return the condition that it has at least two elements */
            EffectPredicate hasMultipleItems();

            /** @return the condition that an element fulfils a condition on its own fields */
            EffectPredicate containsElementSatisfying(EffectPredicateProvider elementPredicate);
        }
    }
}
