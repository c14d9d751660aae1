/** The Image Viewer: the page part that shows images and segmentations of any node's table, and the services behind it. */
package org.scanbridge.knime.view;
