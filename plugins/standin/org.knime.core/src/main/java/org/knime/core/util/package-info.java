/** Files and their names. */
package org.knime.core.util;
