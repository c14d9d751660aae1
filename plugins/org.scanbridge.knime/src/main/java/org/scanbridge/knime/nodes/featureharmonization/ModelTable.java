package org.scanbridge.knime.nodes.featureharmonization;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.knime.core.data.DataColumnSpec;
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
import org.scanbridge.imaging.harmonize.ComBatModel;
import org.scanbridge.imaging.harmonize.Term;
import org.scanbridge.knime.util.Columns;
import org.scanbridge.knime.util.RowName;

/** A {@link ComBatModel} as numbers in a table, one per row. Reading a written table gives the same model, bit for bit. */
final class ModelTable {

    private static final List<String> TEXTS = List.of("Feature", "Site", "Covariate", "Level", "Parameter");

    private static final String VALUE = "Value";

    private static final String MEAN = "mean";

    private static final String DEVIATION = "standard deviation";

    private static final String COEFFICIENT = "coefficient";

    private static final String SHIFT = "shift";

    private static final String RATIO = "variance ratio";

    static final DataTableSpec SPEC = spec();

    /** What is read of a feature. */
    private static final class Numbers {

        private final Map<String, Double> m_own = new TreeMap<>();

        /** By covariate, then by level; the level of a number is empty. */
        private final Map<String, Map<String, Double>> m_coefficients = new LinkedHashMap<>();

        /** By site, then by parameter. */
        private final Map<String, Map<String, Double>> m_effects = new TreeMap<>();
    }

    private ModelTable() {
    }

    private static DataTableSpec spec() {
        final List<DataColumnSpec> columns = new ArrayList<>();
        TEXTS.forEach(t -> columns.add(new DataColumnSpecCreator(t, StringCell.TYPE).createSpec()));
        columns.add(new DataColumnSpecCreator(VALUE, DoubleCell.TYPE).createSpec());
        return new DataTableSpec(columns.toArray(DataColumnSpec[]::new));
    }

    /** @throws InvalidSettingsException if a column is not there */
    static void check(final DataTableSpec spec) throws InvalidSettingsException {
        for (final String text : TEXTS) {
            Columns.index(spec, text, StringValue.class, "Apply model");
        }
        Columns.index(spec, VALUE, DoubleValue.class, "Apply model");
    }

    static BufferedDataTable write(final ComBatModel model, final ExecutionContext exec) {
        final BufferedDataContainer rows = exec.createDataContainer(SPEC);
        model.features().forEach((name, feature) -> {
            add(rows, feature.mean(), name, "", "", "", MEAN);
            add(rows, feature.standardDeviation(), name, "", "", "", DEVIATION);
            int c = 0;
            for (final Term term : model.terms()) {
                if (!term.isNominal()) {
                    add(rows, feature.coefficients().get(c++), name, "", term.name(), "", COEFFICIENT);
                    continue;
                }
                add(rows, 0, name, "", term.name(), term.levels().get(0), COEFFICIENT);
                for (final String level : term.levels().subList(1, term.levels().size())) {
                    add(rows, feature.coefficients().get(c++), name, "", term.name(), level, COEFFICIENT);
                }
            }
            feature.effects().forEach((site, effect) -> {
                add(rows, effect.shift(), name, site, "", "", SHIFT);
                add(rows, effect.varianceRatio(), name, site, "", "", RATIO);
            });
        });
        rows.close();
        return rows.getTable();
    }

    private static void add(final BufferedDataContainer rows, final double value, final String... texts) {
        rows.addRowToTable(new DefaultRow(RowKey.createRowKey(rows.size()), Columns.text(texts[0]), Columns.text(texts[1]),
            Columns.text(texts[2]), Columns.text(texts[3]), Columns.text(texts[4]), new DoubleCell(value)));
    }

    /**
     * Restores a model.
     *
     * @throws KNIMEException if numbers are missing, or do not fit together
     */
    static ComBatModel read(final BufferedDataTable table) throws KNIMEException {
        final int[] texts = TEXTS.stream().mapToInt(table.getDataTableSpec()::findColumnIndex).toArray();
        final int value = table.getDataTableSpec().findColumnIndex(VALUE);
        final Map<String, Numbers> features = new LinkedHashMap<>();
        for (final DataRow row : table) {
            final String feature = Columns.text(row, texts[0]);
            final String site = Columns.text(row, texts[1]);
            final String covariate = Columns.text(row, texts[2]);
            final String parameter = Columns.text(row, texts[4]);
            if (row.getCell(value).isMissing() || feature.isEmpty()) {
                throw new KNIMEException(RowName.first(row.getKey().getString()) + " of the model has no "
                    + (feature.isEmpty() ? "feature" : "value") + ". Connect the whole second output of a Feature Harmonization.");
            }
            final double number = ((DoubleValue)row.getCell(value)).getDoubleValue();
            final Numbers numbers = features.computeIfAbsent(feature, f -> new Numbers());
            final Double earlier;
            if (!covariate.isEmpty()) {
                earlier = numbers.m_coefficients.computeIfAbsent(covariate, c -> new LinkedHashMap<>())
                    .put(Columns.text(row, texts[3]), number);
            } else if (!site.isEmpty()) {
                earlier = numbers.m_effects.computeIfAbsent(site, s -> new TreeMap<>()).put(parameter, number);
            } else {
                earlier = numbers.m_own.put(parameter, number);
            }
            if (earlier != null) {
                throw new KNIMEException(RowName.first(row.getKey().getString()) + " of the model says again what the " + parameter
                    + " of \"" + feature + "\" is. Connect one model, not several in one table.");
            }
        }
        if (features.isEmpty()) {
            throw new KNIMEException("The model has no rows. Connect the second output of a Feature Harmonization that had"
                + " rows to learn from.");
        }
        return model(features);
    }

    private static ComBatModel model(final Map<String, Numbers> features) throws KNIMEException {
        final List<Term> terms = new ArrayList<>();
        features.values().iterator().next().m_coefficients
            .forEach((name, levels) -> terms.add(new Term(name, levels.containsKey("") ? List.of() : List.copyOf(levels.keySet()))));
        final Map<String, ComBatModel.Feature> read = new LinkedHashMap<>();
        for (final Map.Entry<String, Numbers> entry : features.entrySet()) {
            final String name = entry.getKey();
            final Numbers numbers = entry.getValue();
            final List<Double> coefficients = new ArrayList<>();
            for (final Term term : terms) {
                final Map<String, Double> levels = numbers.m_coefficients.getOrDefault(term.name(), Map.of());
                for (final String level : term.isNominal() ? term.levels().subList(1, term.levels().size()) : List.of("")) {
                    coefficients.add(required(levels, level, name, COEFFICIENT + " of " + term.name()));
                }
            }
            final Map<String, ComBatModel.Effect> effects = new TreeMap<>();
            for (final Map.Entry<String, Map<String, Double>> effect : numbers.m_effects.entrySet()) {
                final String at = " at site " + effect.getKey();
                effects.put(effect.getKey(), new ComBatModel.Effect(required(effect.getValue(), SHIFT, name, SHIFT + at),
                    required(effect.getValue(), RATIO, name, RATIO + at)));
            }
            read.put(name, new ComBatModel.Feature(required(numbers.m_own, MEAN, name, MEAN),
                required(numbers.m_own, DEVIATION, name, DEVIATION), coefficients, effects));
        }
        return new ComBatModel(read, terms);
    }

    private static double required(final Map<String, Double> numbers, final String key, final String feature, final String what)
        throws KNIMEException {
        final Double number = numbers.get(key);
        if (number == null) {
            throw new KNIMEException("The model lacks the " + what + " of the feature \"" + feature
                + "\". Connect the whole second output of a Feature Harmonization.");
        }
        return number;
    }
}
