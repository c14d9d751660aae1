/** Cells that hold lists of cells. */
package org.knime.core.data.collection;
