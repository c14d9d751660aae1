package org.scanbridge.knime.nodes.anomalydetector;

import org.knime.core.data.DataTableSpec;
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
import org.scanbridge.knime.port.AnomalyPortObject;
import org.scanbridge.knime.util.ColumnGuesses;
import org.scanbridge.knime.util.Execution;
import org.scanbridge.knime.util.UnusedSettings;
import org.scanbridge.knime.view.ImageViewer;

/** Marks in images what healthy people do not have. */
public final class AnomalyDetectorNodeFactory extends DefaultNodeFactory {

    static final int MODEL = 0;

    static final int IMAGES = 1;

    private static final DefaultNode NODE = DefaultNode.create() //
        .name("Anomaly Detector") //
        .icon("icon.png") //
        .shortDescription("Maps what is unusual in images, by a model of healthy ones.") //
        .fullDescription("""
                <p>Lets the network of the <b>Anomaly Learner</b> make each image again from its code. The network knows healthy \
                images only, so what differs is unusual: the map has, for each voxel, how much. Images and regions get the mean of \
                the map and its 99th percentile as scores.</p>
                <p>The <b>threshold</b> comes from healthy people who were held out when the model was learned: at most the chosen \
                share of their voxels is above it. No lesion has to be labeled for it. Other scanners and other normalizations \
                have other differences, so look at the share that is marked in healthy images of your own, too.</p>
                <p>Where a <b>reference</b> is known, the third output tells how well the map agrees with it, whatever the \
                threshold: area under the ROC curve and average precision over voxels, and over regions, which are positive if the \
                reference has any of their voxels. The best possible Dice is that of the one threshold among all that suits the \
                reference best; nobody knows it beforehand, so it is a bound and no result.</p>
                <p>Images must have the voxel size of those that were learned from, within 5 %, and at least the size of a patch. \
                One that cannot be looked at gets missing cells that know the reason.</p>
                """) //
        .sinceVersion(5, 8, 0) //
        .ports(p -> p //
            .addInputPort("Anomaly model", "Of the Anomaly Learner.", AnomalyPortObject.TYPE) //
            .addInputTable("Images", "Rows with images of the kind that was learned from, normalized alike; masks, regions and"
                + " references if chosen.") //
            .addOutputTable("Anomaly maps", """
                    The input rows with maps and scores: mean and 99th percentile of the map, share and volume of what is marked, \
                    share of the held-out healthy images with a smaller mean; what is marked as a segmentation if chosen; with a \
                    reference its agreement.""") //
            .addOutputTable("Regions", "Mean and 99th percentile of the map for each image and region, and how much is marked.") //
            .addOutputTable("Agreement", """
                    With a reference: how well maps agree with it, of each image and of all pooled. Without, the table is empty.""")) //
        .model(m -> m.parametersClass(AnomalyDetectorParameters.class) //
            .configure(AnomalyDetectorNodeFactory::configure) //
            .execute(UnusedSettings.told(AnomalyDetectorNodeFactory::execute))) //
        .addView(v -> ImageViewer.add(v, "The images with their maps beside them, and what is marked upon them.")) //
        .nodeType(NodeType.Predictor) //
        .keywords("auto-encoder", "autoencoder", "VAE", "unsupervised", "outlier", "lesion", "residual", "ROC", "AUC", "map") //
        .addExternalResource("https://arxiv.org/abs/2004.03271",
            "Baur et al.: Autoencoders for unsupervised anomaly segmentation in brain MR images: a comparative study (2021)");

    /** For KNIME. */
    public AnomalyDetectorNodeFactory() {
        super(NODE);
    }

    private static void configure(final ConfigureInput in, final ConfigureOutput out) throws InvalidSettingsException {
        final AnomalyDetectorParameters parameters = ColumnGuesses.in(in, out);
        final DataTableSpec images = in.getInTableSpec(IMAGES);
        out.setOutSpec(0, new Detecting(parameters, images).spec());
        out.setOutSpec(1, Detecting.REGIONS);
        out.setOutSpec(2, Detecting.AGREEMENT);
    }

    private static void execute(final ExecuteInput in, final ExecuteOutput out)
        throws CanceledExecutionException, KNIMEException {
        Execution.run(() -> new Detecting(ColumnGuesses.in(in), in.getInTable(IMAGES).getDataTableSpec())
            .run(in.<AnomalyPortObject> getInPortObject(MODEL).model(), in.getInTable(IMAGES), in.getExecutionContext(), out));
    }
}
