package org.scanbridge.knime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.knime.core.webui.node.dialog.defaultdialog.internal.file.FileSelectionWidget;
import org.knime.node.DefaultNodeFactory;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.widget.choices.ChoicesProvider;
import org.knime.node.parameters.widget.choices.SuggestionsProvider;
import org.knime.node.parameters.widget.number.NumberInputWidget;
import org.knime.node.parameters.widget.text.TextInputWidget;
import org.knime.node.standin.StandinNodeFactory;
import org.knime.node.standin.persistence.NodeParametersPersistence;
import org.knime.node.standin.persistence.ParameterFields;
import org.scanbridge.knime.testing.NodeNames;

/** Rules for the dialogs of all nodes. */
class DialogsTest {

    /** What KNIME's step buttons do to a number that says nothing about them. */
    private static final double STEP = 0.1;

    /** A setting, with the value that a new node has. */
    private record Setting(String node, Field field, Object value) {

        String title() {
            return field.getAnnotation(Widget.class).title();
        }
    }

    private static List<Setting> settings() throws Exception {
        final List<Setting> settings = new ArrayList<>();
        for (final String name : NodeNames.factories()) {
            final DefaultNodeFactory factory = (DefaultNodeFactory)Class.forName(name).getConstructor().newInstance();
            collect(factory.getNodeName(), NodeParametersPersistence
                .createDefaults(((StandinNodeFactory)factory).getModelParametersClass().orElseThrow()), settings);
        }
        return settings;
    }

    private static void collect(final String node, final NodeParameters parameters, final List<Setting> settings)
        throws IllegalAccessException {
        for (final Field field : ParameterFields.of(parameters.getClass())) {
            final Object value = field.get(parameters);
            if (value instanceof NodeParameters group) {
                collect(node, group, settings);
            } else if (field.isAnnotationPresent(Widget.class)) {
                if (field.getType().isArray() && NodeParameters.class.isAssignableFrom(field.getType().getComponentType())) {
                    collect(node, NodeParametersPersistence
                        .createDefaults(field.getType().getComponentType().asSubclass(NodeParameters.class)), settings);
                }
                settings.add(new Setting(node, field, value));
            }
        }
    }

    /** Texts that nobody in front of the node can know, each with what it is. */
    private static final Map<String, String> FREE = Map.ofEntries(Map.entry("Address", "of a server"),
        Map.entry("Further hosts", "servers"), Map.entry("Own title", "of this program"), Map.entry("Title", "of a page"),
        Map.entry("Further attributes", "of DICOM files that are not read yet"), Map.entry("Pseudonym key", "a secret"),
        Map.entry("Series description", "a pattern, or a text to be written"), Map.entry("Structures", "of files not read yet"),
        Map.entry("Folders of raters", "on a disk"), Map.entry("Class weights", "numbers"),
        Map.entry("Weights", "numbers"), Map.entry("From", "a date"),
        Map.entry("To", "a date"), Map.entry("Further keys", "of a query"), Map.entry("Site name", "given by the user"),
        Map.entry("Images", "a pattern of file names"), Map.entry("Label maps", "a pattern of file names"),
        Map.entry("Expected SHA-256", "a hash"), Map.entry("Output", "of a file that is not read yet"),
        Map.entry("Name", "given by the user"), Map.entry("Intended use", "prose"), Map.entry("Derivation", "prose"),
        Map.entry("Normalization of the images", "prose"), Map.entry("Voxel spacing of the images", "numbers"),
        Map.entry("Algorithm name", "given by the user"), Map.entry("Codes", "of a terminology, classes beside them"),
        Map.entry("Region", "given by the user"), Map.entry("Numbers of training cases", "numbers"),
        Map.entry("Numbers of trained blocks", "numbers"), Map.entry("New column", "given by the user"),
        Map.entry("Name of the new column", "given by the user"), Map.entry("Name of the image column", "given by the user"),
        Map.entry("Name of the segmentation column", "given by the user"));

    /** Only files say which classes there are: in readers, whose "Classes" give names to numbers. */
    private static final Set<String> READERS = Set.of("NIfTI Reader", "Network Reader");

    /**
     * What names something that the tables or networks in front of a node know (columns, sites, classes, models, rows) can be
     * chosen, also in the elements of lists. A new setting of text is either of these, or is told above not to be.
     */
    @Test
    void namesCanBeChosen() throws Exception {
        assertEquals(List.of(), wrong((setting, widget) -> {
            final Field field = setting.field();
            if (field.getType() != String.class || field.isAnnotationPresent(ChoicesProvider.class)
                || field.isAnnotationPresent(SuggestionsProvider.class) || field.isAnnotationPresent(FileSelectionWidget.class)
                || FREE.containsKey(setting.title()) || setting.title().equals("Classes") && READERS.contains(setting.node())) {
                return Stream.empty();
            }
            return Stream.of("neither choices nor suggestions");
        }));
    }

    private static List<String> wrong(final BiFunction<Setting, NumberInputWidget, Stream<String>> rule) throws Exception {
        return settings().stream()
            .flatMap(s -> rule.apply(s, s.field().getAnnotation(NumberInputWidget.class))
                .map(problem -> s.node() + ", \"" + s.title() + "\" (" + s.field() + "): " + problem))
            .distinct().toList();
    }

    /** A learning rate of 0.002 became 0.1 at one click. */
    @Test
    void aStepChangesASmallNumberByAtMostItsHalf() throws Exception {
        assertEquals(List.of(), wrong((setting, widget) -> {
            if (!(setting.value() instanceof Double value) || value <= 0 || value >= 1) {
                return Stream.empty();
            }
            final double step = widget == null || Double.isNaN(widget.stepSize()) ? STEP : widget.stepSize();
            return step <= value / 2 ? Stream.empty() : Stream.of("a step of " + step + " from " + value);
        }));
    }

    /** What names a file or folder can be browsed where KNIME can do that, with the same text in the empty field. */
    @Test
    void pathsCanBeBrowsed() throws Exception {
        assertEquals(List.of(), wrong((setting, widget) -> {
            if (setting.field().getType() != String.class || !setting.title().matches("(?i).*\\b(folder|file|existing study)\\b.*")
                || setting.title().contains("column")) {
                return Stream.empty();
            }
            final FileSelectionWidget browsed = setting.field().getAnnotation(FileSelectionWidget.class);
            final TextInputWidget typed = setting.field().getAnnotation(TextInputWidget.class);
            if (browsed == null) {
                return Stream.of("no file browser");
            }
            return typed != null && typed.placeholder().equals(browsed.placeholder()) ? Stream.empty()
                : Stream.of("another text where it is typed than where it is browsed");
        }));
    }
}
