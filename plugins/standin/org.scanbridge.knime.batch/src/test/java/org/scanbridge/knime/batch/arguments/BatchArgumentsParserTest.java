package org.scanbridge.knime.batch.arguments;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.scanbridge.knime.batch.TestVariables;

/** The argument table of KNIME's batch executor, row by row. */
class BatchArgumentsParserTest {

    @TempDir
    private Path m_dir;

    private Path m_zip;

    @BeforeEach
    void createZip() throws Exception {
        m_zip = Files.createFile(m_dir.resolve("flow.knwf"));
    }

    private BatchArguments parse(final String... arguments) throws WrongArgumentException {
        final List<String> all = new ArrayList<>(List.of("-workflowDir=" + m_dir));
        all.addAll(List.of(arguments));
        return BatchArgumentsParser.parse(all);
    }

    @Test
    void defaultsExecuteAndSaveInPlace() throws Exception {
        final BatchArguments arguments = parse();
        assertEquals(m_dir, arguments.workflow());
        assertEquals(m_dir, arguments.target());
        assertTrue(arguments.execute());
        assertTrue(arguments.save());
        assertFalse(arguments.reset());
        assertFalse(arguments.failOnLoadError());
        assertFalse(arguments.zipped());
        assertFalse(arguments.targetZipped());
    }

    @Test
    void switchesAreTaken() throws Exception {
        final BatchArguments arguments = parse("-reset", "-nosave", "-noexecute", "-failonloaderror", "-updateLinks");
        assertTrue(arguments.reset());
        assertFalse(arguments.save());
        assertFalse(arguments.execute());
        assertTrue(arguments.failOnLoadError());
    }

    /** As scripts that moved from KNIME's executor to NodePit Batch call it. */
    @Test
    void theArgumentsOfNodePitBatchAreUnderstood() throws Exception {
        final BatchArguments arguments =
            BatchArgumentsParser.parse(List.of("-workflow.variable=a,1,int", "--reset", "--no-save", m_dir.toString()));
        assertEquals(m_dir, arguments.workflow());
        assertTrue(arguments.reset() && arguments.execute() && !arguments.save() && !arguments.zipped());
        assertEquals(1, arguments.variables().size());
        final BatchArguments zipped = BatchArgumentsParser.parse(List.of(m_zip.toString()));
        assertTrue(zipped.zipped() && zipped.save() && !zipped.reset());
        for (final List<String> wrong : List.of(List.of("--reset"), List.of("--reset", m_dir + "/none"),
            List.of("--reset", "--nosave", m_dir.toString()), List.of("--reset", m_dir.toString(), m_dir.toString()),
            List.of("--no-save", "-workflowDir=" + m_dir))) {
            assertThrows(WrongArgumentException.class, () -> BatchArgumentsParser.parse(wrong), wrong.toString());
        }
    }

    @Test
    void theFirstArgumentThatOnlyOneHasTellsTheDialect() {
        assertEquals(Dialect.KNIME, Dialect.of(List.of()));
        assertEquals(Dialect.KNIME, Dialect.of(List.of("-option=1,a,1,int", "-reset", "--reset")));
        assertEquals(Dialect.NODEPIT, Dialect.of(List.of("-option=1,a,1,int", "--no-save")));
        assertEquals(Dialect.NODEPIT, Dialect.of(List.of("/flows/one")));
        assertEquals(Dialect.NODEPIT, Dialect.of(List.of("C:\\flows\\one")));
    }

    @Test
    void theLastWorkflowWins() throws Exception {
        final BatchArguments arguments = parse("-workflowFile=" + m_zip);
        assertEquals(m_zip, arguments.workflow());
        assertTrue(arguments.zipped());
        assertTrue(arguments.targetZipped());
        assertFalse(parse("-workflowFile=" + m_zip, "-workflowDir=" + m_dir).zipped());
    }

    @Test
    void destinationFileGoesBeforeDirectory() throws Exception {
        final BatchArguments arguments =
            parse("-destFile=" + m_dir.resolve("out.zip"), "-destDir=" + m_dir.resolve("out"));
        assertEquals(Optional.of(m_dir.resolve("out.zip")), arguments.destination());
        assertTrue(arguments.targetZipped());
        assertEquals(m_dir.resolve("out"), parse("-destDir=" + m_dir.resolve("out")).target());
    }

    @ParameterizedTest
    @ValueSource(strings = {"-noversioncheck", "-perspective", "-showlocation", "-allowdeadlock", "-checkforupdates",
        "-profileList=a", "-PROFILELOCATION=b", "-AllowDeadLock"})
    void ignoredArgumentsAreIgnoredWhateverTheirCase(final String argument) throws Exception {
        assertEquals(parse(), parse(argument));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-foo", "-Reset", "-no-save", "reset", "-reset=true", "-workflowdir=x"})
    void otherArgumentsAreUnknown(final String argument) {
        final WrongArgumentException ex = assertThrows(WrongArgumentException.class, () -> parse(argument));
        assertTrue(ex.getMessage().startsWith("Unknown option '" + argument + "'"), ex.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"-credential=db;user;secret", "-masterkey", "-preferences=a.epf"})
    void whatNeedsTheRealKnimeIsRefused(final String argument) {
        final WrongArgumentException ex = assertThrows(WrongArgumentException.class, () -> parse(argument));
        assertTrue(ex.getMessage().contains("not supported"), ex.getMessage());
        assertFalse(ex.getMessage().contains("secret"), "passwords stay out of messages");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-workflowDir=", "-workflowDir=/no/such/dir", "-workflowFile=/no/such.zip", "-destDir",
        "-option", "-workflow.variable="})
    void missingThingsAreNamed(final String argument) {
        final String name = argument.replaceAll("=.*", "");
        final WrongArgumentException ex = assertThrows(WrongArgumentException.class, () -> parse(argument));
        assertTrue(ex.getMessage().contains(name) || ex.getMessage().contains("/no/such"), ex.getMessage());
    }

    @Test
    void aWorkflowIsNeeded() {
        assertThrows(WrongArgumentException.class, () -> BatchArgumentsParser.parse(List.of("-reset")));
        assertThrows(WrongArgumentException.class,
            () -> BatchArgumentsParser.parse(List.of("-workflowDir=" + m_zip)), "a file is no directory");
        assertThrows(WrongArgumentException.class,
            () -> BatchArgumentsParser.parse(List.of("-workflowFile=" + m_dir)), "a directory is no file");
    }

    @Test
    void variablesAreTyped() throws Exception {
        assertEquals(
            List.of(TestVariables.string("dir", "/a b"), TestVariables.integer("n", -3), TestVariables.real("x", 1e-3)),
            parse("-workflow.variable=dir,/a b,String", "-workflow.variable=n,-3,int",
                "-workflow.variable=x,1e-3,double").variables());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "\"a,b\"|a,b", "'a \"b\"'|a \"b\"", "\"a \\\"b\\\" \\\\\"|a \"b\" \\", "C:\\data|C:\\data", "a,b|a,b"})
    void quotesAndEscapes(final String given, final String value) throws Exception {
        assertEquals(List.of(TestVariables.string("v", value)),
            parse("-workflow.variable=v," + given + ",String").variables());
    }

    @ParameterizedTest
    @ValueSource(strings = {"n,3", "n", ",3,int", "n,3,boolean", "n,3,long", "n,abc,int", "n,1.5,int", "n,x,double",
        "n,\"open,String", "n,\"a\"b,String"})
    void badVariablesAreRefused(final String text) {
        final WrongArgumentException ex =
            assertThrows(WrongArgumentException.class, () -> parse("-workflow.variable=" + text));
        assertTrue(ex.getMessage().contains(text), ex.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"int,7,java.lang.Integer", "long,7,java.lang.Long", "short,7,java.lang.Short", "byte,7,java.lang.Byte",
        "boolean,true,java.lang.Boolean", "char,7,java.lang.Character", "float,7.0,java.lang.Double",
        "double,7.0,java.lang.Double", "String,7,java.lang.String", "StringCell,7,java.lang.String",
        "DoubleCell,7.0,java.lang.Double", "IntCell,7,java.lang.Integer", "LongCell,7,java.lang.Long"})
    void optionTypes(final String type, final String value, final String valueClass) throws Exception {
        final NodeOption option = parse("-option=2,a/b,%s,%s".formatted(value, type)).options().get(0);
        assertEquals(List.of(2), option.nodePath());
        assertEquals(List.of("a", "b"), option.keyPath());
        assertEquals(type, option.type().label());
        assertEquals(valueClass, option.value().getClass().getName());
        assertEquals(value, option.value().toString());
    }

    @Test
    void optionValuesMayHoldCommas() throws Exception {
        final NodeOption option = parse("-option=1/2,text,a,b,,c,String").options().get(0);
        assertEquals(List.of(1, 2), option.nodePath());
        assertEquals("a,b,,c", option.value());
    }

    @ParameterizedTest
    @ValueSource(strings = {"2,a,7", "2", "x,a,7,int", "2,a,7,Integer", "2,a,seven,int", "2,a,yes,boolean",
        "2,a,ab,char", "2,,7,int", "2,a//b,7,int", "2,a,300,byte"})
    void badOptionsAreRefused(final String text) {
        final WrongArgumentException ex = assertThrows(WrongArgumentException.class, () -> parse("-option=" + text));
        assertTrue(ex.getMessage().contains(text), ex.getMessage());
    }
}
