package org.scanbridge.knime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knime.core.data.RowKey;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.port.PortObject;
import org.knime.core.standin.HostOnly;
import org.knime.core.standin.SinceKnime;
import org.knime.node.DefaultModel.ConfigureOrRearrangerConsumer;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.updates.Effect;
import org.knime.node.parameters.updates.Effect.EffectType;
import org.knime.node.parameters.updates.EffectPredicateProvider;
import org.knime.node.parameters.widget.choices.SuggestionsProvider;

/**
 * Our class files run unchanged on several versions of KNIME as long as each has the symbols we link to. They are
 * written down in {@code knime-symbols.txt}, so that nobody uses a new one unnoticed: whoever does looks up that
 * KNIME 5.8 and the newest version both have it, and then has the list rewritten with
 * {@code -Dscanbridge.rewriteKnimeSymbols=true}.
 */
class KnimeSymbolsTest {

    private static final Path MODULE = Path.of(System.getProperty("basedir", "."));

    private static final Path LIST = MODULE.resolve("src/test/resources/knime-symbols.txt");

    private static SortedSet<String> used() throws IOException {
        return KnimeSymbols.usedBy(MODULE.resolve("target/classes"), KnimeSymbolsTest.class.getClassLoader());
    }

    @Test
    void theListOfSymbolsIsUpToDate() throws IOException {
        final SortedSet<String> used = used();
        if (Boolean.getBoolean("scanbridge.rewriteKnimeSymbols")) {
            Files.createDirectories(LIST.getParent());
            Files.write(LIST, used);
            return;
        }
        final SortedSet<String> listed = new TreeSet<>(Files.readAllLines(LIST));
        final SortedSet<String> difference = new TreeSet<>();
        used.stream().filter(symbol -> !listed.contains(symbol)).forEach(symbol -> difference.add("+ " + symbol));
        listed.stream().filter(symbol -> !used.contains(symbol)).forEach(symbol -> difference.add("- " + symbol));
        if (!difference.isEmpty()) {
            fail("The symbols of KNIME that this bundle uses have changed:\n  " + String.join("\n  ", difference)
                + "\nMake sure that KNIME 5.8 and the newest version have those with +, then run this test with"
                + " -Dscanbridge.rewriteKnimeSymbols=true and commit " + LIST.getFileName() + ".");
        }
    }

    /** Uses KNIME in every way that byte code knows. */
    @SuppressWarnings("unused")
    private static final class Sample implements NodeParameters {

        @Widget(title = "t", description = "d")
        @Effect(predicate = EffectPredicateProvider.class, type = EffectType.SHOW)
        int m_n;

        @Override
        public void validate() throws InvalidSettingsException {
            final ConfigureOrRearrangerConsumer<String, String> lambda = (in, out) -> {
            };
            if (PortObject[].class.getName().equals(System.getProperty("n"))) {
                throw new InvalidSettingsException("n " + RowKey.createRowKey(1L));
            }
            NodeParameters.super.validate();
        }
    }

    @Test
    void findsEveryKindOfUse(@TempDir final Path folder) throws IOException {
        final String name = Sample.class.getName().replace('.', '/') + ".class";
        try (InputStream in = getClass().getClassLoader().getResourceAsStream(name)) {
            Files.copy(in, folder.resolve("Sample.class"));
        }
        assertEquals(List.of("annotation org.knime.node.parameters.Widget#description",
            "annotation org.knime.node.parameters.Widget#title",
            "annotation org.knime.node.parameters.updates.Effect#predicate",
            "annotation org.knime.node.parameters.updates.Effect#type",
            "field org.knime.node.parameters.updates.Effect$EffectType.SHOW"
                + " Lorg/knime/node/parameters/updates/Effect$EffectType;",
            "method org.knime.core.data.RowKey.createRowKey(J)Lorg/knime/core/data/RowKey;",
            "method org.knime.core.node.InvalidSettingsException.<init>(Ljava/lang/String;)V",
            "method org.knime.node.parameters.NodeParameters.validate()V",
            "override org.knime.node.DefaultModel$ConfigureOrRearrangerConsumer.accept"
                + "(Ljava/lang/Object;Ljava/lang/Object;)V",
            "override org.knime.node.parameters.NodeParameters.validate()V", "type org.knime.core.data.RowKey",
            "type org.knime.core.node.InvalidSettingsException", "type org.knime.core.node.port.PortObject",
            "type org.knime.node.DefaultModel$ConfigureOrRearrangerConsumer",
            "type org.knime.node.parameters.NodeParameters", "type org.knime.node.parameters.Widget",
            "type org.knime.node.parameters.updates.Effect", "type org.knime.node.parameters.updates.Effect$EffectType",
            "type org.knime.node.parameters.updates.EffectPredicateProvider"),
            List.copyOf(KnimeSymbols.usedBy(folder, getClass().getClassLoader())));
    }

    /** The stand-in has packages of its own, which KNIME lacks. */
    @Test
    void nothingOfTheStandInItselfIsUsed() throws IOException {
        final List<String> ours = used().stream().filter(symbol -> symbol.contains(".standin.")).toList();
        assertEquals(List.of(), ours);
    }

    /** Types of KNIME have members here that KNIME lacks, because the stand-in's host lies in other packages. */
    @Test
    void nothingForTheHostOnlyIsUsed() throws Exception {
        assertEquals(List.of("method org.knime.core.node.BufferedDataTable.rows()"),
            hostOnly(List.of("method org.knime.core.node.BufferedDataTable.size()J",
                "method org.knime.core.node.BufferedDataTable.rows()")));
        assertEquals(List.of("type org.knime.core.node.NodeModelAccess"),
            hostOnly(List.of("type org.knime.core.node.NodeModel", "type org.knime.core.node.NodeModelAccess")));
        assertEquals(List.of(), hostOnly(used()));
    }

    /** A later KNIME may be named in annotations alone, which {@link KnimeSymbols} tells apart. */
    @Test
    void nothingLaterThanTheOldestKnimeIsNeeded() throws Exception {
        assertEquals(List.of("type " + SuggestionsProvider.class.getName()),
            later(List.of("type " + SuggestionsProvider.class.getName(), "type " + Widget.class.getName(),
                "later annotation " + SuggestionsProvider.class.getName() + "#value")));
        assertEquals(List.of(), later(used()));
    }

    private static List<String> later(final Iterable<String> symbols) throws ClassNotFoundException {
        final List<String> found = new ArrayList<>();
        for (final String symbol : symbols) {
            if (symbol.startsWith("type ") && load(symbol.substring("type ".length())).isAnnotationPresent(SinceKnime.class)) {
                found.add(symbol);
            }
        }
        return found;
    }

    private static List<String> hostOnly(final Iterable<String> symbols) throws ClassNotFoundException {
        final List<String> found = new ArrayList<>();
        for (final String symbol : symbols) {
            final String name = symbol.substring(symbol.indexOf(' ') + 1).replaceFirst("[ (#].*", "");
            final int dot = name.lastIndexOf('.');
            if (symbol.startsWith("type ") && load(name).isAnnotationPresent(HostOnly.class)
                || symbol.contains("(") && executables(load(name.substring(0, dot)))
                    .anyMatch(e -> e.isAnnotationPresent(HostOnly.class) && nameOf(e).equals(name.substring(dot + 1)))) {
                found.add(symbol);
            }
        }
        return found;
    }

    private static Class<?> load(final String name) throws ClassNotFoundException {
        return Class.forName(name, false, KnimeSymbolsTest.class.getClassLoader());
    }

    private static Stream<Executable> executables(final Class<?> type) {
        return Stream.concat(Arrays.stream(type.getDeclaredMethods()), Arrays.stream(type.getDeclaredConstructors()));
    }

    private static String nameOf(final Executable e) {
        return e instanceof Constructor ? "<init>" : e.getName();
    }
}
