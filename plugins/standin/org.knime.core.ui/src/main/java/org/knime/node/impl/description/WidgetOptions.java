package org.knime.node.impl.description;

import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import org.knime.node.impl.description.NodeDescriptionContent.Entry;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.WidgetGroup;
import org.knime.node.parameters.layout.Layout;
import org.knime.node.parameters.widget.choices.Label;
import org.knime.node.standin.persistence.ParameterFields;

/** Lists the options of parameters: every field with {@link Widget}, nested ones too, in the order of the dialog. */
public final class WidgetOptions {

    private WidgetOptions() {
    }

    /**
     * @param type a class of parameters
     * @return its options; the described choices of an enum are added to its description as a list
     */
    public static List<Entry> of(final Class<?> type) {
        final List<Option> options = new ArrayList<>();
        collect(type, null, options);
        return sorted(options).map(Option::entry).toList();
    }

    private static Stream<Option> sorted(final List<Option> options) {
        final List<Class<?>> layouts = new ArrayList<>();
        options.forEach(option -> layouts.add(option.layout()));
        return options.stream().sorted(Comparator.comparing(Option::layout, LayoutOrder.of(layouts)));
    }

    private static void collect(final Class<?> type, final Class<?> outerLayout, final List<Option> options) {
        for (final Field field : ParameterFields.of(type)) {
            final Class<?> layout = layout(field, outerLayout);
            final Widget widget = field.getAnnotation(Widget.class);
            if (widget != null) {
                options.add(new Option(layout, new Entry(widget.title(), description(widget, field.getType()))));
            }
            final Class<?> group = group(field);
            if (group != null && isSelfContained(group)) {
                final List<Option> inner = new ArrayList<>();
                collect(group, null, inner);
                sorted(inner).forEach(option -> options.add(new Option(layout, option.entry())));
            } else if (group != null) {
                collect(group, layout, options);
            }
        }
    }

    /** A group whose layout elements are all declared in it is one block of the outer layout. */
    private static boolean isSelfContained(final Class<?> group) {
        final List<String> own = ParameterFields.of(group).stream().map(field -> layout(field, null))
            .filter(Objects::nonNull).map(Class::getName).toList();
        return !own.isEmpty() && own.stream().allMatch(layout -> layout.startsWith(group.getName() + "$"));
    }

    private static Class<?> layout(final Field field, final Class<?> outerLayout) {
        final Layout onField = field.getAnnotation(Layout.class);
        if (onField != null) {
            return onField.value();
        }
        final Layout onClass = field.getDeclaringClass().getAnnotation(Layout.class);
        return onClass != null ? onClass.value() : outerLayout;
    }

    /** @return the class of the group, of the group's array or of the group's list that the field holds, or null */
    private static Class<?> group(final Field field) {
        Class<?> type = field.getType().isArray() ? field.getType().getComponentType() : field.getType();
        if (field.getGenericType() instanceof ParameterizedType parameterized
            && parameterized.getActualTypeArguments()[0] instanceof Class<?> argument) {
            type = argument;
        }
        return WidgetGroup.class.isAssignableFrom(type) ? type : null;
    }

    private static String description(final Widget widget, final Class<?> type) {
        if (!type.isEnum()) {
            return widget.description();
        }
        final StringBuilder choices = new StringBuilder();
        for (final Field constant : type.getFields()) {
            final Label label = constant.getAnnotation(Label.class);
            if (label != null && !label.description().isEmpty()) {
                choices.append("<li><b>").append(escape(label.value())).append("</b>: ").append(label.description())
                    .append("</li>");
            }
        }
        return choices.isEmpty() ? widget.description() : widget.description() + "<ul>" + choices + "</ul>";
    }

    private static String escape(final String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private record Option(Class<?> layout, Entry entry) {
    }
}
