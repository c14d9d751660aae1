/** Flow variables in the settings of nodes. */
package org.knime.core.standin.variable;
