package org.scanbridge.learning.architecture;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Carries weights between U-Nets with one set of norm parameters and with several, one per domain (Chang et al., CVPR
 * 2019). Nothing is computed: both networks give the same values for images of the domain.
 */
public final class NormSets {

    private NormSets() {
    }

    /**
     * Several sets that all begin as the only one.
     *
     * @param spec an architecture with one set
     * @param weights its weights
     * @param domains number of sets; at least 1
     * @return the weights of {@code spec.withDomains(domains)}
     * @throws IllegalArgumentException if there are several sets already, or the architecture cannot have any
     */
    public static Weights expand(final NetworkSpec spec, final Weights weights, final int domains) {
        if (spec.domains() != 1) {
            throw new IllegalArgumentException("The network has " + spec.domains() + " sets of norm parameters already.");
        }
        final Map<String, float[]> values = new LinkedHashMap<>(weights.values());
        final UNetPlan plan = new UNetPlan(spec.withDomains(domains));
        for (final Parameter p : plan.parameters()) {
            for (int domain = 1; domain < domains; domain++) {
                if (p.name().endsWith(UNetPlan.suffix(domain))) {
                    values.put(p.name(), weights.get(withoutSuffix(p.name(), domain)));
                }
            }
        }
        return new Weights(plan.parameters(), values);
    }

    /**
     * One set out of several.
     *
     * @param spec an architecture with several sets
     * @param weights its weights
     * @param domain whose set, from 0
     * @return the weights of {@code spec.withDomains(1)}
     * @throws IllegalArgumentException if there is no such domain
     */
    public static Weights fold(final NetworkSpec spec, final Weights weights, final int domain) {
        if (domain < 0 || domain >= spec.domains()) {
            throw new IllegalArgumentException(
                "Domain " + domain + " of a network with " + spec.domains() + " sets of norm parameters.");
        }
        final Map<String, float[]> values = new LinkedHashMap<>(weights.values());
        final UNetPlan plan = new UNetPlan(spec.withDomains(1));
        for (final Parameter p : plan.parameters()) {
            final String own = p.name() + UNetPlan.suffix(domain);
            if (weights.values().containsKey(own)) {
                values.put(p.name(), weights.get(own));
            }
        }
        return new Weights(plan.parameters(), values);
    }

    private static String withoutSuffix(final String name, final int domain) {
        return name.substring(0, name.length() - UNetPlan.suffix(domain).length());
    }
}
