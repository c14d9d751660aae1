package org.scanbridge.knime.nodes.featureharmonization;

import org.knime.core.data.DataTableSpec;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.CanceledExecutionException;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.KNIMEException;
import org.knime.core.node.NodeFactory.NodeType;
import org.knime.node.DefaultModel.ConfigureInput;
import org.knime.node.DefaultModel.ConfigureOutput;
import org.knime.node.DefaultModel.ExecuteInput;
import org.knime.node.DefaultModel.ExecuteOutput;
import org.knime.node.DefaultNode;
import org.knime.node.DefaultNodeFactory;
import org.scanbridge.knime.util.ColumnGuesses;
import org.scanbridge.knime.util.Execution;
import org.scanbridge.knime.util.UnusedSettings;

/** Takes what sites do to image features out of them: ComBat. */
public final class FeatureHarmonizationNodeFactory extends DefaultNodeFactory {

    private static final int FIT_ON = 1;

    private static final int MODEL = 2;

    private static final DefaultNode NODE = DefaultNode.create() //
        .name("Feature Harmonization") //
        .icon("icon.png") //
        .shortDescription("Takes the effects of sites out of image features, and keeps those of age, sex or diagnosis (ComBat).") //
        .fullDescription("""
                <p>Numbers measured in images, such as volumes and intensities of the <b>Segmentation Statistics</b>, differ between \
                scanners in mean and in spread. <b>ComBat</b> (Johnson et al. 2007; Fortin et al. 2017, 2018) estimates both for every \
                site and feature and takes them out, while what <b>covariates</b> explain, such as age, sex or diagnosis, is kept. \
                Sites with few rows are steadied by empirical Bayes: what a site does to one feature is drawn towards what it does to \
                all.</p>
                <h3>What it cannot do</h3>
                <ul>
                <li>A difference between sites that is real, because one has older subjects, is taken out too, unless a covariate \
                explains it. Name all that matter.</li>
                <li>What is <b>confounded</b> cannot be told apart: if one site has all patients and another all controls, no \
                covariate helps, and the node refuses it by name.</li>
                <li>It needs several rows of every site; for a site with one row, and for sites that the model has not seen, it refuses.</li>
                </ul>
                <h3>What must not leak</h3>
                <p>What is learned comes from the rows themselves, or from those of the second input, usually the training subjects. \
                The second output holds it; connected to the third input of another Feature Harmonization, it is applied to new \
                rows of the same sites, in this workflow or, written to a file, in another one.</p>
                <h3>Missing values</h3>
                <p>A missing feature stays missing, and the feature is fitted to the other rows. A row without site or covariate cannot be \
                harmonized: its features are missing in the output. Both are counted in a warning.</p>
                <h3>Site test</h3>
                <p>The third output tells whether a random forest can tell sites by the features, before and after, in a cross-validation by \
                subject, beside chance and with the p-value of a permutation test. Look at the row \
                <i>harmonized by other folds</i>: there the tested subjects had no part in the harmonization. Where all rows were harmonized \
                together, as in <i>harmonized</i>, means of sites are exactly the same, and the \
                accuracy can even be below chance.</p>
                """) //
        .sinceVersion(5, 8, 0) //
        .ports(p -> p //
            .addInputTable("Features", "Rows with features as numbers, a site, and covariates.")
            .addInputPort("Fit on", "The rows that the effects of sites are learned from, usually the training subjects: a"
                + " table with the same columns. Not connected: the rows of the first input.", BufferedDataTable.TYPE_OPTIONAL)
            .addInputPort("Apply model", "The model of another Feature Harmonization. It is applied as it is, to its own features;"
                + " nothing is fitted then.", BufferedDataTable.TYPE_OPTIONAL)
            .addOutputTable("Harmonized features", "The input rows with the harmonized features in place of the original ones, or"
                + " behind them.")
            .addOutputTable("Model", "What was learned, one number per row: mean and standard deviation of each feature, the"
                + " coefficients of the covariates, and for each site the shift, in standard deviations, and the ratio of variances.")
            .addOutputTable("Site test", "How well sites are told by the features before and after; without rows if no test was"
                + " asked for.")) //
        .model(m -> m.parametersClass(FeatureHarmonizationParameters.class) //
            .configure(FeatureHarmonizationNodeFactory::configure) //
            .execute(UnusedSettings.told(FeatureHarmonizationNodeFactory::execute))) //
        .nodeType(NodeType.Manipulator) //
        .keywords("ComBat", "batch effect", "scanner effect", "multi-center", "radiomics", "empirical Bayes", "neuroCombat",
            "covariate", "site classification") //
        .addExternalResource("https://doi.org/10.1093/biostatistics/kxj037",
            "Johnson, Li and Rabinovic: Adjusting batch effects using empirical Bayes methods (Biostatistics 2007)") //
        .addExternalResource("https://doi.org/10.1016/j.neuroimage.2017.11.024",
            "Fortin et al.: Harmonization of cortical thickness measurements across scanners and sites (NeuroImage 2018)");

    /** For KNIME. */
    public FeatureHarmonizationNodeFactory() {
        super(NODE);
    }

    private static void configure(final ConfigureInput in, final ConfigureOutput out) throws InvalidSettingsException {
        final FeatureHarmonizationParameters parameters = ColumnGuesses.in(in, out);
        final DataTableSpec spec = in.getInTableSpec(0);
        out.setOutSpec(1, ModelTable.SPEC);
        out.setOutSpec(2, SiteTestTable.SPEC);
        if (in.getInPortSpec(MODEL) == null) {
            final FeatureColumns columns = FeatureColumns.of(spec, parameters);
            if (in.getInPortSpec(FIT_ON) != null) {
                columns.in(in.getInTableSpec(FIT_ON));
            }
            out.setOutSpec(0, columns.output(parameters.m_keepOriginals));
            if (parameters.features().isEmpty()) {
                out.setWarningMessage("\"Features\" is blank, so all number columns but the covariates are harmonized: "
                    + String.join(", ", columns.features()) + ".");
            }
            return;
        }
        if (in.getInPortSpec(FIT_ON) != null) {
            throw new InvalidSettingsException("Both rows to fit on and a model are connected. Disconnect the second input to"
                + " apply the model, or the third to learn a new one.");
        }
        ModelTable.check(in.getInTableSpec(MODEL));
        // Only the model's rows know its features.
        out.setOutSpec(0, null);
    }

    private static void execute(final ExecuteInput in, final ExecuteOutput out)
        throws CanceledExecutionException, KNIMEException {
        final FeatureHarmonizationParameters parameters = ColumnGuesses.in(in);
        Execution.run(() -> {
            final BufferedDataTable rows = in.getInTable(0);
            final BufferedDataTable fitOn = in.getInPortObject(FIT_ON) == null ? null : in.getInTable(FIT_ON);
            final BufferedDataTable model = in.getInPortObject(MODEL) == null ? null : in.getInTable(MODEL);
            new Harmonizing(parameters, rows).run(fitOn, model, in.getExecutionContext(), out);
        });
    }
}
