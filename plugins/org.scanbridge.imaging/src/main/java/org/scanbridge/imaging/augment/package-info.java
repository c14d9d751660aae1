/** Random changes that a segmentation method should not mind, drawn from a seed. */
package org.scanbridge.imaging.augment;
