/** Atlases made of labeled images, and the segmentation of images of any contrast by them, without training. */
package org.scanbridge.imaging.atlas;
