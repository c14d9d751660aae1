package org.scanbridge.knime.nodes.intensitydivergencescorer;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.StringValue;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.ExecutionContext;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.KNIMEException;
import org.knime.core.node.port.PortObject;
import org.knime.node.DefaultModel.ExecuteOutput;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.labels.IgnoredVoxels;
import org.scanbridge.imaging.metrics.Histogram;
import org.scanbridge.imaging.metrics.HistogramRange;
import org.scanbridge.imaging.metrics.JensenShannonDivergence;
import org.scanbridge.imaging.metrics.SiteDivergence;
import org.scanbridge.imaging.metrics.SiteIntensities;
import org.scanbridge.imaging.metrics.SiteWeight;
import org.scanbridge.imaging.normalize.Sample;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.knime.data.LabelVolumeValue;
import org.scanbridge.knime.data.VolumeValue;
import org.scanbridge.knime.nodes.intensitydivergencescorer.DivergenceTable.ImageColumn;
import org.scanbridge.knime.nodes.intensitydivergencescorer.DivergenceTable.Measured;
import org.scanbridge.knime.nodes.intensitydivergencescorer.IntensityDivergenceScorerParameters.Range;
import org.scanbridge.knime.nodes.intensitydivergencescorer.IntensityDivergenceScorerParameters.Voxels;
import org.scanbridge.knime.nodes.intensitydivergencescorer.IntensityDivergenceScorerParameters.Weights;
import org.scanbridge.knime.util.ClassNames;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.knime.util.HeapNeed;
import org.scanbridge.knime.util.KnimeProgress;
import org.scanbridge.knime.util.NodeMemory;
import org.scanbridge.knime.util.NotAnnotated;
import org.scanbridge.knime.util.RowName;

/** One execution of the Intensity Divergence Scorer, image column by image column. */
final class DivergenceScoring {

    private final IntensityDivergenceScorerParameters m_parameters;

    private final DataTableSpec m_spec;

    private final int m_segmentation;

    private final int m_site;

    private final List<String> m_images;

    private final NotAnnotated m_notAnnotated;

    /** What was found in one image column. */
    private static final class Found {

        /** The voxels of segmented images, by class. */
        private final SiteIntensities m_byClass = new SiteIntensities();

        /** The voxels of the overall divergence. */
        private final SiteIntensities m_overall = new SiteIntensities();

        private long m_missing;

        private long m_unlabeled;
    }

    /** @throws InvalidSettingsException if a column is not there */
    DivergenceScoring(final IntensityDivergenceScorerParameters parameters, final DataTableSpec spec)
        throws InvalidSettingsException {
        m_parameters = parameters;
        m_spec = spec;
        m_segmentation = parameters.m_voxels == Voxels.SEGMENTED
            ? Columns.index(spec, parameters.m_segmentationColumn, LabelVolumeValue.class, "Segmentation column")
            : Columns.optionalIndex(spec, parameters.m_segmentationColumn, LabelVolumeValue.class,
                "Segmentation column");
        m_site = Columns.index(spec, parameters.m_siteColumn, StringValue.class, "Site column");
        m_notAnnotated = NotAnnotated.of(parameters.m_notAnnotated);
        m_images = Columns.names(spec, VolumeValue.class);
        if (m_images.isEmpty()) {
            throw new InvalidSettingsException("The table has no column with images; connect a table that has one, such"
                + " as the DICOM Reader's.");
        }
    }

    /** Fills the output tables. */
    void run(final BufferedDataTable table, final ExecutionContext exec, final ExecuteOutput out)
        throws InvalidSettingsException, KNIMEException {
        final Progress progress = new KnimeProgress(exec);
        final DivergenceTable divergences = new DivergenceTable(exec);
        final HistogramTable histograms = new HistogramTable(exec);
        final PairTable pairs = new PairTable(exec);
        long leftOut = 0;
        requireMemory(table);
        if (table.size() > 0) {
            m_notAnnotated.checkSegmentations(segmentations(table));
            final LabelSet labels = labels(table);
            requireSeveralSites(table);
            requireWeights(table);
            for (int c = 0; c < m_images.size(); c++) {
                final String column = m_images.get(c);
                final Found found = collect(table, column,
                    progress.part((double)c / m_images.size(), (c + 1.0) / m_images.size()));
                requireEverySite(table, column, found);
                leftOut = Math.max(leftOut, found.m_missing + found.m_unlabeled);
                score(column, found, labels, new Tables(divergences, histograms, pairs), progress);
            }
        }
        final BufferedDataTable measured = divergences.close();
        final BufferedDataTable curves = histograms.close();
        out.setOutData(0, measured);
        out.setOutData(1, curves);
        out.setOutData(2, pairs.close());
        out.setInternalData(new PortObject[]{measured, curves});
        if (table.size() == 0) {
            out.setWarningMessage("The input table has no rows; nothing was compared.");
        } else if (leftOut > 0) {
            out.setWarningMessage(leftOut + " of " + table.size() + " rows have no image or no segmentation and were"
                + " left out, see column Missing.");
        }
    }

    /** At least: of what is counted within segmentations, the masks tell how much there is. */
    private void requireMemory(final BufferedDataTable table) throws KNIMEException {
        for (final String name : m_images) {
            final int column = m_spec.findColumnIndex(name);
            HeapNeed.ofRows(table, row -> row.getCell(column).isMissing() ? 0
                : NodeMemory.DIVERGENCE.bytes(((VolumeValue)row.getCell(column)).geometry().voxelCount(), 0)).require();
        }
    }

    private List<LabelVolumeValue> segmentations(final BufferedDataTable table) {
        final List<LabelVolumeValue> segmentations = new ArrayList<>();
        for (final DataRow row : table) {
            if (m_segmentation >= 0 && !row.getCell(m_segmentation).isMissing()) {
                segmentations.add((LabelVolumeValue)row.getCell(m_segmentation));
            }
        }
        return segmentations;
    }

    private LabelSet labels(final BufferedDataTable table) {
        final ClassNames names = new ClassNames();
        for (final DataRow row : table) {
            if (m_segmentation >= 0 && !row.getCell(m_segmentation).isMissing()) {
                final LabelSet labels = ((LabelVolumeValue)row.getCell(m_segmentation)).labels();
                final SortedMap<Integer, String> annotated = new TreeMap<>(labels.names());
                annotated.keySet().removeAll(m_notAnnotated.values(labels));
                names.add(new LabelSet(annotated),
                    RowName.of(row.getKey().getString()) + " (site " + Columns.text(row, m_site) + ")");
            }
        }
        return names.labels();
    }

    private TreeSet<String> sites(final BufferedDataTable table) {
        final TreeSet<String> sites = new TreeSet<>();
        for (final DataRow row : table) {
            sites.add(Columns.text(row, m_site));
        }
        return sites;
    }

    private void requireSeveralSites(final BufferedDataTable table) throws KNIMEException {
        final TreeSet<String> sites = sites(table);
        if (sites.contains("")) {
            throw new KNIMEException("A row has no site in column \"" + m_parameters.m_siteColumn
                + "\". Fill it, or filter the row out.");
        }
        if (sites.size() < 2) {
            throw new KNIMEException("All images come from site " + sites.first()
                + "; a divergence needs images of at least 2 sites. Add images of another site.");
        }
    }

    private void requireWeights(final BufferedDataTable table) throws KNIMEException {
        if (m_parameters.m_weights == Weights.GIVEN) {
            final TreeSet<String> without = sites(table);
            without.removeAll(m_parameters.givenWeights().keySet());
            if (!without.isEmpty()) {
                throw new KNIMEException("Site " + without.first() + " has no weight. Add it to \"Weights\", or filter"
                    + " the site out.");
            }
        }
    }

    private Found collect(final BufferedDataTable table, final String column, final Progress progress) {
        final Found found = new Found();
        final int imageColumn = m_spec.findColumnIndex(column);
        long seen = 0;
        for (final DataRow row : table) {
            progress.report((double)seen++ / table.size(),
                "Counting \"" + column + "\", row " + seen + " of " + table.size());
            final boolean labeled = m_segmentation >= 0 && !row.getCell(m_segmentation).isMissing();
            if (row.getCell(imageColumn).isMissing()) {
                found.m_missing++;
                continue;
            }
            if (!labeled && m_parameters.m_voxels == Voxels.SEGMENTED) {
                found.m_unlabeled++;
                continue;
            }
            final String site = Columns.text(row, m_site);
            final Volume image = ((VolumeValue)row.getCell(imageColumn)).volume();
            if (labeled) {
                final LabelVolume segmentation = ((LabelVolumeValue)row.getCell(m_segmentation)).labelVolume();
                found.m_byClass.add(site, image,
                    IgnoredVoxels.without(segmentation, segmentation, m_notAnnotated.values(segmentation.labels())));
            }
            if (m_parameters.m_voxels != Voxels.SEGMENTED) {
                found.m_overall.add(site, image, foreground(image));
            }
        }
        return found;
    }

    /** The foreground as a segmentation of one class. */
    private LabelVolume foreground(final Volume image) {
        final BitSet voxels = m_parameters.m_voxels.foreground().of(Sample.of(image));
        final byte[] mask = new byte[image.voxels().length];
        for (int v = voxels.nextSetBit(0); v >= 0; v = voxels.nextSetBit(v + 1)) {
            mask[v] = 1;
        }
        return new LabelVolume(mask, image.geometry(), image.info(), LabelSet.of());
    }

    private void requireEverySite(final BufferedDataTable table, final String column, final Found found)
        throws KNIMEException {
        final TreeSet<String> without = sites(table);
        overall(found).sites().forEach(without::remove);
        if (!without.isEmpty()) {
            final String wayOut = m_parameters.m_voxels == Voxels.SEGMENTED
                ? ": an image and a segmentation are needed. Choose another rule for \"Overall divergence counts\", or"
                    + " filter the site out."
                : ". Filter the site out.";
            throw new KNIMEException(
                "Site " + without.first() + " has no usable image in column \"" + column + "\"" + wayOut);
        }
    }

    private SiteIntensities overall(final Found found) {
        return m_parameters.m_voxels == Voxels.SEGMENTED ? found.m_byClass : found.m_overall;
    }

    /** The outputs. */
    private record Tables(DivergenceTable divergences, HistogramTable histograms, PairTable pairs) {
    }

    private void score(final String column, final Found found, final LabelSet labels, final Tables tables,
        final Progress progress) {
        final ImageColumn image = ImageColumn.of(m_spec.getColumnSpec(column));
        final long missing = found.m_missing + found.m_unlabeled;
        final SiteIntensities overallIntensities = overall(found);
        final SiteDivergence overall = divergence(overallIntensities);
        add(image, missing, DivergenceTable.OVERALL, overall.overall(), overall.histograms(), overallIntensities, tables);
        if (found.m_byClass.sites().size() < 2) {
            return;
        }
        // With segmented tissue it is the same; else classes keep a range of their own voxels.
        final SiteDivergence byClass = overallIntensities == found.m_byClass ? overall : divergence(found.m_byClass);
        final double end = (double)(m_images.indexOf(column) + 1) / m_images.size();
        byClass.perClass().forEach((label, jsd) -> {
            progress.report(end, "Comparing sites in \"" + column + "\": " + labels.name(label));
            add(image, missing, labels.name(label), jsd, byClass.classHistograms().get(label), found.m_byClass, tables);
        });
    }

    private SiteDivergence divergence(final SiteIntensities intensities) {
        final HistogramRange range = m_parameters.m_range == Range.FIXED
            ? new HistogramRange(m_parameters.m_minimum, m_parameters.m_maximum, m_parameters.m_bins)
            : intensities.pooledRange(m_parameters.m_bins);
        return SiteDivergence.of(intensities, range, m_parameters.m_logarithm.divergence(), weight(intensities));
    }

    private SiteWeight weight(final SiteIntensities intensities) {
        return switch (m_parameters.m_weights) {
            case EQUAL -> SiteWeight.EQUAL;
            case VOXELS -> SiteWeight.VOXELS;
            case IMAGES -> (site, histogram) -> intensities.images(site);
            case GIVEN -> {
                final Map<String, Double> weights = m_parameters.givenWeights();
                yield (site, histogram) -> weights.get(site);
            }
        };
    }

    private void add(final ImageColumn image, final long missing, final String className, final OptionalDouble jsd,
        final Map<String, Histogram> histograms, final SiteIntensities intensities, final Tables tables) {
        final SiteWeight weight = weight(intensities);
        final JensenShannonDivergence divergence = m_parameters.m_logarithm.divergence();
        tables.divergences.add(image, missing, new Measured(className, jsd,
            divergence.bound(SiteDivergence.weights(histograms, weight)), m_parameters.m_logarithm.unit(), histograms));
        tables.histograms.add(image.name(), className, histograms);
        tables.pairs.add(image.name(), className, histograms, divergence, weight);
    }
}
