/** Flow variables. */
package org.knime.core.node.workflow;
