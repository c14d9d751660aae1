package org.scanbridge.knime.nodes.sitecurriculum;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

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
import org.knime.node.parameters.updates.ParameterReference;
import org.knime.node.parameters.updates.ValueReference;
import org.knime.node.parameters.updates.util.BooleanReference;
import org.knime.node.parameters.widget.choices.SuggestionsProvider;
import org.knime.node.parameters.widget.message.TextMessage;
import org.knime.node.parameters.widget.number.NumberInputWidget;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MaxValidation;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsNonNegativeValidation;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsPositiveDoubleValidation;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsPositiveIntegerValidation;
import org.knime.node.parameters.widget.text.TextInputWidget;
import org.scanbridge.knime.learn.CaseColumns;
import org.scanbridge.knime.learn.TrainingParameters;
import org.scanbridge.knime.util.GuessedColumns;
import org.scanbridge.knime.util.KnownSitesNote;
import org.scanbridge.knime.util.NameLists;
import org.scanbridge.knime.util.OutputFolder;
import org.scanbridge.knime.util.RefusedSetting;
import org.scanbridge.knime.util.SiteListSuggestions;
import org.scanbridge.learning.method.SiteCurriculumOptions;
import org.scanbridge.learning.train.Checkpoints;

/** Settings of the Site Curriculum Study. */
@LoadDefaultsForAbsentFields
public final class SiteCurriculumParameters implements NodeParameters, GuessedColumns {

    /** Title of the setting. */
    private static final String ORDER = "Order of sites";

    /** Title of the setting. */
    private static final String SHARE = "Share of the later network";

    /** A training of the study takes a minute; what counts is that finished ones are kept. */
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

    /** Offers the table's sites for "Order of sites". */
    static final class OrderedSites extends SiteListSuggestions {

        OrderedSites() {
            super(Setting.class);
        }

        /** Bound to the setting. */
        static final class Setting implements ParameterReference<String> {
        }
    }

    static final class AtMostOne extends MaxValidation {
        @Override
        protected double getMax() {
            return 1;
        }
    }

    static final class AverageReference implements BooleanReference {
    }

    @Layout(Images.class)
    CaseColumns m_columns = new CaseColumns();

    @Layout(Images.class)
    @Widget(title = ORDER, description = """
            The sites in the order in which the network learns them, separated by commas; at least two. Sites that are not named \
            take no part. Blank: all sites of the training table in alphabetical order. The order matters: what comes first is \
            forgotten most.""")
    @TextInputWidget(placeholder = "(all, in alphabetical order)")
    @SuggestionsProvider(OrderedSites.class)
    @ValueReference(OrderedSites.Setting.class)
    String m_order = "";

    @Layout(Images.class)
    @TextMessage(KnownSitesNote.class)
    Void m_knownSites;

    @Layout(Study.class)
    @Widget(title = "Replayed subjects", description = """
            How many labeled training subjects of each earlier site are kept and trained on together with those of the present site, \
            every site equally often. The seed decides which ones. 0 leaves this way out. On synthetic sites two subjects \
            were enough to forget next to nothing.""")
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class)
    int m_replay = 2;

    @Layout(Study.class)
    @Widget(title = "Average with the earlier network", description = """
            Also tries to average the weights before and after each site, which needs no image of an earlier site: less is \
            forgotten, and less learned.""")
    @ValueReference(AverageReference.class)
    boolean m_average = true;

    @Layout(Study.class)
    @Widget(title = SHARE, description = """
            What the network after a site weighs in that average, above 0 and below 1; the network before has the rest.""")
    @NumberInputWidget(minValidation = IsPositiveDoubleValidation.class, maxValidation = AtMostOne.class)
    @Effect(predicate = AverageReference.class, type = EffectType.SHOW)
    double m_share = 0.5;

    @Layout(Study.class)
    @Widget(title = "Also train on all sites at once", description = """
            The control: what could be reached if all images were in one place at one time, with as many steps as the others \
            take in all.""")
    boolean m_joint = true;

    @Layout(Study.class)
    @Widget(title = "Repetitions", description = """
            How often everything is repeated with other patches and other replayed subjects. Use at least 3 for a result to be \
            shown to others.""")
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    int m_repetitions = 1;

    @Layout(Training.class)
    TrainingParameters m_training = new TrainingParameters();

    @Layout(Results.class)
    @Widget(title = "Folder", description = """
            Where the page site-curriculum.html with the heat map and the table site-curriculum.csv are written; those of an \
            earlier study are replaced. Trainings keep their states there too, in the folder "trainings", unless another \
            folder for checkpoints is chosen. Left blank, nothing is written. A path that does not begin at the root is taken \
            inside the folder "ScanBridge" of your home folder.""")
    @TextInputWidget(placeholder = "/path/to/results")
    @FileSelectionWidget(value = SingleFileSelectionMode.FOLDER, placeholder = "/path/to/results")
    @WithFileSystem(FileSystemOption.LOCAL)
    String m_folder = "";

    /** For KNIME. */
    public SiteCurriculumParameters() {
        // the defaults need a table
    }

    SiteCurriculumParameters(final NodeParametersInput input) {
        m_columns = new CaseColumns(input);
    }

    /**
     * What to try.
     *
     * @param sites those of the training table
     * @param withoutSite what to tell of its rows without a site, if there are any
     * @throws InvalidSettingsException if a number is out of range, or the order names a site that is not there
     */
    SiteCurriculumOptions options(final Collection<String> sites, final Optional<String> withoutSite)
        throws InvalidSettingsException {
        final List<String> named = NameLists.names(m_order);
        for (final String site : named) {
            if (!sites.contains(site)) {
                throw new InvalidSettingsException("\"" + ORDER + "\" names \"" + site + "\", but the training table has the sites "
                    + String.join(", ", sites) + ". Name some of these.");
            }
        }
        if (!named.isEmpty()) {
            return options(named, Optional.empty());
        }
        final TreeSet<String> all = new TreeSet<>(sites);
        // rows without a site
        all.removeIf(String::isBlank);
        return options(List.copyOf(all), withoutSite);
    }

    private SiteCurriculumOptions options(final List<String> order, final Optional<String> withoutSite)
        throws InvalidSettingsException {
        if (order.size() < 2) {
            throw new InvalidSettingsException("\"" + ORDER + "\" has " + order.size() + (order.size() == 1 ? " site" : " sites")
                + ", so nothing can be forgotten. Name at least two, or connect the training images of more sites."
                + withoutSite.map(w -> " " + w).orElse(""));
        }
        if (m_average && !(m_share > 0 && m_share < 1)) {
            throw new InvalidSettingsException("\"" + SHARE + "\" is " + m_share + "; choose a number above 0 and below 1.");
        }
        try {
            return new SiteCurriculumOptions(m_training.options(0), order, m_replay, m_average ? m_share : 0, m_joint,
                m_repetitions);
        } catch (final IllegalArgumentException e) {
            throw new InvalidSettingsException(e.getMessage(), e);
        }
    }

    /**
     * Where the states of trainings are kept.
     *
     * @throws InvalidSettingsException if the folder cannot be written, or the interval is below 1
     */
    Optional<Checkpoints> checkpoints() throws InvalidSettingsException {
        final Optional<Checkpoints> chosen = m_training.checkpoints();
        return chosen.isPresent() ? chosen
            : OutputFolder.of(m_folder).map(f -> new Checkpoints(f.resolve("trainings"), CHECKPOINT_INTERVAL));
    }

    @Override
    public boolean reads(final String setting) {
        return m_training.reads(setting);
    }

    @Override
    public void validate() throws InvalidSettingsException {
        RefusedSetting.named(this, SiteCurriculumParameters::check);
    }

    private void check() throws InvalidSettingsException {
        final List<String> named = NameLists.names(m_order);
        // which sites there are is not known yet
        options(named.isEmpty() ? List.of("first", "second") : named, Optional.empty());
        m_training.refuseThisScanner();
        m_training.checkpoints();
        OutputFolder.of(m_folder);
    }
}
