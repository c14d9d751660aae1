package org.scanbridge.knime.nodes.labeleditor;

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
import org.scanbridge.knime.view.ImageViewer;

/** Joins, renumbers, cleans and splits segmentations. */
public final class LabelEditorNodeFactory extends DefaultNodeFactory {

    private static final String DESCRIPTION = """
            <p>Makes segmentations of several sources fit together. The steps follow each other in this order, and each is off
            until it is asked for:</p>
            <ol>
            <li><b>Join</b> several segmentation columns into one label map, such as organs and lesions that were drawn apart.
            Classes of the same name become one; a class keeps its number unless an earlier column has it. Where classes
            overlap, the chosen priority decides.</li>
            <li><b>Relabel</b> classes by value or by name: <tt>liver = 1; 205 = 2 spleen; *vessel* = 3 vessels; cyst = 0</tt>.
            Several classes may become one; 0 is the background.</li>
            <li><b>Same number for the same name</b> in all rows: sites that number their classes differently can then be
            trained on and scored together.</li>
            <li><b>Keep the largest part</b> of each class, or of all classes together.</li>
            <li><b>Split</b>: one further column for each class that you name, with that class alone.</li>
            </ol>
            <p>A rule never lets two classes fall together unseen: where a class that no rule meets has the number that a rule
            gives to another one, the node stops and says so. Rows without a segmentation keep a missing cell; where only some
            of the joined columns are missing, the others are joined and a warning names the number of such rows.</p>
            """;

    private static final DefaultNode NODE = DefaultNode.create() //
        .name("Label Editor") //
        .icon("icon.png") //
        .shortDescription("Joins, relabels, cleans and splits segmentations.") //
        .fullDescription(DESCRIPTION) //
        .sinceVersion(5, 8, 0) //
        .ports(p -> p //
            .addInputTable("Segmented images", "Rows with one or several segmentations.")
            .addOutputTable("Edited segmentations", "The input rows with the edited segmentation in a new column, or in place"
                + " of the original one, and a column for each class that was split off.")) //
        .model(m -> m.parametersClass(LabelEditorParameters.class) //
            .configure(LabelEditorNodeFactory::configure) //
            .execute(UnusedSettings.told(LabelEditorNodeFactory::execute))) //
        .addView(v -> ImageViewer.add(v, "The images with the edited segmentations; beside them those before, where the table keeps"
            + " them, and where both differ.")) //
        .nodeType(NodeType.Manipulator) //
        .keywords("relabel", "merge", "join", "split", "label map", "segmentation", "largest component", "rename class",
            "mask");

    /** For KNIME. */
    public LabelEditorNodeFactory() {
        super(NODE);
    }

    private static void configure(final ConfigureInput in, final ConfigureOutput out) throws InvalidSettingsException {
        out.setOutSpec(0, new LabelEditing(ColumnGuesses.in(in, out), in.getInTableSpec(0)).spec());
    }

    private static void execute(final ExecuteInput in, final ExecuteOutput out)
        throws CanceledExecutionException, KNIMEException {
        final LabelEditorParameters parameters = ColumnGuesses.in(in);
        Execution.run(() -> new LabelEditing(parameters, in.getInTable(0).getDataTableSpec()).run(in.getInTable(0),
            in.getExecutionContext(), out));
    }
}
