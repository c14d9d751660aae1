/**
 * The adaptation report: one self-contained HTML page, the CSV tables and the manifest of a run, made from plain
 * records. Knows nothing of where the numbers come from.
 */
package org.scanbridge.learning.report;
