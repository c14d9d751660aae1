/** Random changes of images as settings: shared by the Volume Augmenter and the learners. */
package org.scanbridge.knime.augment;
