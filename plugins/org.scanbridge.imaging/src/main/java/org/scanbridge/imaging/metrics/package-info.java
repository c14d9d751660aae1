/** How good a segmentation is, and how far sites lie apart. */
package org.scanbridge.imaging.metrics;
