/** What the nodes of the hospital's archive have in common. */
package org.scanbridge.knime.archive;
