/** Who trains, who validates, who tests. */
package org.scanbridge.imaging.split;
