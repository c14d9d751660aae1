package org.scanbridge.knime.util;

import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import org.knime.node.parameters.NodeParametersInput;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.updates.EffectPredicate;
import org.knime.node.parameters.updates.EffectPredicateProvider;
import org.knime.node.parameters.updates.ParameterReference;
import org.knime.node.parameters.widget.choices.Label;

/**
 * A condition on which the dialog shows a setting, as it is for given parameters, in words. KNIME hands its own kind of conditions
 * to its dialog alone; this one never leaves {@link UnusedSettings}, and combines with its own kind only.
 *
 * @param holds whether it holds
 * @param needs what must be chosen for it to hold, all of it, in the titles and labels of the dialog
 * @param against what must be chosen for it not to hold, all of it
 */
record Condition(boolean holds, List<String> needs, List<String> against) implements EffectPredicate {

    private static Condition of(final boolean holds, final String words, final String opposite) {
        return new Condition(holds, List.of(words), List.of(opposite));
    }

    /** What must be chosen for it to hold. */
    String words() {
        return String.join(" and ", needs);
    }

    @Override
    public EffectPredicate and(final EffectPredicate other) {
        return all(List.of(this, (Condition)other));
    }

    @Override
    public EffectPredicate or(final EffectPredicate other) {
        return ((Condition)negate().and(other.negate())).negate();
    }

    @Override
    public Condition negate() {
        return new Condition(!holds, against, needs);
    }

    /** That all hold; in words, only those that do not, as long as there are some. */
    static Condition all(final Collection<Condition> parts) {
        final boolean all = parts.stream().allMatch(Condition::holds);
        return new Condition(all,
            parts.stream().filter(p -> all || !p.holds).flatMap(p -> p.needs.stream()).distinct().toList(),
            List.of(parts.stream().map(p -> String.join(" and ", p.against)).distinct().collect(Collectors.joining(" or "))));
    }

    /** A setting that conditions refer to, with its value. */
    record Referenced(Field field, Object value) {

        private String title() {
            final Widget widget = field.getAnnotation(Widget.class);
            return "\"" + (widget == null ? field.getName() : widget.title()) + "\"";
        }

        private Condition is(final boolean holds, final String value) {
            return of(holds, title() + " is " + value, title() + " is not " + value);
        }
    }

    /**
     * The condition that a provider makes.
     *
     * @param references the settings that conditions may refer to
     * @param input what is connected
     */
    static Condition of(final Class<? extends EffectPredicateProvider> provider, final Map<Class<?>, Referenced> references,
        final NodeParametersInput input) {
        return (Condition)new Reader(references, input).getPredicate(provider);
    }

    /** A constant of a setting, as the dialog has it. */
    static String label(final Enum<?> constant) {
        try {
            return Optional.ofNullable(constant.getDeclaringClass().getField(constant.name()).getAnnotation(Label.class))
                .map(Label::value).orElse(constant.name());
        } catch (final NoSuchFieldException e) {
            throw new IllegalStateException(constant + " is no constant of " + constant.getDeclaringClass(), e);
        }
    }

    /** Lets providers make our conditions. */
    private record Reader(Map<Class<?>, Referenced> references, NodeParametersInput input)
        implements EffectPredicateProvider.PredicateInitializer {

        private Referenced find(final Class<?> reference) {
            return Optional.ofNullable(references.get(reference))
                .orElseThrow(() -> new IllegalStateException("no setting is bound to " + reference));
        }

        @Override
        public StringReference getString(final Class<? extends ParameterReference<String>> reference) {
            throw new UnsupportedOperationException("no node has conditions on texts");
        }

        @Override
        public BooleanReference getBoolean(final Class<? extends ParameterReference<Boolean>> reference) {
            final Referenced setting = find(reference);
            final Condition on = of((Boolean)setting.value, setting.title() + " is on", setting.title() + " is off");
            return new BooleanReference() {
                @Override
                public EffectPredicate isTrue() {
                    return on;
                }

                @Override
                public EffectPredicate isFalse() {
                    return on.negate();
                }
            };
        }

        @Override
        public <E extends Enum<E>> EnumReference<E> getEnum(final Class<? extends ParameterReference<E>> reference) {
            final Referenced setting = find(reference);
            return new EnumReference<>() {
                @Override
                @SafeVarargs
                @SuppressWarnings("varargs")
                public final EffectPredicate isOneOf(final E... values) {
                    return setting.is(Arrays.asList(values).contains(setting.value),
                        Arrays.stream(values).map(v -> "\"" + label(v) + "\"").collect(Collectors.joining(" or ")));
                }
            };
        }

        @Override
        public <T> ArrayReference getArray(final Class<? extends ParameterReference<T[]>> reference) {
            throw new UnsupportedOperationException("no node has conditions on lists");
        }

        @Override
        public boolean isMissing(final Class<? extends ParameterReference<?>> reference) {
            return !references.containsKey(reference);
        }

        /** What dialogs ask of the inputs is whether an optional one is connected. */
        @Override
        public EffectPredicate getConstant(final Predicate<NodeParametersInput> predicate) {
            return of(predicate.test(input), "the optional input is connected", "nothing is connected to the optional input");
        }

        @Override
        public EffectPredicate getPredicate(final Class<? extends EffectPredicateProvider> provider) {
            return getPredicate(SettingFields.make(provider));
        }

        @Override
        public EffectPredicate getPredicate(final EffectPredicateProvider provider) {
            return provider.init(this);
        }
    }
}
