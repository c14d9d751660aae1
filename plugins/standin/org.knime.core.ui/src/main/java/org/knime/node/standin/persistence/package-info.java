/**
 * Loads and saves parameters by the rules, and with the messages, of KNIME.
 */
package org.knime.node.standin.persistence;
