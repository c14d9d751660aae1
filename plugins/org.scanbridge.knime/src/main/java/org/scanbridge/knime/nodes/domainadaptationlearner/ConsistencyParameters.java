package org.scanbridge.knime.nodes.domainadaptationlearner;

import org.knime.core.node.InvalidSettingsException;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.migration.LoadDefaultsForAbsentFields;
import org.knime.node.parameters.updates.Effect;
import org.knime.node.parameters.updates.Effect.EffectType;
import org.knime.node.parameters.widget.choices.Label;
import org.knime.node.parameters.widget.number.NumberInputWidget;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsNonNegativeValidation;
import org.scanbridge.learning.graph.ConsistencyTerm;

/** Settings of the consistency. */
@LoadDefaultsForAbsentFields
final class ConsistencyParameters implements NodeParameters {

    private static final ConsistencyTerm DEFAULTS = ConsistencyTerm.defaults();

    /** {@link ConsistencyTerm#targetOnly} with texts. */
    enum Images {
            @Label(value = "All images", description = """
                    Those of the source and of the target, as in the paper (Jeong et al., 2019). A step takes twice as long as \
                    without.""")
            ALL, //
            @Label(value = "Images of the target only", description = """
                    The source's patches learn from their segmentations alone (as in French et al., 2018). A step takes one \
                    and a half times as long as without. Together with the domain-adversarial method it was on par with all \
                    images, on phantoms and on images made of real label maps, with three seeds each.""")
            TARGET;
    }

    @Widget(title = "Weight", description = """
            How much this counts beside the segmentation loss, from 0 to 1000. It rises in the \
            first and falls in the last part of the training, as in the paper.""")
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class)
    double m_weight = DEFAULTS.weight();

    @Widget(title = "Strength of the second views", description = """
            How much contrast, noise and sharpness of the second view of a patch change, for images with a standard deviation of \
            about 1; 0 to 10. 0 only mirrors, as in the paper; from 1 on the order of intensities may turn around.""")
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class)
    double m_strength = DEFAULTS.strength();

    @Widget(title = "Consistency of", description = """
            Which images the network must segment alike in both views. With early layers of the target's own it is always of \
            the target only.""")
    @Effect(predicate = DomainAdaptationLearnerParameters.HasSeparateLayers.class, type = EffectType.HIDE)
    Images m_images = Images.ALL;

    /** @throws IllegalArgumentException if a number is out of range */
    ConsistencyTerm term() {
        return new ConsistencyTerm(m_weight, m_strength, m_images == Images.TARGET);
    }

    @Override
    public void validate() throws InvalidSettingsException {
        try {
            term();
        } catch (final IllegalArgumentException e) {
            throw new InvalidSettingsException(e.getMessage(), e);
        }
    }
}
