/** Which voxels hang together. */
package org.scanbridge.imaging.components;
