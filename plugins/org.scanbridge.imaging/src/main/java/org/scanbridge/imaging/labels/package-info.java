/** Label maps made of others: joined, renumbered, cleaned. */
package org.scanbridge.imaging.labels;
