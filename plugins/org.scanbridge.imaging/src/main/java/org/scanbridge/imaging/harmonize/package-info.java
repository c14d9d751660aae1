/** Features of images of several sites on one scale, by statistics: ComBat. */
package org.scanbridge.imaging.harmonize;
