package org.scanbridge.learning.graph;

/**
 * What a generator G is asked for by a discriminator D over K sites and the class "generated" (K + 1). With
 * p = softmax(D(G(x))), an image x of site z, and per patch the loss L that G minimizes:
 */
public enum GeneratorObjective {
    /**
     * L = log p(K+1): Delisle et al., eq. 1, to the letter. Its gradient vanishes when D is sure that the patch is
     * generated. Equation 1 is at its optimum when generated images look like real ones of any site: it asks for realism.
     */
    MINIMAX,
    /** L = -log(1 - p(K+1)): the same optimum with a gradient that does not vanish (Goodfellow et al., NIPS 2014). */
    NON_SATURATING,
    /**
     * L = -log softmax(1 - p)(K+1): the paper's program of 2019. Bounded, between 0.79 and 1.86 for two sites, and
     * flat where D is sure.
     */
    SOFTMAX_OF_COMPLEMENT,
    /** L = -log(1 - p(z) - p(K+1)): looks real, but of another site than it is from (the authors' later program). */
    NOT_OWN_SITE,
    /** L = -1/K Σ(k ≤ K) log p(k): looks real and of all sites alike, which is what "site-invariant" says. */
    CONFUSION
}
