package org.scanbridge.knime.nodes.segmentationlearner;

import org.knime.core.data.LongValue;
import org.knime.core.data.StringValue;
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
import org.knime.node.parameters.widget.choices.ChoicesProvider;
import org.knime.node.parameters.widget.choices.Label;
import org.knime.node.parameters.widget.choices.SuggestionsProvider;
import org.knime.node.parameters.widget.message.TextMessage;
import org.knime.node.parameters.widget.number.NumberInputWidget;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsNonNegativeValidation;
import org.scanbridge.knime.learn.CaseColumns;
import org.scanbridge.knime.learn.KeptWeights;
import org.scanbridge.knime.learn.TrainingParameters;
import org.scanbridge.knime.learn.FoldColumns;
import org.scanbridge.knime.util.ColumnGuess.Otherwise;
import org.scanbridge.knime.util.ColumnGuess;
import org.scanbridge.knime.util.ColumnGuesses;
import org.scanbridge.knime.util.GuessedColumns;
import org.scanbridge.knime.util.KnownSites;
import org.scanbridge.knime.util.KnownSitesNote;
import org.scanbridge.knime.util.RefusedSetting;
import org.scanbridge.knime.util.StudyTable;
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

    static final class FoldsReference implements ParameterReference<Boolean> {
    }

    static final class HasFolds implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getBoolean(FoldsReference.class).isTrue();
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
    @SuggestionsProvider(KnownSites.class)
    String m_sourceSite = "";

    @Layout(Images.class)
    @TextMessage(KnownSitesNote.class)
    @Effect(predicate = NeedsSource.class, type = EffectType.SHOW)
    Void m_knownSites;

    @Layout(Images.class)
    @Widget(title = "One network for each fold", description = """
            Cross-validation: trains one network after the other, each on all folds but one, and hands on the ensemble of them. \
            It segments better than a single network, and the Segmentation Predictor can segment every subject with the \
            network that has not seen it, so that all labeled subjects give honest scores. Takes as many times longer. The \
            validation subjects, if any, are the same for all networks; the fold that is left out chooses nothing.""")
    @ValueReference(FoldsReference.class)
    boolean m_crossValidation;

    @Layout(Images.class)
    @Widget(title = "Folds column", description = """
            Says which fold a training subject is in: that of the Subject Splitter with "Folds" above 0, or integers of a file. All \
            images of a subject must be in one fold. Blank: "Fold".""")
    @ChoicesProvider(FoldColumns.class)
    @ColumnGuess(port = 1, type = {StringValue.class, LongValue.class}, names = StudyTable.FOLD, otherwise = Otherwise.NONE)
    @Effect(predicate = HasFolds.class, type = EffectType.SHOW)
    String m_foldsColumn = "";

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
        ColumnGuesses.defaults(this, input);
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
        RefusedSetting.named(this, SegmentationLearnerParameters::check);
    }

    private void check() throws InvalidSettingsException {
        options();
        m_training.checkpoints();
    }
}
