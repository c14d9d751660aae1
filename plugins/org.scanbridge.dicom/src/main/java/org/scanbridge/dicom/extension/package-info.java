/**
 * What other bundles add to this one where they are installed.
 */
package org.scanbridge.dicom.extension;
