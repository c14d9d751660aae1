/** Exact distances to a set of voxels. */
package org.scanbridge.imaging.distance;
