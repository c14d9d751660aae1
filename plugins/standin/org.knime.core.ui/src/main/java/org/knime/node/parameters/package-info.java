/**
 * The settings of a node as a class with annotated fields. Headless, only storage and validation matter; what the
 * dialog alone uses is declared and never called.
 */
package org.knime.node.parameters;
