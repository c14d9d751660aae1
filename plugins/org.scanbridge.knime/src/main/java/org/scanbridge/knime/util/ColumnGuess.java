package org.scanbridge.knime.util;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.knime.core.data.DataValue;

/**
 * On a setting that holds the name of a column: blank means that the column is guessed from the connected table, by this
 * rule. {@link ColumnGuesses} applies it.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
public @interface ColumnGuess {

    /** Which column is taken if none has one of the names. */
    enum Otherwise {
            /** The first of the type. */
            FIRST,

            /** The last of the type, usually that of the last processing step. */
            LAST,

            /** The only one of the type; none if there are several. */
            ONLY,

            /** None: columns of another name usually hold something else. */
            NONE
    }

    /** @return index of the input port whose table has the column */
    int port() default 0;

    /**
     * @return what the column holds; of several types the first that the table has, or, if only a name tells the column,
     *         any of them
     */
    Class<? extends DataValue>[] type();

    /** @return names of columns, best first; upper and lower case count as the same if no column fits exactly */
    String[] names() default {};

    /** @return what is taken if no column has such a name */
    Otherwise otherwise() default Otherwise.FIRST;
}
