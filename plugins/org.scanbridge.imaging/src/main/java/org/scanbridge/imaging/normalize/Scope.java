package org.scanbridge.imaging.normalize;

/** Over which images a normalization takes its statistics. */
public enum Scope {

    /** Each image by its own statistics; nothing is learned from a collection. */
    IMAGE,

    /** Each site by the pooled statistics of the fitted images of that site. */
    SITE,

    /** All images by the pooled statistics of all fitted images. */
    DATA_SET
}
