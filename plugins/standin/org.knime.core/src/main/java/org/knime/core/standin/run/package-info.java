/**
 * Nodes of a running workflow: which there are, how one is configured and executed, how objects travel between them.
 */
package org.knime.core.standin.run;
