/**
 * From slices to volumes: planes, their order and spacing, what is wrong with them, pseudonyms; writing series.
 */
package org.scanbridge.dicom.series;
