package org.scanbridge.knime.frontend;

import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

import org.knime.core.data.DataColumnSpec;
import org.knime.node.impl.description.LayoutOrder;
import org.knime.node.parameters.Advanced;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.NodeParametersInput;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.WidgetGroup;
import org.knime.node.parameters.array.ArrayWidget;
import org.knime.node.parameters.layout.HorizontalLayout;
import org.knime.node.parameters.layout.Layout;
import org.knime.node.parameters.layout.Section;
import org.knime.node.parameters.updates.Effect;
import org.knime.node.parameters.updates.ParameterReference;
import org.knime.node.parameters.updates.StateProvider;
import org.knime.node.parameters.updates.ValueReference;
import org.knime.node.parameters.widget.choices.ChoicesProvider;
import org.knime.node.parameters.widget.choices.Label;
import org.knime.node.parameters.widget.choices.RadioButtonsWidget;
import org.knime.node.parameters.widget.choices.StringChoice;
import org.knime.node.parameters.widget.choices.SuggestionsProvider;
import org.knime.node.parameters.widget.choices.ValueSwitchWidget;
import org.knime.node.parameters.widget.message.TextMessage;
import org.knime.node.parameters.widget.number.NumberInputWidget;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MaxValidation;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation;
import org.knime.node.parameters.widget.text.TextAreaWidget;
import org.knime.node.parameters.widget.text.TextInputWidget;

/**
 * What KNIME's front end is given for a dialog: data, JSON schema, JSON Forms layout and what is computed before it opens. It is
 * what KNIME generates as far as the annotations of our nodes need it; KNIME's own generator is not on Maven Central. Of what
 * KNIME does later, when a value changes, only rules for showing and hiding are here, which the front end itself evaluates.
 */
final class DialogJson {

    private static final String ROOT = "#/properties/model";

    private final NodeParametersInput m_input;

    private final Map<Class<?>, Referenced> m_references = new HashMap<>();

    private final List<Object> m_updates = new ArrayList<>();

    private int m_messages;

    /** A setting that others refer to. */
    private record Referenced(String scope, Object value) {
    }

    /** A control or a block of controls with the layout element that it is to stand in. */
    private record Placed(Class<?> layout, Map<String, Object> element) {
    }

    private DialogJson(final NodeParametersInput input) {
        m_input = input;
    }

    /**
     * @param parameters the values that the dialog opens with
     * @param input what is connected
     */
    static Map<String, Object> of(final NodeParameters parameters, final NodeParametersInput input) throws Exception {
        final DialogJson json = new DialogJson(input);
        json.findReferences(parameters, ROOT);
        final List<Object> elements = json.laidOut(json.placed(parameters.getClass(), parameters, ROOT, null));
        return map("data", map("model", data(parameters)), "schema",
            map("type", "object", "properties", map("model", schema(parameters.getClass()))), "ui_schema",
            map("type", "VerticalLayout", "elements", elements), "initialUpdates", json.m_updates);
    }

    static Map<String, Object> map(final Object... entries) {
        final Map<String, Object> map = new LinkedHashMap<>();
        for (int n = 0; n < entries.length; n += 2) {
            map.put((String)entries[n], entries[n + 1]);
        }
        return map;
    }

    private static List<Field> fields(final Class<?> type) {
        final List<Field> fields = new ArrayList<>();
        for (final Field field : type.getDeclaredFields()) {
            final int modifiers = field.getModifiers();
            if (!Modifier.isStatic(modifiers) && !Modifier.isPrivate(modifiers)
                && !field.isSynthetic()) {
                field.setAccessible(true);
                fields.add(field);
            }
        }
        return fields;
    }

    private static String key(final Field field) {
        return field.getName().replaceFirst("^m_", "");
    }

    private static boolean isGroup(final Class<?> type) {
        return WidgetGroup.class.isAssignableFrom(type);
    }

    private void findReferences(final Object parameters, final String scope) throws Exception {
        for (final Field field : fields(parameters.getClass())) {
            final Object value = field.get(parameters);
            final String own = scope + "/properties/" + key(field);
            final ValueReference reference = field.getAnnotation(ValueReference.class);
            if (reference != null) {
                m_references.put(reference.value(), new Referenced(own, value));
            }
            if (value != null && isGroup(field.getType())) {
                findReferences(value, own);
            }
            if (field.getType().isArray() && isGroup(field.getType().getComponentType())) {
                findElementReferences(field.getType().getComponentType());
            }
        }
    }

    /** Those of a new element of an array, which is what its renderer starts with. */
    private void findElementReferences(final Class<?> element) throws Exception {
        findReferences(create(element), "#");
    }

    private static Object data(final Object value) throws IllegalAccessException {
        if (value instanceof Enum<?> constant) {
            return constant.name();
        }
        if (value != null && value.getClass().isArray()) {
            final List<Object> list = new ArrayList<>();
            for (int n = 0; n < Array.getLength(value); n++) {
                list.add(data(Array.get(value, n)));
            }
            return list;
        }
        if (value instanceof WidgetGroup) {
            final Map<String, Object> group = new LinkedHashMap<>();
            for (final Field field : fields(value.getClass())) {
                if (field.getType() != Void.class) {
                    group.put(key(field), data(field.get(value)));
                }
            }
            return group;
        }
        return value;
    }

    private static Map<String, Object> schema(final Class<?> type) {
        final Map<String, Object> properties = new LinkedHashMap<>();
        for (final Field field : fields(type)) {
            if (field.getType() == Void.class) {
                continue;
            }
            final Map<String, Object> property = valueSchema(field.getType());
            final Widget widget = field.getAnnotation(Widget.class);
            if (widget != null) {
                property.put("title", widget.title());
                property.put("description", widget.description());
            }
            properties.put(key(field), property);
        }
        return map("type", "object", "properties", properties);
    }

    private static Map<String, Object> valueSchema(final Class<?> type) {
        if (isGroup(type)) {
            return schema(type);
        }
        if (type.isArray()) {
            return map("type", "array", "items", valueSchema(type.getComponentType()));
        }
        if (type == int.class || type == long.class) {
            return map("type", "integer", "format", type == int.class ? "int32" : "int64");
        }
        if (type == double.class) {
            return map("type", "number", "format", "double");
        }
        return map("type", type == boolean.class ? "boolean" : "string");
    }

    private List<Placed> placed(final Class<?> type, final Object parameters, final String scope, final Class<?> outer)
        throws Exception {
        final List<Placed> placed = new ArrayList<>();
        for (final Field field : fields(type)) {
            final Layout own = field.getAnnotation(Layout.class);
            final Class<?> layout = own == null ? outer : own.value();
            final String fieldScope = scope + "/properties/" + key(field);
            if (isGroup(field.getType())) {
                final Object value = parameters == null ? null : field.get(parameters);
                if (isSelfContained(field.getType())) {
                    final List<Object> block = laidOut(placed(field.getType(), value, fieldScope, null));
                    placed.add(new Placed(layout, map("type", "VerticalLayout", "elements", block)));
                } else {
                    placed.addAll(placed(field.getType(), value, fieldScope, layout));
                }
            } else if (field.isAnnotationPresent(TextMessage.class) || field.isAnnotationPresent(Widget.class)) {
                placed.add(new Placed(layout, control(field, fieldScope)));
            }
        }
        return placed;
    }

    private static boolean isSelfContained(final Class<?> group) {
        final List<Field> laidOut = fields(group).stream().filter(f -> f.isAnnotationPresent(Layout.class)).toList();
        return !laidOut.isEmpty() && laidOut.stream()
            .allMatch(f -> f.getAnnotation(Layout.class).value().getName().startsWith(group.getName() + "$"));
    }

    private List<Object> laidOut(final List<Placed> placed) throws Exception {
        final List<Object> root = new ArrayList<>();
        final Map<Class<?>, List<Object>> elements = new HashMap<>();
        final List<Class<?>> used = new ArrayList<>();
        placed.forEach(p -> used.add(p.layout()));
        final Comparator<Class<?>> order = LayoutOrder.of(used);
        for (final Placed p : placed.stream().sorted(Comparator.comparing(Placed::layout, order)).toList()) {
            into(p.layout(), elements, root).add(p.element());
        }
        return root;
    }

    private List<Object> into(final Class<?> layout, final Map<Class<?>, List<Object>> elements, final List<Object> root)
        throws Exception {
        if (layout == null) {
            return root;
        }
        if (!elements.containsKey(layout)) {
            final List<Object> outer = into(LayoutOrder.parent(layout), elements, root);
            final Section section = layout.getAnnotation(Section.class);
            if (section == null && !layout.isAnnotationPresent(HorizontalLayout.class)) {
                elements.put(layout, outer);
            } else {
                final List<Object> inner = new ArrayList<>();
                final Map<String, Object> element = section == null ? map("type", "HorizontalLayout")
                    : map("type", section.sideDrawer() ? "SettingsSubPanelLayout" : "Section", "label", section.title());
                element.put("elements", inner);
                rule(layout.getAnnotation(Effect.class), element);
                if (layout.isAnnotationPresent(Advanced.class)) {
                    element.put("options", map("isAdvanced", true));
                }
                elements.put(layout, inner);
                outer.add(element);
            }
        }
        return elements.get(layout);
    }

    private Map<String, Object> control(final Field field, final String scope) throws Exception {
        final Map<String, Object> options = new LinkedHashMap<>();
        final Map<String, Object> control = map("type", "Control");
        final List<String> provided = new ArrayList<>();
        final TextMessage message = field.getAnnotation(TextMessage.class);
        if (message != null) {
            final String id = "message" + m_messages++;
            control.put("id", id);
            options.put("format", "textMessage");
            final Object text = ((Optional<?>)compute(message.value())).orElse(null);
            provide(map("id", id), provided, "message", text);
        } else {
            control.put("scope", scope);
            options(field, scope, options, provided);
        }
        if (field.isAnnotationPresent(Widget.class) && field.getAnnotation(Widget.class).advanced()
            || field.isAnnotationPresent(Advanced.class)) {
            options.put("isAdvanced", true);
        }
        if (!options.isEmpty()) {
            control.put("options", options);
        }
        if (!provided.isEmpty()) {
            control.put("providedOptions", provided);
        }
        rule(field.getAnnotation(Effect.class), control);
        return control;
    }

    private void options(final Field field, final String scope, final Map<String, Object> options, final List<String> provided)
        throws Exception {
        final Class<?> type = field.getType();
        final ChoicesProvider choices = field.getAnnotation(ChoicesProvider.class);
        final SuggestionsProvider suggestions = field.getAnnotation(SuggestionsProvider.class);
        if (type.isEnum()) {
            enumOptions(field, options);
        } else if (type == int.class || type == long.class || type == double.class) {
            options.put("format", type == double.class ? "number" : "integer");
            numberOptions(field.getAnnotation(NumberInputWidget.class), options);
        } else if (choices != null) {
            options.put("format", type.isArray() ? "comboBox" : "dropDown");
            provide(map("scope", scope), provided, "possibleValues", choices(compute(choices.value())));
        } else if (suggestions != null) {
            options.put("format", "dropDown");
            options.put("allowNewValue", true);
            provide(map("scope", scope), provided, "possibleValues", choices(compute(suggestions.value())));
        } else if (type.isArray()) {
            final ArrayWidget array = field.getAnnotation(ArrayWidget.class);
            final Class<?> element = type.getComponentType();
            final List<Object> detail = laidOut(placed(element, null, "#", null));
            options.put("detail", array.elementLayout() == ArrayWidget.ElementLayout.HORIZONTAL_SINGLE_LINE
                ? map("type", "HorizontalLayout", "elements", detail) : map("type", "VerticalLayout", "elements", detail));
            options.put("addButtonText", array.addButtonText());
        } else if (field.isAnnotationPresent(TextAreaWidget.class)) {
            options.put("format", "textArea");
        } else if (field.isAnnotationPresent(TextInputWidget.class)) {
            options.put("placeholder", field.getAnnotation(TextInputWidget.class).placeholder());
        }
    }

    private static void enumOptions(final Field field, final Map<String, Object> options) throws NoSuchFieldException {
        final List<Object> values = new ArrayList<>();
        for (final Object constant : field.getType().getEnumConstants()) {
            final String name = ((Enum<?>)constant).name();
            final Label label = field.getType().getField(name).getAnnotation(Label.class);
            values.add(map("id", name, "text", label == null ? name : label.value()));
        }
        options.put("format", field.isAnnotationPresent(ValueSwitchWidget.class) ? "valueSwitch"
            : field.isAnnotationPresent(RadioButtonsWidget.class) ? "radio" : "dropDown");
        options.put("possibleValues", values);
    }

    private static void numberOptions(final NumberInputWidget widget, final Map<String, Object> options) throws Exception {
        if (widget == null) {
            return;
        }
        final Map<String, Object> validation = new LinkedHashMap<>();
        if (widget.minValidation() != MinValidation.class) {
            final MinValidation min = create(widget.minValidation());
            validation.put("min", map("parameters", map("min", call(min, "getMin"), "isExclusive",
                Boolean.TRUE.equals(call(min, "isExclusive"))), "errorMessage", min.getErrorMessage()));
        }
        if (widget.maxValidation() != MaxValidation.class) {
            final MaxValidation max = create(widget.maxValidation());
            validation.put("max", map("parameters", map("max", call(max, "getMax"), "isExclusive",
                Boolean.TRUE.equals(call(max, "isExclusive"))), "errorMessage", max.getErrorMessage()));
        }
        if (!validation.isEmpty()) {
            options.put("validation", validation);
        }
        if (!Double.isNaN(widget.stepSize())) {
            options.put("stepSize", widget.stepSize());
        }
    }

    /** Bounds are protected methods, whether they are exclusive one that not every stand-in has. */
    private static Object call(final Object object, final String name) {
        for (Class<?> type = object.getClass(); type != null; type = type.getSuperclass()) {
            try {
                final Method method = type.getDeclaredMethod(name);
                method.setAccessible(true);
                return method.invoke(object);
            } catch (final NoSuchMethodException e) {
                // perhaps in the superclass
            } catch (final ReflectiveOperationException e) {
                throw new IllegalStateException(name + " of " + object + " fails", e);
            }
        }
        return null;
    }

    private void provide(final Map<String, Object> location, final List<String> provided, final String option,
        final Object value) {
        provided.add(option);
        location.put("providedOptionName", option);
        location.put("value", value);
        m_updates.add(location);
    }

    private static List<Object> choices(final Object computed) {
        final List<Object> choices = new ArrayList<>();
        for (final Object choice : (List<?>)computed) {
            if (choice instanceof StringChoice text) {
                choices.add(map("id", text.id(), "text", text.text()));
            } else {
                final String name = ((DataColumnSpec)choice).getName();
                choices.add(map("id", name, "text", name));
            }
        }
        return choices;
    }

    private Object compute(final Class<?> type) throws Exception {
        final StateProvider<?> provider = (StateProvider<?>)create(type);
        provider.init(new StateProvider.StateProviderInitializer() {
            @Override
            public NodeParametersInput getNodeParametersInput() {
                return m_input;
            }

            @Override
            public <T> Supplier<T> computeFromValueSupplier(final Class<? extends ParameterReference<T>> ref) {
                return getValueSupplier(ref);
            }

            @Override
            @SuppressWarnings("unchecked")
            public <T> Supplier<T> getValueSupplier(final Class<? extends ParameterReference<T>> ref) {
                final Referenced referenced = m_references.get(ref);
                if (referenced == null) {
                    throw new IllegalStateException(type + " asks for " + ref + ", which no setting of the dialog is bound to");
                }
                return () -> (T)referenced.value();
            }

            @Override
            public <T> void computeOnValueChange(final Class<? extends ParameterReference<T>> id) {
                getValueSupplier(id);
            }

            @Override
            @SuppressWarnings("unchecked")
            public <T> Supplier<T> computeFromProvidedState(final Class<? extends StateProvider<T>> other) {
                return () -> {
                    try {
                        return (T)compute(other);
                    } catch (final Exception e) {
                        throw new IllegalStateException(other + " fails", e);
                    }
                };
            }

            @Override
            public void computeBeforeOpenDialog() {
                // everything is computed before
            }

            @Override
            public void computeAfterOpenDialog() {
                // everything is computed before
            }
        });
        return provider.computeState(m_input);
    }

    private void rule(final Effect effect, final Map<String, Object> element) throws Exception {
        if (effect != null) {
            element.put("rule", map("effect", effect.type().name(), "condition",
                new DialogConditions(m_input, ref -> Optional.ofNullable(m_references.get(ref)).map(Referenced::scope))
                    .of(effect.predicate())));
        }
    }

    @SuppressWarnings("unchecked")
    private static <T> T create(final Class<? extends T> type) throws Exception {
        final Constructor<?> constructor = type.getDeclaredConstructor();
        constructor.setAccessible(true);
        return (T)constructor.newInstance();
    }
}
