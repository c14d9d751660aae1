/** One segmentation of several: by votes, by STAPLE, by the probabilities of models. */
package org.scanbridge.imaging.fusion;
