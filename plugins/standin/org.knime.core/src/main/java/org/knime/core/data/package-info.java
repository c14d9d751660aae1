/**
 * KNIME's data: cells and the value interfaces they implement, types, columns, specs of tables, rows.
 * <p>
 * This bundle stands in for KNIME's own of the same name in our build and tests. Names, signatures and behavior follow
 * what is documented about KNIME 5.8 and what was seen by running it; the code is ours. It has only what our nodes
 * need.
 */
package org.knime.core.data;
