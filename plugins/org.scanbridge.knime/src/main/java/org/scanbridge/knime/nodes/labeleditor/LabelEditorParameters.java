package org.scanbridge.knime.nodes.labeleditor;

import java.util.ArrayList;
import java.util.List;

import org.knime.core.node.InvalidSettingsException;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.NodeParametersInput;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.layout.After;
import org.knime.node.parameters.layout.Layout;
import org.knime.node.parameters.layout.Section;
import org.knime.node.parameters.migration.LoadDefaultsForAbsentFields;
import org.knime.node.parameters.updates.ValueReference;
import org.knime.node.parameters.widget.choices.ChoicesProvider;
import org.knime.node.parameters.widget.choices.Label;
import org.knime.node.parameters.widget.choices.SuggestionsProvider;
import org.knime.node.parameters.widget.message.TextMessage;
import org.knime.node.parameters.widget.text.TextInputWidget;
import org.scanbridge.imaging.labels.LabelRules;
import org.scanbridge.imaging.labels.LabelRules.Others;
import org.scanbridge.imaging.labels.LabelUnion;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.util.ClassListSuggestions;
import org.scanbridge.knime.util.ColumnGuess;
import org.scanbridge.knime.util.ColumnGuesses;
import org.scanbridge.knime.util.KnownClassesNote;
import org.scanbridge.knime.util.LabelColumns;
import org.scanbridge.knime.util.NameLists;
import org.scanbridge.knime.util.NotAnnotated;
import org.scanbridge.knime.util.StudyTable;

/** Settings of {@link LabelEditorNodeFactory}. */
@LoadDefaultsForAbsentFields
final class LabelEditorParameters implements NodeParameters {

    /** {@link LabelUnion.Priority} as users see it. */
    enum Priority {
            @Label(value = "The smaller class", description = "The class with fewer voxels: a lesion inside an organ survives.")
            SMALLER(LabelUnion.Priority.SMALLER),

            @Label(value = "The first column", description = "\"Segmentation column\", then \"Further columns\" in their order.")
            FIRST(LabelUnion.Priority.FIRST),

            @Label(value = "The last column", description = "The last of \"Further columns\" first.")
            LAST(LabelUnion.Priority.LAST);

        private final LabelUnion.Priority m_priority;

        Priority(final LabelUnion.Priority priority) {
            m_priority = priority;
        }
    }

    /** {@link Others} as users see it. */
    enum OtherClasses {
            @Label(value = "Keep", description = "They stay as they are.")
            KEEP(Others.KEEP),

            @Label(value = "Make background", description = "They are removed.")
            BACKGROUND(Others.BACKGROUND),

            @Label(value = "Stop", description = "The node fails and names the class, so that none is overlooked.")
            REFUSE(Others.REFUSE);

        private final Others m_others;

        OtherClasses(final Others others) {
            m_others = others;
        }
    }

    /** What is removed. */
    enum Parts {
            @Label(value = "Everything", description = "Nothing is removed.")
            ALL,

            @Label(value = "The largest part of each class", description = "What does not hang together with it, over faces,"
                + " edges or corners, becomes background.")
            LARGEST_OF_EACH_CLASS,

            @Label(value = "The largest part of all classes together", description = "As before, but what touches it stays,"
                + " whatever its class.")
            LARGEST_OF_FOREGROUND
    }

    @Section(title = "Join")
    interface Join {
    }

    @Section(title = "Relabel")
    @After(Join.class)
    interface Relabel {
    }

    @Section(title = "Clean and split")
    @After(Relabel.class)
    interface Clean {
    }

    @Section(title = "Output")
    @After(Clean.class)
    interface Output {
    }

    @Layout(Join.class)
    @Widget(title = "Segmentation column", description = "The segmentations to edit. Blank: \"Segmentation\", else the first"
        + " segmentation column.")
    @ChoicesProvider(LabelColumns.class)
    @ColumnGuess(type = LabelVolumeValue.class, names = StudyTable.SEGMENTATION)
    @ValueReference(LabelSuggestions.Column.class)
    String m_segmentationColumn = "";

    @Layout(Join.class)
    @TextMessage(KnownClassesNote.class)
    Void m_knownClasses;

    @Layout(Join.class)
    @Widget(title = "Further columns", description = "Names of further segmentation columns, separated by commas, that are"
        + " joined with the first into one label map. Blank: nothing is joined. A class without a name that is the only one of"
        + " its column is called after the column.")
    @TextInputWidget(placeholder = "(none)")
    @SuggestionsProvider(LabelSuggestions.FurtherColumns.class)
    @ValueReference(LabelSuggestions.Further.class)
    String m_furtherColumns = "";

    @Layout(Join.class)
    @Widget(title = "Where columns overlap", description = "Which class has a voxel that several columns claim.")
    Priority m_priority = Priority.SMALLER;

    @Layout(Relabel.class)
    @Widget(title = "Rules", description = "A class, an equals sign, its new number from 0 to 255 and, if you like, its new"
        + " name, separated by semicolons: <tt>liver = 1; 205 = 2 spleen; *vessel* = 3 vessels; cyst = 0</tt>. A class is a"
        + " label value or a name, in which <tt>*</tt> and <tt>?</tt> stand for any characters; upper and lower case are the"
        + " same. Of several rules for a class the first counts. What nobody annotated is better marked than called background:"
        + " <tt>old lesion = 255 unknown</tt>, and \"Not annotated\" <tt>unknown</tt> in the Network Builder, the learners and"
        + " the Segmentation Scorer. Blank: nothing is relabeled.")
    @TextInputWidget(placeholder = "(none)")
    @SuggestionsProvider(LabelSuggestions.ClassRules.class)
    @ValueReference(LabelSuggestions.Rules.class)
    String m_rules = "";

    @Layout(Relabel.class)
    @Widget(title = "Classes without a rule", description = "What becomes of them, if there are rules.")
    OtherClasses m_others = OtherClasses.KEEP;

    @Layout(Relabel.class)
    @Widget(title = "Same number for the same name", description = "Gives a class the same number in all rows, that of the"
        + " first row that has its name, or the lowest free one if another name has that number. Off by default.")
    boolean m_byName;

    @Layout(Clean.class)
    @Widget(title = "Keep", description = "Which parts of the segmentations are kept.")
    Parts m_parts = Parts.ALL;

    @Layout(Clean.class)
    @Widget(title = "Classes in one piece", description = "Of which classes only the largest part is kept: names or label"
        + " values separated by commas. Blank: of all.")
    @TextInputWidget(placeholder = "(all)")
    @SuggestionsProvider(ClassListSuggestions.OfOnePiece.class)
    @ValueReference(ClassListSuggestions.OfOnePiece.Setting.class)
    String m_classesInOnePiece = "";

    @Layout(Clean.class)
    @Widget(title = NotAnnotated.TITLE, description = "Names or label values, separated by commas, of classes that only say"
        + " that nobody looked there. They stay as they are when parts are removed: what was not annotated must not become"
        + " background. That holds where such a class overlaps another, too, as in <tt>liver + unknown</tt>. Blank, the default: every class is one.")
    @TextInputWidget(placeholder = "(every class is one)")
    @SuggestionsProvider(ClassListSuggestions.OfNotAnnotated.class)
    @ValueReference(ClassListSuggestions.OfNotAnnotated.Setting.class)
    String m_notAnnotated = "";

    @Layout(Clean.class)
    @Widget(title = "Split off", description = "Names or label values of classes, separated by commas. Each gets a column of"
        + " its own, in which it is the only class, with its number and name. Blank: nothing is split.")
    @TextInputWidget(placeholder = "(none)")
    @SuggestionsProvider(LabelSuggestions.SplitClasses.class)
    @ValueReference(LabelSuggestions.Split.class)
    String m_split = "";

    @Layout(Output.class)
    @Widget(title = "Replace the column", description = "Puts the result into the segmentation column instead of appending a"
        + " new one. On by default, so that the nodes that follow find it.")
    boolean m_replace = true;

    @Layout(Output.class)
    @Widget(title = "New column", description = "Name of the new column, if the original one is kept.")
    @TextInputWidget
    String m_outputColumn = "Edited";

    /** Defaults for a node without input. */
    LabelEditorParameters() {
        // the initial values
    }

    /** Defaults that fit the input table. */
    LabelEditorParameters(final NodeParametersInput input) {
        ColumnGuesses.defaults(this, input);
    }

    /** All columns to join, the first one first. */
    List<String> columns() {
        final List<String> columns = new ArrayList<>();
        columns.add(m_segmentationColumn);
        columns.addAll(NameLists.names(m_furtherColumns));
        return columns;
    }

    LabelUnion.Priority priority() {
        return m_priority.m_priority;
    }

    LabelRules rules() throws InvalidSettingsException {
        try {
            return LabelRules.of(m_rules == null ? "" : m_rules, m_others.m_others);
        } catch (final IllegalArgumentException e) {
            throw new InvalidSettingsException("\"Rules\": " + e.getMessage() + ".", e);
        }
    }

    List<String> inOnePiece() {
        return NameLists.names(m_classesInOnePiece);
    }

    List<String> split() {
        return NameLists.names(m_split);
    }

    @Override
    public void validate() throws InvalidSettingsException {
        rules();
        NotAnnotated.of(m_notAnnotated);
        if (!m_replace && (m_outputColumn == null || m_outputColumn.isBlank())) {
            throw new InvalidSettingsException("\"New column\" is blank; give the name of the new column.");
        }
        if (columns().stream().distinct().count() < columns().size()) {
            throw new InvalidSettingsException("\"Further columns\" names a column twice, or the segmentation column: "
                + String.join(", ", columns()) + ".");
        }
        if (split().stream().distinct().count() < split().size()) {
            throw new InvalidSettingsException("\"Split off\" names a class twice: " + String.join(", ", split()) + ".");
        }
    }
}
