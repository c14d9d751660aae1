/** How nodes make tables: containers of rows, and rearranging the columns of a table. */
package org.knime.core.data.container;
