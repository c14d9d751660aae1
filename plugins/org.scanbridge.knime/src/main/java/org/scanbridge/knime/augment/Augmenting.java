package org.scanbridge.knime.augment;

import java.util.List;

import org.knime.core.node.InvalidSettingsException;
import org.knime.node.parameters.updates.EffectPredicate;
import org.knime.node.parameters.updates.EffectPredicateProvider;
import org.knime.node.parameters.updates.ParameterReference;
import org.scanbridge.knime.augment.AugmentationParameters.Switch;

/** Whether augmentation is on at all: always, unless the dialog has a setting bound to {@link Switch}. */
final class Augmenting implements EffectPredicateProvider {

    @Override
    public EffectPredicate init(final PredicateInitializer i) {
        return i.isMissing(Switch.class) ? i.always() : i.getBoolean(Switch.class).isTrue();
    }

    /** The condition that augmentation and one of its steps are on. */
    static EffectPredicate and(final EffectPredicateProvider.PredicateInitializer i,
        final Class<? extends ParameterReference<Boolean>> on) {
        final EffectPredicate step = i.getBoolean(on).isTrue();
        return i.isMissing(Switch.class) ? step : i.getBoolean(Switch.class).isTrue().and(step);
    }

    static void check(final List<Step> steps) throws InvalidSettingsException {
        for (final Step step : steps) {
            check(step.title(), step.probability());
            check(step.title(), () -> step.augmentation().get());
        }
    }

    static void check(final String title, final double probability) throws InvalidSettingsException {
        if (!(probability >= 0 && probability <= 1)) {
            throw new InvalidSettingsException("\"" + title + ": how often\" is " + probability + "; choose 0 to 1.");
        }
    }

    static void check(final String title, final Runnable make) throws InvalidSettingsException {
        try {
            make.run();
        } catch (final IllegalArgumentException e) {
            throw new InvalidSettingsException("\"" + title + "\": " + e.getMessage() + ".", e);
        }
    }
}
