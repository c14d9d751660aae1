/** What extensions register at KNIME's extension points. */
package org.knime.core.standin.extension;
