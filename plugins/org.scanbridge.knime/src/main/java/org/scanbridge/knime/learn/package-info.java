/** What the learning nodes share: settings, reading cases from tables, the training curve as a table. */
package org.scanbridge.knime.learn;
