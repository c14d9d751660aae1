package org.knime.node.parameters.array;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.knime.node.parameters.updates.StateProvider;

/**
 * How an array or list of groups is edited.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
public @interface ArrayWidget {

    /** @return the label of the button that adds an element */
    String addButtonText() default "";

    /** @return how one element is laid out */
    ElementLayout elementLayout() default ElementLayout.VERTICAL_CARD;

    /** @return the heading of one element, to which its number is added */
    String elementTitle() default "";

    /** @return whether elements can be moved */
    boolean showSortButtons() default false;

    /** @return whether elements can neither be added nor removed */
    boolean hasFixedSize() default false;

    /** @return what computes a new element; the element's constructor without arguments when not given */
    @SuppressWarnings("rawtypes")
    Class<? extends StateProvider> elementDefaultValueProvider() default StateProvider.class;

    /** How one element is laid out. */
    enum ElementLayout {
        /** A card with a heading. */
        VERTICAL_CARD,
        /** One line. */
        HORIZONTAL_SINGLE_LINE
    }
}
