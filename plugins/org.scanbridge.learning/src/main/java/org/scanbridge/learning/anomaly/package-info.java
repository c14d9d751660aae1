/** Maps of what is unusual in an image, learned from images of healthy people alone. */
package org.scanbridge.learning.anomaly;
