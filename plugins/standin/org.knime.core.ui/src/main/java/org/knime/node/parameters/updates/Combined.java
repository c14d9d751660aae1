package org.knime.node.parameters.updates;

import java.util.List;

/** Conditions made of conditions. Nothing evaluates them headless; they only keep the structure. */
final class Combined {

    private Combined() {
    }

    record All(List<EffectPredicate> parts) implements EffectPredicate {
        All(final EffectPredicate... parts) {
            this(List.of(parts));
        }
    }

    record Any(List<EffectPredicate> parts) implements EffectPredicate {
        Any(final EffectPredicate... parts) {
            this(List.of(parts));
        }
    }

    record Not(EffectPredicate part) implements EffectPredicate {
    }
}
