/**
 * What the data of a view may tell its page.
 */
package org.knime.core.webui.data;
