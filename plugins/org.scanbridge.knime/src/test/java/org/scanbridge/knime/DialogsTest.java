package org.scanbridge.knime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.knime.core.webui.node.dialog.defaultdialog.internal.file.FileSelectionWidget;
import org.knime.node.DefaultNodeFactory;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.Widget;
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
                settings.add(new Setting(node, field, value));
            }
        }
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
