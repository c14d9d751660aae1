package org.knime.node.impl.description;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.knime.node.parameters.WidgetGroup;
import org.knime.node.parameters.layout.After;
import org.knime.node.parameters.layout.Before;
import org.knime.node.parameters.layout.Inside;

/**
 * The order of layout elements in a dialog: what has no layout comes first, then the elements in the order in which
 * the fields first name them, moved as {@code @After} and {@code @Before} say; inner elements follow their parent's
 * own fields.
 */
public final class LayoutOrder {

    private final Set<Class<?>> m_elements = new LinkedHashSet<>();

    private final Map<Class<?>, Integer> m_rank = new HashMap<>();

    private LayoutOrder() {
    }

    /**
     * @param used the layout elements in the order of the fields
     * @return an order of layout elements; null stands for no layout
     */
    public static Comparator<Class<?>> of(final List<Class<?>> used) {
        final LayoutOrder order = new LayoutOrder();
        used.forEach(order::add);
        order.rankChildren(null);
        return Comparator.comparingInt(element -> element == null ? -1 : order.m_rank.get(element));
    }

    private void add(final Class<?> element) {
        if (element != null) {
            add(parent(element));
            m_elements.add(element);
        }
    }

    private void rankChildren(final Class<?> parent) {
        final List<Class<?>> open = new ArrayList<>(m_elements.stream().filter(e -> parent(e) == parent).toList());
        while (!open.isEmpty()) {
            final Class<?> next = open.stream().filter(e -> open.stream().noneMatch(o -> o != e && precedes(o, e)))
                .findFirst().orElseThrow(() -> new IllegalStateException(
                    "The layout elements " + open + " come after each other in a circle."));
            open.remove(next);
            m_rank.put(next, m_rank.size());
            rankChildren(next);
        }
    }

    private static boolean precedes(final Class<?> first, final Class<?> second) {
        final After after = second.getAnnotation(After.class);
        final Before before = first.getAnnotation(Before.class);
        return after != null && after.value() == first || before != null && before.value() == second;
    }

    /** @return the layout element that another one lies in; null for none */
    public static Class<?> parent(final Class<?> element) {
        final Inside inside = element.getAnnotation(Inside.class);
        if (inside != null) {
            return inside.value();
        }
        final Class<?> enclosing = element.getEnclosingClass();
        return enclosing != null && enclosing.isInterface() && !WidgetGroup.class.isAssignableFrom(enclosing)
            ? enclosing : null;
    }
}
