/** Messages to the user. */
package org.knime.core.node.message;
