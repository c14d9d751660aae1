package org.scanbridge.knime.nodes.learnednormalizer;

import java.util.ArrayList;
import java.util.List;

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
import org.scanbridge.imaging.Progress;
import org.scanbridge.knime.learn.EngineNotice;
import org.scanbridge.knime.port.NetworkPortObject;
import org.scanbridge.knime.port.NetworkPortObjectSpec;
import org.scanbridge.knime.util.ColumnGuesses;
import org.scanbridge.knime.util.Execution;
import org.scanbridge.knime.util.KnimeProgress;
import org.scanbridge.knime.util.RowProblems;
import org.scanbridge.knime.util.UnusedSettings;
import org.scanbridge.knime.view.ImageViewer;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.predict.LearnedNormalization;

/** Applies a trained generator to images. */
public final class LearnedNormalizerNodeFactory extends DefaultNodeFactory {

    private static final int GENERATOR = 0;

    private static final int IMAGES = 1;

    private static final DefaultNode NODE = DefaultNode.create() //
        .name("Learned Normalizer") //
        .icon("icon.png") //
        .shortDescription("Normalizes or translates images with a generator that was trained for it.") //
        .fullDescription("""
                <p>Normalizes every image of the table and appends the results as a new column, each on the grid of its \
                image. Images may have any size: the generator sees one block after another, the blocks overlap by half, \
                and their results are blended so that no seams show.</p>
                <p>With a generator of the Image Translation Learner, the images get the look of the other site: segment \
                the results with a network that was trained on images of that site.</p>
                <p>To segment what a generator of the Adversarial Normalization Learner made, connect the segmenter \
                from the same learner to a Segmentation Predictor behind this node, and choose the new column there. Other \
                segmenters know nothing of these intensities.</p>
                <p>The images must have been scaled as those that the generator was trained on, usually by a Volume \
                Normalizer with one range for all images.</p>
                """) //
        .sinceVersion(5, 8, 0) //
        .ports(p -> p //
            .addInputPort("Generator", """
                    First output of the Adversarial Normalization Learner, or either generator of the Image Translation \
                    Learner.""", NetworkPortObject.TYPE) //
            .addInputTable("Images", "The images to normalize.") //
            .addOutputTable("Normalized images", "The input with a column of normalized images.")) //
        .model(m -> m.parametersClass(LearnedNormalizerParameters.class) //
            .configure(LearnedNormalizerNodeFactory::configure) //
            .execute(UnusedSettings.told(LearnedNormalizerNodeFactory::execute))) //
        .addView(v -> ImageViewer.add(v, "The original and the normalized images side by side, with one cross-hair and a window"
            + " each.")) //
        .nodeType(NodeType.Predictor) //
        .keywords("harmonization", "generator", "apply", "sliding window", "adversarial normalization");

    /** For KNIME. */
    public LearnedNormalizerNodeFactory() {
        super(NODE);
    }

    private static void configure(final ConfigureInput input, final ConfigureOutput output)
        throws InvalidSettingsException {
        final LearnedNormalizerParameters parameters = ColumnGuesses.in(input, output);
        final NetworkPortObjectSpec network = input.getInPortSpec(GENERATOR);
        if (network != null) {
            network.requireSingle();
        }
        if (network != null && !network.architecture().output().image()) {
            throw new InvalidSettingsException("The network segments images instead of normalizing them ("
                + network.architecture() + "). Connect the first output of an Adversarial Normalization Learner, or a"
                + " generator of an Image Translation Learner.");
        }
        output.setOutSpec(0, GeneratorTable.spec(input.getInTableSpec(IMAGES), parameters.m_imageColumn,
            parameters.m_outputColumn));
    }

    private static void execute(final ExecuteInput input, final ExecuteOutput output)
        throws CanceledExecutionException, KNIMEException {
        Execution.run(() -> {
            final LearnedNormalizerParameters parameters = ColumnGuesses.in(input);
            final BufferedDataTable images = input.getInTable(IMAGES);
            final Progress progress = new KnimeProgress(input.getExecutionContext());
            final Network generator = input.<NetworkPortObject> getInPortObject(GENERATOR).network();
            final GeneratorTable table = new GeneratorTable(input.getExecutionContext(), images.getDataTableSpec(),
                parameters.m_imageColumn, parameters.m_outputColumn, List.of(generator));
            try (LearnedNormalization normalization = new LearnedNormalization(generator, parameters.m_overlap)) {
                table.need(images, normalization).require();
                table.add(images, normalization, true, progress);
            } finally {
                final BufferedDataTable result = table.close();
                output.setOutData(0, result);
                output.setInternalData(result);
            }
            final List<String> missing = table.withoutImage();
            final RowProblems problems = table.problems();
            problems.requireAny(images.size() - missing.size() - problems.count());
            progress.report(1, images.size() - missing.size() - problems.count() + " images normalized");
            final List<String> warnings = new ArrayList<>();
            if (!missing.isEmpty()) {
                warnings.add("Rows without an image were left as they are: " + String.join(", ", missing) + ".");
            }
            problems.warning(images.size()).ifPresent(warnings::add);
            warnings.addAll(table.unlike().warnings(images.size()));
            EngineNotice.of(List.of(generator)).ifPresent(warnings::add);
            if (!warnings.isEmpty()) {
                output.setWarningMessage(String.join(" ", warnings));
            }
        });
    }
}
