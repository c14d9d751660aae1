/** The settings tree without KNIME's data types. */
package org.knime.core.node.config.base;
