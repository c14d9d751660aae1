/**
 * What KNIME does not have: how the stand-in's executor, page server, tests and documentation see nodes.
 */
package org.knime.node.standin;
