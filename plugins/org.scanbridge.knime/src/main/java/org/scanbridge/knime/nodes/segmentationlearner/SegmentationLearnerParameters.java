package org.scanbridge.knime.nodes.segmentationlearner;

import org.knime.core.node.InvalidSettingsException;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.NodeParametersInput;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.layout.After;
import org.knime.node.parameters.layout.Layout;
import org.knime.node.parameters.layout.Section;
import org.knime.node.parameters.migration.LoadDefaultsForAbsentFields;
import org.knime.node.parameters.updates.Effect;
import org.knime.node.parameters.updates.Effect.EffectType;
import org.knime.node.parameters.updates.EffectPredicate;
import org.knime.node.parameters.updates.EffectPredicateProvider;
import org.knime.node.parameters.updates.ParameterReference;
import org.knime.node.parameters.updates.ValueReference;
import org.knime.node.parameters.widget.choices.Label;
import org.knime.node.parameters.widget.number.NumberInputWidget;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsNonNegativeValidation;
import org.scanbridge.knime.learn.CaseColumns;
import org.scanbridge.knime.learn.KeptWeights;
import org.scanbridge.knime.learn.TrainingParameters;
import org.scanbridge.knime.util.GuessedColumns;
import org.scanbridge.learning.method.SegmentationOptions;

/** Settings of the Segmentation Learner. */
@LoadDefaultsForAbsentFields
public final class SegmentationLearnerParameters implements NodeParameters, GuessedColumns {

    @Section(title = "Images")
    interface Images {
    }

    @Section(title = "Training")
    @After(Images.class)
    interface Training {
    }

    enum TrainOn {
            @Label(value = "All sites", description = "Every labeled image, whatever its site.")
            ALL_SITES, //
            @Label(value = "Source site only", description = "As if the other sites did not exist.")
            SOURCE_SITE, //
            @Label(value = "Target sites only", description = """
                    Every site but the source: the upper bound that an adaptation without labels is compared with.""")
            TARGET_SITES;
    }

    static final class TrainOnReference implements ParameterReference<TrainOn> {
    }

    static final class NeedsSource implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(TrainOnReference.class).isOneOf(TrainOn.SOURCE_SITE, TrainOn.TARGET_SITES);
        }
    }

    @Layout(Images.class)
    CaseColumns m_columns = new CaseColumns();

    @Layout(Images.class)
    @Widget(title = "Train on", description = "Which sites' images the network learns from.")
    @ValueReference(TrainOnReference.class)
    TrainOn m_trainOn = TrainOn.ALL_SITES;

    @Layout(Images.class)
    @Widget(title = "Source site", description = """
            Name of the source site. Left blank, it is the one that comes first in alphabetical order; all others are \
            target sites.""")
    @Effect(predicate = NeedsSource.class, type = EffectType.SHOW)
    String m_sourceSite = "";

    @Layout(Training.class)
    TrainingParameters m_training = new TrainingParameters();

    @Layout(Training.class)
    @Widget(title = "Frozen blocks", description = """
            For transfer learning: how many blocks, counted from the input, keep the weights they have. 0 trains all, which \
            is right for an untrained network. With very few labeled images of a new site, freeze most.""", advanced = true)
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class)
    int m_frozenBlocks = 0;

    @Layout(Training.class)
    @Widget(title = "Weights to keep", description = "Which step's weights the trained network has.", advanced = true)
    KeptWeights m_keep = KeptWeights.BEST;

    /** For KNIME. */
    public SegmentationLearnerParameters() {
        // the defaults need a table
    }

    SegmentationLearnerParameters(final NodeParametersInput input) {
        m_columns = new CaseColumns(input);
    }

    /** @throws InvalidSettingsException if a number is out of range */
    SegmentationOptions options() throws InvalidSettingsException {
        return m_keep.in(m_training.options(m_frozenBlocks));
    }

    @Override
    public boolean reads(final String setting) {
        return m_training.reads(setting);
    }

    @Override
    public void validate() throws InvalidSettingsException {
        options();
        m_training.checkpoints();
    }
}
