package org.scanbridge.learning.report;

import java.util.List;
import java.util.OptionalDouble;

/**
 * The scores as CSV (RFC 4180, comma, UTF-8, line feed). Numbers are written with all their digits, so that two runs
 * with the same result give the same bytes; a missing number is an empty field.
 */
public final class CsvTables {

    private CsvTables() {
    }

    /** Columns subject, site, role, domain, model, class, dice. */
    public static String scores(final List<ScoreRow> rows) {
        final StringBuilder csv = new StringBuilder("subject,site,role,domain,model,class,dice\n");
        for (final ScoreRow r : rows) {
            line(csv, r.subject(), r.site(), r.role(), r.domain(), r.model(), r.className(), text(r.dice()));
        }
        return csv.toString();
    }

    /** Columns normalization, class, jsd (nats). */
    public static String divergence(final List<DivergenceRow> rows) {
        final StringBuilder csv = new StringBuilder("normalization,class,jsd\n");
        for (final DivergenceRow r : rows) {
            line(csv, r.normalization(), r.className(), text(r.jsd()));
        }
        return csv.toString();
    }

    /** Columns site, role, model, class, images, lesions, detected, falsePositives, recall, precision, f1, cpm. */
    public static String lesions(final List<LesionScore> rows) {
        final StringBuilder csv = new StringBuilder(
            "site,role,model,class,images,lesions,detected,falsePositives,recall,precision,f1,cpm\n");
        for (final LesionScore r : rows) {
            line(csv, r.site(), r.role(), r.model(), r.className(), Integer.toString(r.images()),
                Integer.toString(r.reference()), Integer.toString(r.detected()), Integer.toString(r.falsePositives()),
                text(r.recall()), text(r.precision()), text(r.f1()), text(r.cpm()));
        }
        return csv.toString();
    }

    /** Columns site, role, model, class, threshold, falsePositives, sensitivity: a line per point. */
    public static String froc(final List<FrocCurve> curves) {
        final StringBuilder csv = new StringBuilder("site,role,model,class,threshold,falsePositives,sensitivity\n");
        for (final FrocCurve c : curves) {
            for (int p = 0; p < c.thresholds().length; p++) {
                line(csv, c.site(), c.role(), c.model(), c.className(), Double.toString(c.thresholds()[p]),
                    Double.toString(c.falsePositives()[p]), Double.toString(c.sensitivities()[p]));
            }
        }
        return csv.toString();
    }

    private static String text(final OptionalDouble value) {
        return value.isPresent() ? Double.toString(value.getAsDouble()) : "";
    }

    /**
     * Appends a line.
     *
     * @param fields quoted where they must be
     */
    public static void line(final StringBuilder csv, final String... fields) {
        for (int i = 0; i < fields.length; i++) {
            if (i > 0) {
                csv.append(',');
            }
            final String f = fields[i];
            if (f.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')) {
                csv.append('"').append(f.replace("\"", "\"\"")).append('"');
            } else {
                csv.append(f);
            }
        }
        csv.append('\n');
    }
}
