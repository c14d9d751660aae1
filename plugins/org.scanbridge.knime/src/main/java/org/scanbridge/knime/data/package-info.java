/** Images and segmentations as KNIME cells: voxels in a file store, everything else in the cell. */
package org.scanbridge.knime.data;
