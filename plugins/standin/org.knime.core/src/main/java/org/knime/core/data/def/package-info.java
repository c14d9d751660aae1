/** Cells of the basic types, and rows in memory. */
package org.knime.core.data.def;
