package org.scanbridge.knime.nodes.volumenormalizer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataRow;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DoubleValue;
import org.knime.core.data.RowKey;
import org.knime.core.data.StringValue;
import org.knime.core.data.def.DefaultRow;
import org.knime.core.data.def.DoubleCell;
import org.knime.core.data.def.StringCell;
import org.knime.core.node.BufferedDataContainer;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.ExecutionContext;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.KNIMEException;
import org.scanbridge.imaging.normalize.FittedNormalizer;
import org.scanbridge.imaging.normalize.IntensityMap;
import org.scanbridge.imaging.normalize.Normalizer;
import org.scanbridge.imaging.normalize.NyulNormalizer;
import org.scanbridge.imaging.normalize.QuantileMatching;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.knime.util.RowName;

/**
 * What a normalization has learned from images, as numbers in a table: one row per number, with the site it holds for.
 * Reading a written table gives the same normalizer, bit for bit.
 */
final class LearnedScale {

    static final String NORMALIZATION = "Normalization";

    static final String SITE = "Site";

    static final String PARAMETER = "Parameter";

    static final String VALUE = "Value";

    private static final String BACKGROUND = "background";

    private static final List<String> LINE = List.of("lower bound", "upper bound", "shift", "scale", "offset");

    private LearnedScale() {
    }

    static DataTableSpec spec() {
        return new DataTableSpec(new DataColumnSpecCreator(NORMALIZATION, StringCell.TYPE).createSpec(),
            new DataColumnSpecCreator(SITE, StringCell.TYPE).createSpec(),
            new DataColumnSpecCreator(PARAMETER, StringCell.TYPE).createSpec(),
            new DataColumnSpecCreator(VALUE, DoubleCell.TYPE).createSpec());
    }

    /** @throws InvalidSettingsException if a column is not there */
    static void check(final DataTableSpec spec) throws InvalidSettingsException {
        for (final String name : List.of(NORMALIZATION, SITE, PARAMETER)) {
            Columns.index(spec, name, StringValue.class, "Learned scale");
        }
        Columns.index(spec, VALUE, DoubleValue.class, "Learned scale");
    }

    /** The numbers of a normalizer as a table; without rows if it has learned nothing from other images. */
    static BufferedDataTable write(final Normalizer normalizer, final String description, final ExecutionContext exec) {
        final BufferedDataContainer rows = exec.createDataContainer(spec());
        numbers(normalizer).forEach((site, numbers) -> numbers.forEach((name, value) -> {
            // A bound that is infinite is none.
            if (Double.isFinite(value)) {
                rows.addRowToTable(new DefaultRow(RowKey.createRowKey(rows.size()), new StringCell(description),
                    Columns.text(site), new StringCell(name), new DoubleCell(value)));
            }
        }));
        rows.close();
        return rows.getTable();
    }

    /** By site, empty for all sites, then by name. */
    private static Map<String, Map<String, Double>> numbers(final Normalizer normalizer) {
        final Map<String, Map<String, Double>> numbers = new TreeMap<>();
        if (normalizer instanceof FittedNormalizer fitted) {
            fitted.maps().forEach((site, map) -> numbers.put(site, named(LINE,
                List.of(map.lower(), map.upper(), map.shift(), map.scale(), map.offset()))));
        } else if (normalizer instanceof NyulNormalizer nyul) {
            numbers.put("", named(landmarks(), nyul.standard()));
        } else if (normalizer instanceof QuantileMatching matching) {
            final Map<String, Double> named = named(quantiles(matching.reference().size()), matching.reference());
            named.put(BACKGROUND, matching.backgroundValue());
            numbers.put("", named);
        }
        return numbers;
    }

    private static Map<String, Double> named(final List<String> names, final List<Double> values) {
        final Map<String, Double> numbers = new LinkedHashMap<>();
        for (int n = 0; n < names.size(); n++) {
            numbers.put(names.get(n), values.get(n));
        }
        return numbers;
    }

    private static List<String> landmarks() {
        return NyulNormalizer.PERCENTS.stream().map(p -> "landmark at " + p.intValue() + " %").toList();
    }

    private static List<String> quantiles(final int count) {
        return IntStream.range(0, count).mapToObj(q -> "quantile " + q + " of " + (count - 1)).toList();
    }

    /**
     * Restores a normalizer.
     *
     * @throws KNIMEException if the table was written with other settings, or numbers are missing
     */
    static Normalizer read(final BufferedDataTable table, final VolumeNormalizerParameters parameters)
        throws KNIMEException {
        final Map<String, Map<String, Double>> numbers = new TreeMap<>();
        final DataTableSpec spec = table.getDataTableSpec();
        for (final DataRow row : table) {
            final String description = Columns.text(row, spec.findColumnIndex(NORMALIZATION));
            if (!description.equals(parameters.description())) {
                throw new KNIMEException("The learned scale is \"" + description + "\", the settings say \""
                    + parameters.description() + "\". Choose the settings that the scale was learned with.");
            }
            final int value = spec.findColumnIndex(VALUE);
            if (row.getCell(value).isMissing()) {
                throw new KNIMEException(RowName.first(row.getKey().getString()) + " of the learned scale has no value.");
            }
            numbers.computeIfAbsent(Columns.text(row, spec.findColumnIndex(SITE)), s -> new LinkedHashMap<>())
                .put(Columns.text(row, spec.findColumnIndex(PARAMETER)),
                    ((DoubleValue)row.getCell(value)).getDoubleValue());
        }
        if (numbers.isEmpty()) {
            throw new KNIMEException("The learned scale has no rows. Connect the second output of a Volume Normalizer"
                + " that learned one.");
        }
        return switch (parameters.m_method) {
            case NYUL -> new NyulNormalizer(parameters.m_foreground.foreground(),
                parameters.m_background.background(), values(numbers.getOrDefault("", Map.of()), landmarks()));
            case QUANTILE_MATCHING -> matching(numbers.getOrDefault("", Map.of()), parameters);
            default -> {
                final Map<String, IntensityMap> maps = new TreeMap<>();
                for (final Map.Entry<String, Map<String, Double>> site : numbers.entrySet()) {
                    maps.put(site.getKey(), line(site.getValue()));
                }
                yield new FittedNormalizer(parameters.line(), maps);
            }
        };
    }

    private static Normalizer matching(final Map<String, Double> numbers, final VolumeNormalizerParameters parameters)
        throws KNIMEException {
        final List<Double> reference = values(numbers, quantiles(QuantileMatching.DEFAULT_QUANTILES));
        // Scales that were written before the background's value was learned hold none; they put the minimum there.
        return new QuantileMatching(parameters.m_foreground.foreground(), parameters.m_background.background(),
            reference, numbers.getOrDefault(BACKGROUND, reference.get(0)));
    }

    private static IntensityMap line(final Map<String, Double> given) throws KNIMEException {
        final Map<String, Double> numbers = new LinkedHashMap<>(given);
        numbers.putIfAbsent(LINE.get(0), Double.NEGATIVE_INFINITY);
        numbers.putIfAbsent(LINE.get(1), Double.POSITIVE_INFINITY);
        final List<Double> v = values(numbers, LINE);
        return new IntensityMap(v.get(0), v.get(1), v.get(2), v.get(3), v.get(4));
    }

    private static List<Double> values(final Map<String, Double> numbers, final List<String> names)
        throws KNIMEException {
        final List<Double> values = new ArrayList<>();
        for (final String name : names) {
            final Double value = numbers.get(name);
            if (value == null) {
                throw new KNIMEException("The learned scale lacks the parameter \"" + name
                    + "\". Connect the whole second output of the Volume Normalizer that learned it.");
            }
            values.add(value);
        }
        return values;
    }
}
