/** What all trainings share: the loop over the steps, validation, checkpoints, memory, metrics. */
package org.scanbridge.learning.train;
