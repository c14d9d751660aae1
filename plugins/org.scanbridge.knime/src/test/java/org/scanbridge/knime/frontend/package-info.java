/** The dialogs and views in KNIME's own front end: run on request, with the profile "frontend". */
package org.scanbridge.knime.frontend;
