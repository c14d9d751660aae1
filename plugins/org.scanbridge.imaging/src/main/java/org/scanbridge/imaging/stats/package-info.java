/** Percentiles, summaries of scores, agreement of measurements. */
package org.scanbridge.imaging.stats;
