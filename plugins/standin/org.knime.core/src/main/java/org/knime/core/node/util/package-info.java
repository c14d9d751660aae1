/** Checks. */
package org.knime.core.node.util;
