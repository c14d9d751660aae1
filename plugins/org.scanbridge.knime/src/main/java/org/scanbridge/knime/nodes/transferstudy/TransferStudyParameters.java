package org.scanbridge.knime.nodes.transferstudy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.knime.core.node.InvalidSettingsException;
import org.knime.core.webui.node.dialog.defaultdialog.internal.file.FileSelectionWidget;
import org.knime.core.webui.node.dialog.defaultdialog.internal.file.FileSystemOption;
import org.knime.core.webui.node.dialog.defaultdialog.internal.file.SingleFileSelectionMode;
import org.knime.core.webui.node.dialog.defaultdialog.internal.file.WithFileSystem;
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
import org.knime.node.parameters.widget.choices.SuggestionsProvider;
import org.knime.node.parameters.widget.message.TextMessage;
import org.knime.node.parameters.widget.number.NumberInputWidget;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsPositiveIntegerValidation;
import org.knime.node.parameters.widget.text.TextInputWidget;
import org.scanbridge.knime.learn.CaseColumns;
import org.scanbridge.knime.learn.TrainingParameters;
import org.scanbridge.knime.util.GuessedColumns;
import org.scanbridge.knime.util.KnownSites;
import org.scanbridge.knime.util.KnownSitesNote;
import org.scanbridge.knime.util.OutputFolder;
import org.scanbridge.knime.util.RefusedSetting;
import org.scanbridge.learning.method.TransferStudyOptions;
import org.scanbridge.learning.train.Checkpoints;

/** Settings of the Transfer Study. */
@LoadDefaultsForAbsentFields
public final class TransferStudyParameters implements NodeParameters, GuessedColumns {

    /** A training of the study takes seconds; what counts is that finished ones are kept. */
    private static final int CHECKPOINT_INTERVAL = 1000;

    @Section(title = "Images")
    interface Images {
    }

    @Section(title = "Study")
    @After(Images.class)
    interface Study {
    }

    @Section(title = "Each training")
    @After(Study.class)
    interface Training {
    }

    @Section(title = "Results")
    @After(Training.class)
    interface Results {
    }

    /** Whose images take part. */
    enum Sites {
            @Label(value = "All sites", description = "Every image of the tables, whatever its site.")
            ALL_SITES, //
            @Label(value = "Target sites only", description = """
                    Every site but the source. Test images of the source site, if there are any, tell what the source \
                    network achieves at home.""")
            TARGET_SITES;
    }

    static final class SitesReference implements ParameterReference<Sites> {
    }

    static final class NeedsSource implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(SitesReference.class).isOneOf(Sites.TARGET_SITES);
        }
    }

    @Layout(Images.class)
    CaseColumns m_columns = new CaseColumns();

    @Layout(Images.class)
    @Widget(title = "Sites", description = """
            Which images are those of the new site. The default takes all, for tables that hold the new site only.""")
    @ValueReference(SitesReference.class)
    Sites m_sites = Sites.ALL_SITES;

    @Layout(Images.class)
    @Widget(title = "Source site", description = """
            Name of the site that the source network was trained at. Left blank, it is the one that comes first in \
            alphabetical order.""")
    @Effect(predicate = NeedsSource.class, type = EffectType.SHOW)
    @SuggestionsProvider(KnownSites.class)
    String m_sourceSite = "";

    @Layout(Images.class)
    @TextMessage(KnownSitesNote.class)
    @Effect(predicate = NeedsSource.class, type = EffectType.SHOW)
    Void m_knownSites;

    @Layout(Study.class)
    @Widget(title = "Numbers of training cases", description = """
            With how many labeled subjects of the new site to train, separated by commas. Doubling them each time gives an \
            even curve.""")
    @TextInputWidget(placeholder = "1, 2, 4, 8")
    String m_cases = "1, 2, 4, 8";

    @Layout(Study.class)
    @Widget(title = "Numbers of trained blocks", description = """
            How many of the last blocks of the network are trained, separated by commas; the blocks before them stay as they \
            are. A number larger than the network's means all. The default are the depths of the paper that are worth \
            their time.""")
    @TextInputWidget(placeholder = "1, 2, 3, 6, 15")
    String m_tuned = "1, 2, 3, 6, 15";

    @Layout(Study.class)
    @Widget(title = "Also train from scratch", description = """
            Trains a network with fresh weights on the same subjects, which shows what the source network is worth.""")
    boolean m_scratch = true;

    @Layout(Study.class)
    @Widget(title = "Repetitions", description = """
            How often everything is repeated with other subjects and other random numbers. With few cases the choice of \
            the subjects matters more than anything else: use at least 3 for a result to be shown to others.""")
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    int m_repetitions = 1;

    @Layout(Training.class)
    TrainingParameters m_training = new TrainingParameters();

    @Layout(Results.class)
    @Widget(title = "Folder", description = """
            Where the page transfer-learning.md with the verdicts, the heat map transfer-learning.html and the table \
            networks.csv are written; those of an earlier study are replaced. Finished networks are kept there too, in \
            the folder "trainings", unless another folder for checkpoints is chosen. Left blank, nothing is written. A path \
            that does not begin at the root is taken inside the folder "ScanBridge" of your home folder.""")
    @TextInputWidget(placeholder = "/path/to/results")
    @FileSelectionWidget(value = SingleFileSelectionMode.FOLDER, placeholder = "/path/to/results")
    @WithFileSystem(FileSystemOption.LOCAL)
    String m_folder = "";

    /** For KNIME. */
    public TransferStudyParameters() {
        // the defaults need a table
    }

    TransferStudyParameters(final NodeParametersInput input) {
        m_columns = new CaseColumns(input);
    }

    /** @throws InvalidSettingsException if a number is out of range */
    TransferStudyOptions options() throws InvalidSettingsException {
        try {
            return new TransferStudyOptions(m_training.options(0), numbers("Numbers of training cases", m_cases),
                numbers("Numbers of trained blocks", m_tuned), m_scratch, m_repetitions);
        } catch (final IllegalArgumentException e) {
            throw new InvalidSettingsException(e.getMessage(), e);
        }
    }

    /**
     * Where finished networks are kept.
     *
     * @throws InvalidSettingsException if the folder cannot be written, or the interval is below 1
     */
    Optional<Checkpoints> checkpoints() throws InvalidSettingsException {
        final Optional<Checkpoints> chosen = m_training.checkpoints();
        return chosen.isPresent() ? chosen
            : OutputFolder.of(m_folder).map(f -> new Checkpoints(f.resolve("trainings"), CHECKPOINT_INTERVAL));
    }

    private static List<Integer> numbers(final String title, final String text) throws InvalidSettingsException {
        final List<Integer> numbers = new ArrayList<>();
        for (final String part : text == null || text.isBlank() ? new String[0] : text.split(",")) {
            try {
                numbers.add(Integer.valueOf(part.strip()));
            } catch (final NumberFormatException e) {
                throw new InvalidSettingsException("\"" + title + "\": \"" + part.strip()
                    + "\" is no whole number. Give numbers separated by commas, such as 1, 2, 4.", e);
            }
        }
        return numbers;
    }

    @Override
    public boolean reads(final String setting) {
        return m_training.reads(setting);
    }

    @Override
    public void validate() throws InvalidSettingsException {
        RefusedSetting.named(this, TransferStudyParameters::check);
    }

    private void check() throws InvalidSettingsException {
        options();
        m_training.refuseThisScanner();
        m_training.checkpoints();
        OutputFolder.of(m_folder);
    }
}
