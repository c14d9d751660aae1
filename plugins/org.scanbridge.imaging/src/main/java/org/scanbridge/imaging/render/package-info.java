/** Slices as pictures. */
package org.scanbridge.imaging.render;
