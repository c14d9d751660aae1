/** Numbers that say in short what an image shows within a class of its segmentation. */
package org.scanbridge.imaging.features;
