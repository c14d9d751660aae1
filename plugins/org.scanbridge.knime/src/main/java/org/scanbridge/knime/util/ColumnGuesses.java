package org.scanbridge.knime.util;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

import org.knime.core.data.DataTableSpec;
import org.knime.core.data.DataValue;
import org.knime.core.data.StringValue;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.port.PortObject;
import org.knime.core.node.port.PortObjectSpec;
import org.knime.node.DefaultModel.ConfigureInput;
import org.knime.node.DefaultModel.ConfigureOutput;
import org.knime.node.DefaultModel.ExecuteInput;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.NodeParametersInput;
import org.knime.node.parameters.Widget;

/**
 * Fills in the columns that the user left blank, for one configure or execute.
 * <p>
 * KNIME configures a node as soon as it is added, when nothing is connected, and keeps the parameters it made then. So a
 * default that is found in the constructor is often blank and stays so; only a guess at every configure and execute finds
 * the column when the table is there at last. The stored settings stay blank: what is guessed follows the table.
 *
 * @param parameters a copy in which blank columns are filled in where the table has one that fits
 * @param message which columns were guessed where others were possible; empty if there was nothing to choose
 */
public record ColumnGuesses<P extends NodeParameters>(P parameters, String message) {

    /** A choice that was made for the user. */
    private record Guess(String setting, String column, boolean ambiguous) {
    }

    /**
     * The parameters of a node that is configured; tells the user what was guessed if something else was possible.
     *
     * @return a copy; blank where the table has no column that fits
     */
    public static <P extends NodeParameters> P in(final ConfigureInput input, final ConfigureOutput output) {
        final ColumnGuesses<P> guesses = of(input);
        if (!guesses.message.isEmpty()) {
            output.setWarningMessage(guesses.message);
        }
        return guesses.parameters;
    }

    /** As {@link #in(ConfigureInput, ConfigureOutput)}, for a node that has more to tell. */
    public static <P extends NodeParameters> ColumnGuesses<P> of(final ConfigureInput input) {
        final PortObjectSpec[] specs = input.getInPortSpecs();
        return of(input.<P> getParameters(), port -> specs[port] instanceof DataTableSpec table ? table : null);
    }

    /** The parameters of a node that is executed, with the same guesses as when it was configured. */
    public static <P extends NodeParameters> P in(final ExecuteInput input) {
        final PortObject[] objects = input.getInPortObjects();
        return of(input.<P> getParameters(),
            port -> objects[port] instanceof BufferedDataTable table ? table.getDataTableSpec() : null).parameters;
    }

    /**
     * @param original the parameters as stored; not changed
     * @param specs gives the table of an input port; null if it is not connected
     */
    static <P extends NodeParameters> ColumnGuesses<P> of(final P original, final IntFunction<DataTableSpec> specs) {
        final P copy = SettingFields.copy(original);
        final List<Guess> guesses = new ArrayList<>();
        fill(copy, specs, false, guesses);
        if (copy instanceof GuessedColumns dependent) {
            guesses.removeIf(g -> !dependent.reads(g.setting));
            dependent.columnsGuessed();
        }
        return new ColumnGuesses<>(copy, message(guesses));
    }

    private static String message(final List<Guess> guesses) {
        if (guesses.stream().noneMatch(Guess::ambiguous)) {
            return "";
        }
        return "Columns were guessed: "
            + String.join(", ", guesses.stream().map(g -> "\"" + g.setting + "\" is " + g.column).toList())
            + ". Choose others in the dialog if these are not meant.";
    }

    /**
     * Sets all column settings to what the tables offer: for the constructor of parameters of a node that is added with
     * its inputs connected.
     */
    public static void defaults(final NodeParameters parameters, final NodeParametersInput input) {
        fill(parameters, port -> input.getInTableSpec(port).orElse(null), true, new ArrayList<>());
    }

    private static void fill(final NodeParameters parameters, final IntFunction<DataTableSpec> specs,
        final boolean always, final List<Guess> guesses) {
        for (final Field field : SettingFields.of(parameters.getClass())) {
            final ColumnGuess rule = field.getAnnotation(ColumnGuess.class);
            if (rule != null && (always || isBlank((String)SettingFields.get(field, parameters)))) {
                final DataTableSpec spec = specs.apply(rule.port());
                final Guess guess = spec == null ? null : guess(spec, rule, field.getAnnotation(Widget.class).title());
                SettingFields.set(field, parameters, guess == null ? "" : guess.column);
                if (guess != null) {
                    guesses.add(guess);
                }
            } else if (SettingFields.get(field, parameters) instanceof NodeParameters group) {
                fill(group, specs, always, guesses);
            }
        }
    }

    private static boolean isBlank(final String name) {
        return name == null || name.isBlank();
    }

    /** @return null if the table has no column that could be meant */
    private static Guess guess(final DataTableSpec spec, final ColumnGuess rule, final String setting) {
        final List<String> candidates = Arrays.stream(rule.type()).map(type -> Columns.names(spec, type))
            .filter(names -> rule.otherwise() == ColumnGuess.Otherwise.NONE
                ? names.stream().anyMatch(n -> isNamed(n, rule)) : !names.isEmpty())
            .findFirst().orElse(List.of());
        final List<String> preferred = List.of(rule.names());
        for (final String name : preferred) {
            if (candidates.contains(name)) {
                return new Guess(setting, name, candidates.size() > 1 && !isText(rule.type()));
            }
        }
        for (final String name : preferred) {
            final List<String> same = candidates.stream().filter(name::equalsIgnoreCase).toList();
            if (!same.isEmpty()) {
                return new Guess(setting, same.get(0), candidates.size() > 1);
            }
        }
        if (candidates.isEmpty() || rule.otherwise() == ColumnGuess.Otherwise.NONE
            || rule.otherwise() == ColumnGuess.Otherwise.ONLY && candidates.size() > 1) {
            return null;
        }
        return new Guess(setting, candidates.get(rule.otherwise() == ColumnGuess.Otherwise.LAST ? candidates.size() - 1 : 0),
            candidates.size() > 1);
    }

    private static boolean isNamed(final String column, final ColumnGuess rule) {
        return Arrays.stream(rule.names()).anyMatch(column::equalsIgnoreCase);
    }

    /** A text column is told by its name, an image column only by what it holds. */
    private static boolean isText(final Class<? extends DataValue>[] types) {
        return types[0] == StringValue.class;
    }
}
