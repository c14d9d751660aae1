package org.scanbridge.imaging.harmonize;

import java.util.List;
import java.util.TreeSet;

import org.scanbridge.imaging.ImagingException;

/**
 * How a covariate stands in the linear model: a number as itself, one of several values as one column of 0 and 1 for each
 * value but the first in alphabetical order.
 *
 * @param name of the covariate
 * @param levels its values in alphabetical order; empty for a number
 */
public record Term(String name, List<String> levels) {

    /** Copies the levels. */
    public Term {
        levels = List.copyOf(levels);
    }

    static Term of(final Covariate covariate) {
        return new Term(covariate.name(),
            covariate instanceof Covariate.Nominal nominal ? List.copyOf(new TreeSet<>(nominal.values())) : List.of());
    }

    /** Whether it is one of several values. */
    public boolean isNominal() {
        return !levels.isEmpty();
    }

    /** Number of columns. */
    public int columns() {
        return isNominal() ? levels.size() - 1 : 1;
    }

    /**
     * The entries of a covariate in the linear model.
     *
     * @param rows with one value per row
     * @param to by row, then by column; filled in from a column on
     * @throws ImagingException if the covariate is of the other kind, or has a value that is none of the levels
     */
    void fill(final Covariate rows, final double[][] to, final int from) {
        if (rows instanceof Covariate.Nominal != isNominal()) {
            throw new ImagingException("Covariate \"" + name + "\" holds " + (isNominal() ? "numbers, but the model was fitted to"
                + " texts" : "texts, but the model was fitted to numbers")
                + ". Connect a table with the same kind of column, or fit a new model.");
        }
        for (int r = 0; r < to.length; r++) {
            if (!isNominal()) {
                to[r][from] = ((Covariate.Numeric)rows).values()[r];
                continue;
            }
            final String value = ((Covariate.Nominal)rows).values().get(r);
            final int level = levels.indexOf(value);
            if (level < 0) {
                throw new ImagingException("Covariate \"" + name + "\" has the value \"" + value
                    + "\", which the model does not know; it knows " + String.join(", ", levels)
                    + ". Filter such rows out, or fit a new model with rows that have it.");
            }
            if (level > 0) {
                to[r][from + level - 1] = 1;
            }
        }
    }
}
