/** Images on other grids: resampled, cropped, padded, reoriented. */
package org.scanbridge.imaging.resample;
