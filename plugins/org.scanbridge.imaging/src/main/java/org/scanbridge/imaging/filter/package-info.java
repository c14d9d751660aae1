/** Smoothing. */
package org.scanbridge.imaging.filter;
