package org.scanbridge.knime.nodes.intensitydivergencescorer;

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

/** Measures how far the intensity distributions of sites lie apart. */
public final class IntensityDivergenceScorerNodeFactory extends DefaultNodeFactory {

    private static final String DESCRIPTION = """
            <p>Computes the Jensen-Shannon divergence between the intensity histograms of the sites, for every image
            column of the table: connect a table with the original and the normalized images to see what normalizing
            achieved. It is 0 if the sites' intensities are distributed alike, and the logarithm of the number of sites
            if they do not overlap at all (0.693 for two, with the natural logarithm). The view lays the histograms of
            the sites over each other.</p>
            <h3>Overall and per class</h3>
            <p>Both matter. Sites whose overall histograms agree may still show their tissues in another order; only
            the divergence per tissue class tells.</p>
            <h3>How</h3>
            <p>One histogram per site over all its images. Bins are shared; what lies outside their range is counted in
            the end bins and reported. Nothing is smoothed. With sites of weights w and distributions p the divergence is
            H(Σ w p) - Σ w H(p), where H is the entropy; its largest value is the entropy of the weights. An image adds at
            most 262144 voxels, evenly chosen.</p>
            """;

    private static final DefaultNode NODE = DefaultNode.create() //
        .name("Intensity Divergence Scorer") //
        .icon("icon.png") //
        .shortDescription("Measures how far the intensity distributions of sites lie apart, overall and per tissue.") //
        .fullDescription(DESCRIPTION) //
        .sinceVersion(5, 8, 0) //
        .ports(p -> p //
            .addInputTable("Images", "Rows with a site, one or more image columns and a segmentation.")
            .addOutputTable("Divergence", "One row per image column and class: Normalization (the column), Description"
                + " (how it was normalized), Class (overall, then each class), JSD, Bound (the largest possible value),"
                + " Sites, Voxels, Missing (images left out), Distance (the Jensen-Shannon distance, the root of JSD),"
                + " Unit (nats or bits), Outside (share of the voxels outside the bins' range). JSD is missing if a site"
                + " has no voxel of the class.")
            .addOutputTable("Histograms", "The histograms behind the divergence: Normalization, Site, Class, Bin"
                + " Center, Density (integrates to 1 over the bins).")
            .addOutputTable("Pairs", "The divergence of every two sites: Normalization, Class, Site 1, Site 2, JSD. With"
                + " more than two sites it tells which one stands apart.")) //
        .model(m -> m.parametersClass(IntensityDivergenceScorerParameters.class) //
            .configure(IntensityDivergenceScorerNodeFactory::configure) //
            .execute(UnusedSettings.told(IntensityDivergenceScorerNodeFactory::execute))) //
        .addView(v -> v.withoutParameters() //
            .description("The histograms of the sites over each other, for the image column and class that you choose,"
                + " and a table of the divergences.") //
            .page(p -> p.fromFile().bundleClass(IntensityDivergenceScorerNodeFactory.class).basePath("web")
                .relativeFilePath("divergence.html").addResourceFile("divergence.js").addResourceFile("plots.js")
                .addResourceFile("style.js").addResourceFile("embedder.js")) //
            .initialData(d -> d.data(DivergenceView::of))) //
        .nodeType(NodeType.Other) //
        .keywords("Jensen-Shannon", "JSD", "histogram", "domain shift", "harmonization", "batch effect") //
        .addExternalResource("https://doi.org/10.1109/18.61115",
            "Lin: Divergence measures based on the Shannon entropy (1991)");

    /** For KNIME. */
    public IntensityDivergenceScorerNodeFactory() {
        super(NODE);
    }

    private static void configure(final ConfigureInput in, final ConfigureOutput out) throws InvalidSettingsException {
        new DivergenceScoring(ColumnGuesses.in(in, out), in.getInTableSpec(0));
        out.setOutSpec(0, DivergenceTable.SPEC);
        out.setOutSpec(1, HistogramTable.SPEC);
        out.setOutSpec(2, PairTable.SPEC);
    }

    private static void execute(final ExecuteInput in, final ExecuteOutput out)
        throws CanceledExecutionException, KNIMEException {
        Execution.run(() -> new DivergenceScoring(ColumnGuesses.in(in), in.getInTable(0).getDataTableSpec())
            .run(in.getInTable(0), in.getExecutionContext(), out));
    }
}
