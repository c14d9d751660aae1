package org.scanbridge.knime.frontend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.junit.jupiter.api.Test;
import org.knime.core.node.port.PortObject;
import org.knime.core.node.port.PortType;
import org.knime.core.standin.run.NodeHost;
import org.knime.core.standin.run.RunDirectory;
import org.knime.node.DefaultNodeFactory;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.NodeParametersInput;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.updates.ValueReference;
import org.knime.node.standin.StandinNodeFactory;
import org.knime.node.standin.persistence.NodeParametersPersistence;
import org.knime.node.standin.persistence.ParameterFields;
import org.scanbridge.knime.testing.NodeNames;
import org.scanbridge.knime.util.ColumnGuess;
import org.scanbridge.knime.util.UnusedSettings;
import org.scanbridge.knime.util.UsedWhileHidden;

/**
 * Of all nodes: a setting that is changed while the dialog hides it is told to have no effect, and no other setting is. What the
 * dialog hides is what the rules of JSON Forms say, as KNIME's front end evaluates them.
 */
class HiddenSettingsTest {

    /** A node with its parameters, made anew for every change. */
    private record Node(String name, Class<? extends NodeParameters> type, PortType[] ports) {

        NodeParameters parameters() {
            return NodeParametersPersistence.createDefaults(type);
        }

        /** Nothing is connected. */
        NodeParametersInput input() {
            return new DialogInput(ports, new PortObject[ports.length]);
        }
    }

    /** A setting by its place in the parameters, such as {@code training/steps}. */
    private record Setting(String path, Field field) {

        private NodeParameters group(final NodeParameters parameters) throws IllegalAccessException {
            NodeParameters group = parameters;
            final String[] keys = path.split("/");
            for (int k = 0; k < keys.length - 1; k++) {
                final String key = keys[k];
                group = (NodeParameters)ParameterFields.of(group.getClass()).stream()
                    .filter(f -> f.getName().replaceFirst("^m_", "").equals(key)).findFirst().orElseThrow().get(group);
            }
            return group;
        }

        Object get(final NodeParameters parameters) throws IllegalAccessException {
            return field.get(group(parameters));
        }

        void set(final NodeParameters parameters, final Object value) throws IllegalAccessException {
            field.set(group(parameters), value);
        }
    }

    private static List<Node> nodes() throws Exception {
        final List<Node> nodes = new ArrayList<>();
        for (final String name : NodeNames.factories()) {
            final DefaultNodeFactory factory = (DefaultNodeFactory)Class.forName(name).getConstructor().newInstance();
            try (RunDirectory run = RunDirectory.create("ports")) {
                nodes.add(new Node(factory.getNodeName(), ((StandinNodeFactory)factory).getModelParametersClass().orElseThrow(),
                    new NodeHost(name, factory, run, w -> {
                    }).inPortTypes()));
            }
        }
        return nodes;
    }

    private static void collect(final NodeParameters parameters, final String path, final List<Setting> settings)
        throws IllegalAccessException {
        for (final Field field : ParameterFields.of(parameters.getClass())) {
            final String own = path + field.getName().replaceFirst("^m_", "");
            if (field.get(parameters) instanceof NodeParameters group) {
                collect(group, own + "/", settings);
            } else if (field.isAnnotationPresent(Widget.class) && !field.getType().isArray()) {
                settings.add(new Setting(own, field));
            }
        }
    }

    /** Other values that a setting can have: all of those that others depend on, else one. */
    private static List<Object> others(final Object value, final Class<?> type) {
        if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants()).map(Object.class::cast).filter(c -> c != value).toList();
        }
        if (value instanceof Boolean on) {
            return List.of(!on);
        }
        if (value instanceof Integer n) {
            return List.of(n + 1);
        }
        if (value instanceof Long n) {
            return List.of(n + 1);
        }
        if (value instanceof Double x) {
            return List.of(x + 1);
        }
        return List.of(value + "other");
    }

    private static List<String> told(final Node node, final NodeParameters parameters, final String title) {
        return UnusedSettings.of(parameters, node.input()).stream().filter(t -> t.startsWith("\"" + title + "\" ")).toList();
    }

    @Test
    void whatTheDialogHidesIsToldToHaveNoEffect() throws Exception {
        final List<String> wrong = new ArrayList<>();
        int hidden = 0;
        for (final Node node : nodes()) {
            final List<Setting> settings = new ArrayList<>();
            collect(node.parameters(), "", settings);
            final NodeParameters usual = node.parameters();
            assertEquals(List.of(), UnusedSettings.of(usual, node.input()), node.name());
            final Map<String, Boolean> first = shown(node, usual);
            hidden += compare(node, null, null, settings, Map.of(), wrong);
            for (final Setting switched : settings) {
                if (switched.field().isAnnotationPresent(ValueReference.class)
                    && (switched.field().getType().isEnum() || switched.field().getType() == boolean.class)) {
                    for (final Object value : others(switched.get(usual), switched.field().getType())) {
                        hidden += compare(node, switched, value, settings, first, wrong);
                    }
                }
            }
        }
        assertEquals("", String.join("\n", wrong));
        assertTrue(hidden > 300, hidden + " settings were hidden in all states together");
    }

    /** A sweep over such a setting with another method gave the same network again and again, without a word. */
    @Test
    void tellsWhichChoiceWouldUseASetting() throws Exception {
        final Node node = nodes().stream().filter(n -> n.name().equals("Domain Adaptation Learner")).findFirst().orElseThrow();
        final List<Setting> settings = new ArrayList<>();
        collect(node.parameters(), "", settings);
        final NodeParameters parameters = node.parameters();
        settings.stream().filter(s -> s.path().equals("tent/steps")).findFirst().orElseThrow().set(parameters, 7);
        assertEquals(List.of("\"Steps of Tent\" (section \"Tent\") is 7, but has no effect: it is used only if \"Method\" is"
            + " \"Tent\" or \"Afterwards\" is \"Tent\"."), UnusedSettings.of(parameters, node.input()));
    }

    /**
     * Changes one setting after the other in one state of a dialog.
     *
     * @param known what was looked at already, for settings that are shown or hidden there as here
     * @return how many of those looked at are hidden
     */
    private static int compare(final Node node, final Setting switched, final Object to, final List<Setting> settings,
        final Map<String, Boolean> known, final List<String> wrong) throws Exception {
        final NodeParameters state = node.parameters();
        if (switched != null) {
            switched.set(state, to);
        }
        final Map<String, Boolean> shown = shown(node, state);
        int hidden = 0;
        for (final Setting setting : settings) {
            if (setting.equals(switched) || !shown.containsKey(setting.path())
                || shown.get(setting.path()).equals(known.get(setting.path()))
                || setting.field().isAnnotationPresent(ColumnGuess.class)
                || setting.field().isAnnotationPresent(UsedWhileHidden.class)) {
                continue;
            }
            final String title = setting.field().getAnnotation(Widget.class).title();
            final int before = told(node, state, title).size();
            final Object value = setting.get(state);
            setting.set(state, others(value, setting.field().getType()).get(0));
            final List<String> after = told(node, state, title);
            setting.set(state, value);
            final boolean isHidden = !shown.get(setting.path());
            if (after.size() - before != (isHidden ? 1 : 0)) {
                wrong.add(node.name() + ", " + setting.path() + (switched == null ? "" : ", with " + switched.path() + " " + to)
                    + ": " + (isHidden ? "hidden" : "shown") + ", but " + after + " after " + before);
            }
            hidden += isHidden ? 1 : 0;
        }
        return hidden;
    }

    /** Whether each setting is shown. */
    private static Map<String, Boolean> shown(final Node node, final NodeParameters state) throws Exception {
        final Map<String, Boolean> shown = new LinkedHashMap<>();
        final Map<String, Object> dialog = DialogJson.of(state, node.input());
        visit((Map<?, ?>)dialog.get("ui_schema"), dialog.get("data"), true, shown);
        return shown;
    }

    /** Finds out which controls are shown. */
    private static void visit(final Map<?, ?> element, final Object data, final boolean around, final Map<String, Boolean> shown) {
        boolean here = around;
        if (element.get("rule") instanceof Map<?, ?> rule) {
            here &= rule.get("effect").equals("SHOW") == holds((Map<?, ?>)rule.get("condition"), data);
        }
        if (element.get("scope") instanceof String scope) {
            shown.put(scope.replaceFirst("^#/properties/model/properties/", "").replace("/properties/", "/"), here);
        }
        if (element.get("elements") instanceof List<?> elements) {
            for (final Object inner : elements) {
                visit((Map<?, ?>)inner, data, here, shown);
            }
        }
    }

    private static boolean holds(final Map<?, ?> condition, final Object data) {
        if (condition.get("conditions") instanceof List<?> parts) {
            return condition.get("type").equals("AND") ? parts.stream().allMatch(p -> holds((Map<?, ?>)p, data))
                : parts.stream().anyMatch(p -> holds((Map<?, ?>)p, data));
        }
        Object value = data;
        for (final String key : condition.get("scope").toString().replace("#", "").split("/properties/")) {
            value = key.isEmpty() ? value : ((Map<?, ?>)value).get(key);
        }
        return matches((Map<?, ?>)condition.get("schema"), value);
    }

    /** The part of JSON Schema that conditions of nodes need. */
    private static boolean matches(final Map<?, ?> schema, final Object value) {
        boolean matches = true;
        for (final Map.Entry<?, ?> rule : schema.entrySet()) {
            matches &= switch (rule.getKey().toString()) {
                case "const" -> Objects.equals(rule.getValue(), value);
                case "enum" -> ((List<?>)rule.getValue()).contains(value);
                case "not" -> !matches((Map<?, ?>)rule.getValue(), value);
                default -> throw new IllegalStateException("no rule of these dialogs: " + rule);
            };
        }
        return matches;
    }
}
