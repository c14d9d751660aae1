/** How values are painted in tables. */
package org.knime.core.data.renderer;
