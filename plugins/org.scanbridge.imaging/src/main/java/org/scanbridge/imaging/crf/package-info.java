/** Segmentations refined by a fully connected conditional random field. */
package org.scanbridge.imaging.crf;
