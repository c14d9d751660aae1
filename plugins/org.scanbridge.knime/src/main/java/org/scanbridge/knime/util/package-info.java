/** What the nodes share: columns, rows, sites, progress and errors. */
package org.scanbridge.knime.util;
