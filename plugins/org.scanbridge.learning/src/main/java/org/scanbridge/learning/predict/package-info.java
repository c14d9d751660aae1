/** Applying a network to whole volumes. */
package org.scanbridge.learning.predict;
