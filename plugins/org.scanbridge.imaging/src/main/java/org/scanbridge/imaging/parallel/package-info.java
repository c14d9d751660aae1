/** Work on large images by all processors at once, with the same bits for any number of them. */
package org.scanbridge.imaging.parallel;
