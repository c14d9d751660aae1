/**
 * The envelopes in which the data of a view travel to its page.
 */
package org.knime.node.standin.view;
