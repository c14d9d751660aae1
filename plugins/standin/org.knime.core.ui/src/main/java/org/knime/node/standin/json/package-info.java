/**
 * A small JSON reader and writer, because KNIME exports none and a node's data must not depend on ours.
 */
package org.knime.node.standin.json;
