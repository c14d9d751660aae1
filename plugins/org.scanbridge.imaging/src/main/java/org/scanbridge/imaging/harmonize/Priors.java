package org.scanbridge.imaging.harmonize;

/** What ComBat assumes of the effects of a site on its features, so that few rows say enough. */
public enum Priors {

    /** Shifts are normal, variance ratios inverse gamma distributed; their moments are those found over all features. */
    PARAMETRIC,

    /** Shifts and variance ratios are distributed as they were found in the other features of the site. */
    NON_PARAMETRIC,

    /** Nothing: each feature is taken by itself, without empirical Bayes. */
    NONE
}
