/** What a node is made of: factory, model, settings, execution, tables. */
package org.knime.core.node;
