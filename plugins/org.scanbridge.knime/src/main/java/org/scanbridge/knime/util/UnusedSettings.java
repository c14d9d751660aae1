package org.scanbridge.knime.util;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import org.knime.core.node.port.PortObject;
import org.knime.node.DefaultModel.ExecuteConsumer;
import org.knime.node.DefaultModel.ExecuteInput;
import org.knime.node.DefaultModel.ExecuteOutput;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.NodeParametersInput;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.layout.Inside;
import org.knime.node.parameters.layout.Layout;
import org.knime.node.parameters.layout.Section;
import org.knime.node.parameters.updates.Effect;
import org.knime.node.parameters.updates.Effect.EffectType;
import org.knime.node.parameters.updates.ValueReference;

/**
 * Tells the user of settings that were changed and have no effect, because another choice would have to be made for them to have
 * one: the dialog hides them, but a flow variable or an option of the batch executor sets them all the same, and a sweep over
 * such a setting would give the same result again and again without a word.
 */
public final class UnusedSettings {

    /** More are only counted: nobody reads a page. */
    private static final int TOLD = 3;

    private final Map<Class<?>, Condition.Referenced> m_references = new HashMap<>();

    private final List<String> m_told = new ArrayList<>();

    private final NodeParametersInput m_input;

    private UnusedSettings(final NodeParametersInput input) {
        m_input = input;
    }

    /** What a node does, after the user was told of settings that have no effect; what it tells itself comes behind that. */
    public static ExecuteConsumer told(final ExecuteConsumer work) {
        return (input, output) -> {
            final List<String> told = of(input.getParameters(), connected(input));
            if (told.isEmpty()) {
                work.accept(input, output);
            } else {
                final String first = String.join(" ", told.subList(0, Math.min(TOLD, told.size())))
                    + (told.size() > TOLD ? " So it is with " + (told.size() - TOLD) + " more." : "");
                output.setWarningMessage(first);
                work.accept(input, new Telling(output, first));
            }
        };
    }

    /**
     * The settings that have another value than in a new node, and no effect. Columns are left out: the dialog itself stores
     * those that it has guessed.
     *
     * @param input what is connected to the node
     * @return a sentence for each, in the words of the dialog
     */
    public static List<String> of(final NodeParameters parameters, final NodeParametersInput input) {
        final UnusedSettings settings = new UnusedSettings(input);
        settings.findReferences(parameters);
        settings.find(parameters, SettingFields.defaults(parameters), List.of(), List.of());
        return settings.m_told;
    }

    /** The inputs of a node that is executed, as a dialog would see them; only which specs there are is ever asked. */
    private static NodeParametersInput connected(final ExecuteInput input) {
        return (NodeParametersInput)Proxy.newProxyInstance(UnusedSettings.class.getClassLoader(),
            new Class<?>[]{NodeParametersInput.class}, (proxy, method, arguments) -> {
                if (!method.getName().equals("getInPortSpec")) {
                    throw new UnsupportedOperationException(method + " of a node that is executed");
                }
                return Optional.ofNullable(input.getInPortObjects()[(Integer)arguments[0]]).map(PortObject::getSpec);
            });
    }

    private void findReferences(final NodeParameters parameters) {
        for (final Field field : SettingFields.of(parameters.getClass())) {
            final Object value = SettingFields.get(field, parameters);
            final ValueReference reference = field.getAnnotation(ValueReference.class);
            if (reference != null) {
                m_references.put(reference.value(), new Condition.Referenced(field, value));
            }
            if (value instanceof NodeParameters group) {
                findReferences(group);
            }
        }
    }

    /**
     * @param outer the conditions of the groups that the settings are in
     * @param layout where these groups are in the dialog
     */
    private void find(final NodeParameters parameters, final NodeParameters usual, final List<Condition> outer,
        final List<Class<?>> layout) {
        for (final Field field : SettingFields.of(parameters.getClass())) {
            final List<Class<?>> placed = placed(field, layout);
            final List<Condition> shown = new ArrayList<>(outer);
            add(field.getAnnotation(Effect.class), shown);
            final Object value = SettingFields.get(field, parameters);
            final Object usually = SettingFields.get(field, usual);
            if (value instanceof NodeParameters group) {
                find(group, (NodeParameters)usually, shown, placed);
            } else if (field.isAnnotationPresent(Widget.class) && !field.isAnnotationPresent(ColumnGuess.class)
                && !field.isAnnotationPresent(UsedWhileHidden.class) && !same(value, usually)) {
                final List<Condition> all = new ArrayList<>();
                placed.forEach(part -> add(part.getAnnotation(Effect.class), all));
                all.addAll(shown);
                final Condition used = Condition.all(all);
                if (!used.holds()) {
                    m_told.add("\"" + field.getAnnotation(Widget.class).title() + "\"" + section(placed) + " is " + words(value)
                        + ", but has no effect: it is used only if " + used.words() + ".");
                }
            }
        }
    }

    /** The rows and sections that a setting or group is in: its own, and those around its group where its own are parts of that. */
    private static List<Class<?>> placed(final Field field, final List<Class<?>> group) {
        final Layout own = field.getAnnotation(Layout.class);
        if (own == null) {
            return group;
        }
        final List<Class<?>> placed = new ArrayList<>();
        for (Class<?> part = own.value(); part != null; part = around(part)) {
            placed.add(part);
        }
        if (own.value().getName().startsWith(field.getDeclaringClass().getName() + "$")) {
            placed.addAll(group);
        }
        return placed;
    }

    /** Titles are told apart by their section only. */
    private static String section(final List<Class<?>> placed) {
        return placed.stream().map(part -> part.getAnnotation(Section.class)).filter(Objects::nonNull).findFirst()
            .map(section -> " (section \"" + section.title() + "\")").orElse("");
    }

    private void add(final Effect effect, final List<Condition> conditions) {
        if (effect != null) {
            final Condition condition = Condition.of(effect.predicate(), m_references, m_input);
            conditions.add(effect.type() == EffectType.SHOW ? condition : condition.negate());
        }
    }

    /** The section that a part of the dialog is in; null if there is none. */
    private static Class<?> around(final Class<?> part) {
        final Inside inside = part.getAnnotation(Inside.class);
        if (inside != null) {
            return inside.value();
        }
        final Class<?> enclosing = part.getEnclosingClass();
        return enclosing != null && enclosing.isInterface() ? enclosing : null;
    }

    private static boolean same(final Object value, final Object usually) {
        return isBlank(value) ? isBlank(usually) : Objects.deepEquals(value, usually);
    }

    /** Lists of groups are the same only if they are empty. */
    private static boolean isBlank(final Object value) {
        return value == null || value instanceof String text && text.isBlank()
            || value.getClass().isArray() && Array.getLength(value) == 0;
    }

    private static String words(final Object value) {
        if (value instanceof Boolean on) {
            return on ? "on" : "off";
        }
        if (value instanceof Enum<?> constant) {
            return "\"" + Condition.label(constant) + "\"";
        }
        if (value instanceof Number) {
            return value.toString();
        }
        // a text may be a secret, such as the key of pseudonyms
        return "changed";
    }

    /** Keeps what was told first. */
    private record Telling(ExecuteOutput output, String first) implements ExecuteOutput {

        @Override
        public <D extends PortObject> void setOutData(final int portIndex, final D data) {
            output.setOutData(portIndex, data);
        }

        @Override
        @SafeVarargs
        @SuppressWarnings("varargs")
        public final <D extends PortObject> void setOutData(final D... data) {
            output.setOutData(data);
        }

        @Override
        @SafeVarargs
        @SuppressWarnings("varargs")
        public final <D extends PortObject> void setInternalData(final D... data) {
            output.setInternalData(data);
        }

        @Override
        public void setWarningMessage(final String message) {
            output.setWarningMessage(first + " " + message);
        }
    }
}
