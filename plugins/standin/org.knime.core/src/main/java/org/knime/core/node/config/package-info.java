/** The settings tree with KNIME's data types. */
package org.knime.core.node.config;
