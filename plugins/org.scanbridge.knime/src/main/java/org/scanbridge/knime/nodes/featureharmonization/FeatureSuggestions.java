package org.scanbridge.knime.nodes.featureharmonization;

import java.util.List;

import org.knime.core.data.DoubleValue;
import org.knime.core.data.StringValue;
import org.knime.node.parameters.NodeParametersInput;
import org.knime.node.parameters.updates.ParameterReference;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.knime.util.NameListSuggestions;

/** What the dialog of Feature Harmonization offers beside typing. */
final class FeatureSuggestions {

    private FeatureSuggestions() {
    }

    /** Bound to the features. */
    static final class Features implements ParameterReference<String> {
    }

    /** Bound to the covariates. */
    static final class Covariates implements ParameterReference<String> {
    }

    /** The number columns. */
    static final class OfFeatures extends NameListSuggestions {

        OfFeatures() {
            super(Features.class);
        }

        @Override
        protected List<String> names(final NodeParametersInput context) {
            return context.getInTableSpec(0).map(spec -> Columns.names(spec, DoubleValue.class)).orElse(List.of());
        }
    }

    /** The number and text columns. */
    static final class OfCovariates extends NameListSuggestions {

        OfCovariates() {
            super(Covariates.class);
        }

        @Override
        protected List<String> names(final NodeParametersInput context) {
            return context.getInTableSpec(0).map(spec -> spec.stream()
                .filter(c -> c.getType().isCompatible(DoubleValue.class) || c.getType().isCompatible(StringValue.class))
                .map(c -> c.getName()).toList()).orElse(List.of());
        }
    }
}
