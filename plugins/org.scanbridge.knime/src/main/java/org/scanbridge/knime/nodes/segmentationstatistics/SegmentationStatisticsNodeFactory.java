package org.scanbridge.knime.nodes.segmentationstatistics;

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

/** Appends volumes and intensity statistics of the classes of segmentations. */
public final class SegmentationStatisticsNodeFactory extends DefaultNodeFactory {

    private static final DefaultNode NODE = DefaultNode.create() //
        .name("Segmentation Statistics") //
        .icon("icon.png") //
        .shortDescription("Measures volume and intensities of each class of a segmentation, one row per image.") //
        .fullDescription("""
                <p>Appends numbers for every class of a segmentation, by the definitions of the Image Biomarker Standardisation \
                Initiative (IBSI):</p>
                <ul>
                <li><b>volume (ml)</b>: voxels times voxel volume;</li>
                <li><b>mean</b>, <b>SD</b> (of all voxels, divided by n), <b>skewness</b> and <b>kurtosis</b> (excess, 0 for a \
                normal distribution; both 0 where all voxels are the same) of the image's intensities within the class;</li>
                <li><b>minimum</b>, <b>p10</b>, <b>p25</b>, <b>median</b>, <b>p75</b>, <b>p90</b>, <b>maximum</b>: percentiles by linear \
                interpolation;</li>
                <li><b>entropy</b> in bits, of a histogram with equal bins between minimum and maximum.</li>
                </ul>
                <p>A column is called after the class and what was measured, such as <tt>GM volume (ml)</tt>. Classes are told apart by \
                their names, upper and lower case being the same, so sites may number them differently. A class that an image does not have has the volume 0 and no \
                intensities. Rows without image or segmentation have missing cells, and so has a row that cannot be measured, such as one with \
                NaN voxels in a class; a warning counts them.</p>
                <p>Intensities of scanners without a scale of their own, such as MR, differ between sites before all else: measure \
                normalized images, or bring the numbers to one scale with the <b>Feature Harmonization</b>.</p>
                """) //
        .sinceVersion(5, 8, 0) //
        .ports(p -> p //
            .addInputTable("Segmented images", "Rows with an image and a segmentation on its grid.")
            .addOutputTable("Statistics", "The input rows with 13 columns for each class.")) //
        .model(m -> m.parametersClass(SegmentationStatisticsParameters.class) //
            .configure(SegmentationStatisticsNodeFactory::configure) //
            .execute(UnusedSettings.told(SegmentationStatisticsNodeFactory::execute))) //
        .nodeType(NodeType.Manipulator) //
        .keywords("volumetry", "radiomics", "features", "first order", "histogram", "IBSI", "entropy", "milliliters") //
        .addExternalResource("https://doi.org/10.1148/radiol.2020191145",
            "Zwanenburg et al.: The Image Biomarker Standardization Initiative (Radiology 2020)") //
        .addExternalResource("https://arxiv.org/abs/1612.07003", "IBSI reference manual");

    /** For KNIME. */
    public SegmentationStatisticsNodeFactory() {
        super(NODE);
    }

    private static void configure(final ConfigureInput in, final ConfigureOutput out) throws InvalidSettingsException {
        final SegmentationStatisticsParameters parameters = ColumnGuesses.in(in, out);
        final Measuring measuring = new Measuring(parameters, in.getInTableSpec(0));
        // Only rows know which classes there are.
        out.setOutSpec(0, parameters.classes().isEmpty() ? null : measuring.spec(parameters.classes()));
    }

    private static void execute(final ExecuteInput in, final ExecuteOutput out)
        throws CanceledExecutionException, KNIMEException {
        final SegmentationStatisticsParameters parameters = ColumnGuesses.in(in);
        Execution.run(() -> new Measuring(parameters, in.getInTable(0).getDataTableSpec()).run(in.getInTable(0),
            in.getExecutionContext(), out));
    }
}
