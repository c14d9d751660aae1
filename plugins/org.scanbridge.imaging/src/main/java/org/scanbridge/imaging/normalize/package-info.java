/** Intensities on a common scale, learned from one collection and applied to another. */
package org.scanbridge.imaging.normalize;
