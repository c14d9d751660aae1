/**
 * Writes node descriptions as XML of KNIME's schema Node_v5.3 and refuses what that schema does not know.
 */
package org.knime.node.impl.description;
