package org.scanbridge.knime.frontend;

import java.lang.reflect.Constructor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

import org.knime.node.parameters.NodeParametersInput;
import org.knime.node.parameters.updates.EffectPredicate;
import org.knime.node.parameters.updates.EffectPredicateProvider;
import org.knime.node.parameters.updates.ParameterReference;

/** Turns the conditions of effects into those of JSON Forms. */
final class DialogConditions implements EffectPredicateProvider.PredicateInitializer {

    /** A condition on one value, or of conditions; each knows its opposite, which JSON Forms has for values only. */
    private record Json(Map<String, Object> condition, Map<String, Object> opposite) implements EffectPredicate {

        static Json value(final String scope, final Map<String, Object> schema) {
            return new Json(DialogJson.map("scope", scope, "schema", schema),
                DialogJson.map("scope", scope, "schema", DialogJson.map("not", schema)));
        }

        static Json of(final String type, final String dual, final List<Json> parts) {
            return new Json(DialogJson.map("type", type, "conditions", parts.stream().map(Json::condition).toList()),
                DialogJson.map("type", dual, "conditions", parts.stream().map(Json::opposite).toList()));
        }

        @Override
        public EffectPredicate and(final EffectPredicate other) {
            return of("AND", "OR", List.of(this, (Json)other));
        }

        @Override
        public EffectPredicate or(final EffectPredicate other) {
            return of("OR", "AND", List.of(this, (Json)other));
        }

        @Override
        public EffectPredicate negate() {
            return new Json(opposite, condition);
        }
    }

    private final NodeParametersInput m_input;

    private final Function<Class<?>, Optional<String>> m_scopes;

    /** @param scopes where a referenced setting is; empty if no setting is bound to the reference */
    DialogConditions(final NodeParametersInput input, final Function<Class<?>, Optional<String>> scopes) {
        m_input = input;
        m_scopes = scopes;
    }

    Map<String, Object> of(final Class<? extends EffectPredicateProvider> provider) {
        return ((Json)getPredicate(provider)).condition();
    }

    private String scope(final Class<?> reference) {
        return m_scopes.apply(reference)
            .orElseThrow(() -> new IllegalStateException("no setting of the dialog is bound to " + reference));
    }

    @Override
    public StringReference getString(final Class<? extends ParameterReference<String>> reference) {
        final String scope = scope(reference);
        return new StringReference() {
            @Override
            public EffectPredicate isEqualTo(final String value) {
                return Json.value(scope, DialogJson.map("const", value));
            }

            @Override
            public EffectPredicate matchesPattern(final String pattern) {
                return Json.value(scope, DialogJson.map("pattern", pattern));
            }
        };
    }

    @Override
    public BooleanReference getBoolean(final Class<? extends ParameterReference<Boolean>> reference) {
        final String scope = scope(reference);
        return new BooleanReference() {
            @Override
            public EffectPredicate isTrue() {
                return Json.value(scope, DialogJson.map("const", true));
            }

            @Override
            public EffectPredicate isFalse() {
                return Json.value(scope, DialogJson.map("const", false));
            }
        };
    }

    @Override
    public <E extends Enum<E>> EnumReference<E> getEnum(final Class<? extends ParameterReference<E>> reference) {
        final String scope = scope(reference);
        return new EnumReference<>() {
            @Override
            @SafeVarargs
            public final EffectPredicate isOneOf(final E... values) {
                return Json.value(scope, DialogJson.map("enum", Arrays.stream(values).map(Enum::name).toList()));
            }
        };
    }

    @Override
    public <T> ArrayReference getArray(final Class<? extends ParameterReference<T[]>> reference) {
        throw new UnsupportedOperationException("conditions on arrays are not used by our nodes");
    }

    @Override
    public boolean isMissing(final Class<? extends ParameterReference<?>> reference) {
        return m_scopes.apply(reference).isEmpty();
    }

    @Override
    public EffectPredicate getConstant(final Predicate<NodeParametersInput> predicate) {
        final Json always = Json.value("#", DialogJson.map());
        return predicate.test(m_input) ? always : always.negate();
    }

    @Override
    public EffectPredicate getPredicate(final Class<? extends EffectPredicateProvider> provider) {
        try {
            final Constructor<? extends EffectPredicateProvider> constructor = provider.getDeclaredConstructor();
            constructor.setAccessible(true);
            return getPredicate(constructor.newInstance());
        } catch (final ReflectiveOperationException e) {
            throw new IllegalStateException(provider + " cannot be made", e);
        }
    }

    @Override
    public EffectPredicate getPredicate(final EffectPredicateProvider provider) {
        return provider.init(this);
    }
}
