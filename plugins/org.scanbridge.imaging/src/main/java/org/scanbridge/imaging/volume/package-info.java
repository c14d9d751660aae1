/** Images, segmentations and where their voxels lie in the patient. */
package org.scanbridge.imaging.volume;
