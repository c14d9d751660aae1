/** Which voxels, patches and subjects a training looks at, in what proportions. */
package org.scanbridge.imaging.sampling;
