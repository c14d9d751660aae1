/** With what a node is created. */
package org.knime.core.node.context;
