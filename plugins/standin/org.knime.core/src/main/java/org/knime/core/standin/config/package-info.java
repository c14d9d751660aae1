/** Settings trees as XML. */
package org.knime.core.standin.config;
