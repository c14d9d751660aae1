package org.scanbridge.imaging.harmonize;

import java.util.List;
import java.util.Objects;

/** What is known of each row beside its site, and whose effect on the features is to be kept. */
public sealed interface Covariate {

    /** What messages call it: the name of its column. */
    String name();

    /** Number of rows. */
    int rows();

    /**
     * A number, such as an age; its effect is a line.
     *
     * @param name not blank
     * @param values one per row, finite; not copied, must not be changed afterwards
     */
    record Numeric(String name, double... values) implements Covariate {

        /** @throws IllegalArgumentException if a value is not finite */
        public Numeric {
            Objects.requireNonNull(name, "name");
            for (final double v : values) {
                if (!Double.isFinite(v)) {
                    throw new IllegalArgumentException("covariate \"" + name + "\" has the value " + v
                        + ". Leave rows without a value out.");
                }
            }
        }

        @Override
        public int rows() {
            return values.length;
        }
    }

    /**
     * One of several values, such as a sex or a diagnosis; each has an effect of its own.
     *
     * @param name not blank
     * @param values one per row, none empty
     */
    record Nominal(String name, List<String> values) implements Covariate {

        /** @throws IllegalArgumentException if a value is empty */
        public Nominal {
            Objects.requireNonNull(name, "name");
            values = List.copyOf(values);
            if (values.contains("")) {
                throw new IllegalArgumentException("covariate \"" + name + "\" has an empty value."
                    + " Leave rows without a value out.");
            }
        }

        @Override
        public int rows() {
            return values.size();
        }
    }
}
