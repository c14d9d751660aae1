/** What travels between nodes besides tables, and how it is written and read. */
package org.knime.core.node.port;
