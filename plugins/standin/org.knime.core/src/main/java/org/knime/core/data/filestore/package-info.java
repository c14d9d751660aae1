/** Cells and port objects whose bulk lies in files that belong to a node. */
package org.knime.core.data.filestore;
