/** Where the rows of tables are kept, in memory or on disk, and what is known about their values. */
package org.knime.core.standin.table;
