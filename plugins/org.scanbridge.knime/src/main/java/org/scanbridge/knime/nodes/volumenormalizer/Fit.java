package org.scanbridge.knime.nodes.volumenormalizer;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.StringValue;
import org.knime.core.data.container.CloseableRowIterator;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.InvalidSettingsException;
import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.normalize.Clahe;
import org.scanbridge.imaging.normalize.Normalizer;
import org.scanbridge.imaging.normalize.NyulNormalizer;
import org.scanbridge.imaging.normalize.QuantileMatching;
import org.scanbridge.imaging.normalize.Sample;
import org.scanbridge.imaging.normalize.Unusable;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.knime.util.RowName;
import org.scanbridge.knime.util.RowProblems;

import net.imglib2.parallel.TaskExecutors;

/** Makes a normalizer from the settings and, where the method learns, from the rows to fit to. */
final class Fit {

    private final VolumeNormalizerParameters m_parameters;

    private final SampleColumns m_columns;

    private final Predicate<DataRow> m_chosen;

    /** Rows that nothing can be learned from. */
    private final RowProblems m_unusable = new RowProblems("fitted to");

    /** Their sites. */
    private final Set<String> m_unusableSites = new TreeSet<>();

    /** Rows with an image that could be fitted to. */
    private long m_wanted;

    /** @throws InvalidSettingsException if a column that is needed is not there */
    Fit(final VolumeNormalizerParameters parameters, final DataTableSpec spec) throws InvalidSettingsException {
        m_parameters = parameters;
        m_columns = SampleColumns.of(parameters, spec);
        if (parameters.learns() && parameters.m_fitRows == FitRows.MARKED) {
            final int marking = Columns.index(spec, parameters.m_fitColumn, StringValue.class, "Marking column");
            m_chosen = row -> Columns.text(row, marking).equals(parameters.m_fitValue);
        } else {
            m_chosen = row -> true;
        }
    }

    /**
     * @param table the rows to fit to; read only if the method learns, one image at a time
     * @param progress learns of the images
     * @throws ImagingException if there is no image to fit to, or one has no foreground
     */
    Normalizer normalizer(final BufferedDataTable table, final Progress progress) {
        return switch (m_parameters.m_method) {
            case NONE -> Sample::image;
            case CLAHE_SLICES, CLAHE_VOLUME -> new Clahe(
                m_parameters.m_clahe.settings(m_parameters.m_method, m_parameters.m_foreground.foreground()),
                TaskExecutors.multiThreaded());
            case BIAS_FIELD -> m_parameters.m_biasField.correction(m_parameters.m_foreground.foreground());
            case N4 -> m_parameters.m_n4.correction(m_parameters.m_foreground.foreground());
            case Z_SCORE, MIN_MAX, PERCENTILE, CLIPPED_Z_SCORE, ROBUST, NYUL, QUANTILE_MATCHING -> learned(table, progress);
        };
    }

    private Normalizer learned(final BufferedDataTable table, final Progress progress) {
        final String wanted = m_parameters.m_referenceRow == null ? "" : m_parameters.m_referenceRow.strip();
        final boolean one = m_parameters.m_method == Method.QUANTILE_MATCHING && !wanted.isEmpty();
        try (Samples samples =
            new Samples(table, one ? m_chosen.and(r -> r.getKey().getString().equals(wanted)) : m_chosen, progress)) {
            if (m_parameters.learns() && !samples.hasNext()) {
                if (m_unusable.count() > 0) {
                    throw new ImagingException(m_unusable.failure());
                }
                throw new ImagingException(one
                    ? "The rows to fit to have no " + RowName.of(wanted) + " with an image to take as reference. Check"
                        + " \"Row of the reference image\"."
                    : "There is no image to learn the scale from"
                        + (m_parameters.m_fitRows == FitRows.MARKED ? ": no row with an image has \""
                            + m_parameters.m_fitValue + "\" in column \"" + m_parameters.m_fitColumn + "\"." : ".")
                        + " Check the section Fitting and its table.");
            }
            return fitted(samples, one);
        } catch (final ImagingException e) {
            // that no image is left says less than what was wrong with the first
            throw m_unusable.count() > 0 && m_unusable.count() == m_wanted ? new ImagingException(m_unusable.failure()) : e;
        }
    }

    private Normalizer fitted(final Samples samples, final boolean one) {
        return switch (m_parameters.m_method) {
            case NYUL -> NyulNormalizer.fit(() -> samples, m_parameters.m_foreground.foreground(),
                m_parameters.m_background.background(), NyulNormalizer.PERCENTS, samples);
            case QUANTILE_MATCHING -> reference(samples, one);
            default -> m_parameters.line().fit(() -> samples, samples);
        };
    }

    /** @param named whether the reference is the only one that was asked for */
    private Normalizer reference(final Samples samples, final boolean named) {
        while (true) {
            final Sample reference = samples.next();
            try {
                return QuantileMatching.toReference(reference, m_parameters.m_foreground.foreground(),
                    m_parameters.m_background.background(), QuantileMatching.DEFAULT_QUANTILES);
            } catch (final ImagingException e) {
                if (named || !samples.hasNext()) {
                    throw e;
                }
                samples.leaveOut(reference, e);
            }
        }
    }

    /** What was left out of fitting, for the node's warning. */
    Optional<String> warning() {
        return m_unusable.warning(m_wanted);
    }

    /** Whether all that is wrong with a site is that none of its images could be fitted to. */
    boolean hasLeftOut(final String site) {
        return m_unusableSites.contains(site);
    }

    /** The images of the chosen rows, one after the other; rows without an image are left out. */
    private final class Samples implements Iterator<Sample>, Unusable, AutoCloseable {

        private final CloseableRowIterator m_rows;

        private final long m_count;

        private final Predicate<DataRow> m_wanted;

        private final Progress m_progress;

        private long m_seen;

        private DataRow m_next;

        private DataRow m_present;

        Samples(final BufferedDataTable table, final Predicate<DataRow> wanted, final Progress progress) {
            m_rows = table.iterator();
            m_count = table.size();
            m_wanted = wanted;
            m_progress = progress;
            advance();
        }

        private void advance() {
            m_next = null;
            while (m_next == null && m_rows.hasNext()) {
                final DataRow row = m_rows.next();
                m_seen++;
                if (!row.getCell(m_columns.image()).isMissing() && m_wanted.test(row)) {
                    Fit.this.m_wanted++;
                    final Optional<String> problem = m_columns.problem(row);
                    problem.ifPresent(reason -> leaveOut(row, reason));
                    m_next = problem.isPresent() ? null : row;
                }
            }
        }

        /** One bad image must not cost the others. */
        @Override
        public void leaveOut(final Sample sample, final ImagingException why) {
            leaveOut(m_present, why.getMessage());
        }

        private void leaveOut(final DataRow row, final String reason) {
            m_unusable.add(row.getKey().getString(), reason);
            m_unusableSites.add(m_columns.site() < 0 ? "" : Columns.text(row, m_columns.site()));
        }

        @Override
        public boolean hasNext() {
            return m_next != null;
        }

        @Override
        public Sample next() {
            if (m_next == null) {
                throw new NoSuchElementException();
            }
            m_present = m_next;
            final DataRow row = m_present;
            m_progress.report((double)(m_seen - 1) / m_count, "Fitting to image " + m_seen + " of " + m_count);
            advance();
            return m_columns.sample(row);
        }

        @Override
        public void close() {
            m_rows.close();
        }
    }
}
