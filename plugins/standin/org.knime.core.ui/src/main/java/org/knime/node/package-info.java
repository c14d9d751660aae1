/**
 * Nodes described in code. Names and signatures are those of KNIME 5.8 to 5.12; what runs them is our own.
 */
package org.knime.node;
