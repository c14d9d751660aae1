/** What the nodes that read series of DICOM have in common: their settings, and the way from files to the tables. */
package org.scanbridge.knime.dicom;
