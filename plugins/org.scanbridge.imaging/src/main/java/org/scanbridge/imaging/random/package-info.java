/** Random numbers whose every bit follows from a seed. */
package org.scanbridge.imaging.random;
