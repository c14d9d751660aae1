package org.knime.core.standin.run;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.def.DefaultRow;
import org.knime.core.data.def.IntCell;
import org.knime.core.data.def.StringCell;
import org.knime.core.data.filestore.FileStore;
import org.knime.core.node.BufferedDataContainer;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.CanceledExecutionException;
import org.knime.core.node.DefaultNodeProgressMonitor;
import org.knime.core.node.ExecutionContext;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.KNIMEException;
import org.knime.core.node.NodeSettings;
import org.knime.core.node.port.PortObject;
import org.knime.core.node.port.PortObjectSpec;
import org.knime.core.node.port.PortType;
import org.knime.core.node.port.PortTypeRegistry;
import org.knime.core.standin.fixture.Net;
import org.knime.core.standin.fixture.NetSpec;
import org.knime.core.standin.fixture.ScriptedFactory;
import org.knime.core.standin.fixture.ScriptedModel;
import org.knime.core.standin.fixture.ScriptedModel.Script;
import org.knime.core.standin.fixture.UnregisteredNet;

class NodeHostTest {

    private static final PortType[] NONE = {};

    private static final PortObject[] NONE_OUT = {};

    private static final PortType[] TABLE = {BufferedDataTable.TYPE};

    @TempDir
    private Path m_temp;

    private RunDirectory m_run;

    private final List<String> m_warnings = new ArrayList<>();

    @BeforeEach
    void openRun() throws IOException {
        m_run = new RunDirectory(m_temp, "test", 0);
    }

    private NodeHost node(final PortType[] in, final PortType[] out, final Script script) {
        return new NodeHost("Scripted", new ScriptedFactory(in, out, script), m_run, m_warnings::add);
    }

    private static PortObject[] execute(final NodeHost node, final PortObject... in) throws Exception {
        return node.execute(in, new DefaultNodeProgressMonitor());
    }

    private static BufferedDataTable table(final ExecutionContext exec, final DataTableSpec spec) {
        final BufferedDataContainer c = exec.createDataContainer(spec);
        c.close();
        return c.getTable();
    }

    /** What the user reads when the script fails. */
    private String failure(final Script script) {
        final NodeHost node = node(NONE, NONE, script);
        final NodeExecutionException e = assertThrows(NodeExecutionException.class, () -> execute(node));
        assertEquals(List.of("reset"), ((ScriptedModel)node.model()).events());
        return e.getMessage();
    }

    /** As soon as it is on the canvas, KNIME configures a node that can do without its inputs. */
    @Test
    void isConfiguredAsSoonAsItIsAdded() {
        assertTrue(node(NONE, TABLE, (model, in, exec) -> NONE_OUT).add());
        assertTrue(node(new PortType[]{BufferedDataTable.TYPE_OPTIONAL}, NONE, (model, in, exec) -> NONE_OUT).add());
        assertFalse(node(new PortType[]{BufferedDataTable.TYPE_OPTIONAL, BufferedDataTable.TYPE}, NONE,
            (model, in, exec) -> NONE_OUT).add());
    }

    @Test
    void wordsFailuresAsKnimeDoes() {
        assertEquals("a KNIMEException text", failure((model, in, exec) -> {
            throw new KNIMEException("a KNIMEException text");
        }));
        assertEquals("unchecked", failure((model, in, exec) -> {
            throw new KNIMEException("unchecked").toUnchecked();
        }));
        assertEquals("Execute failed: a runtime text", failure((model, in, exec) -> {
            throw new IllegalStateException("a runtime text");
        }));
        assertEquals("Execute failed: a link error", failure((model, in, exec) -> {
            throw new UnsatisfiedLinkError("a link error");
        }));
        assertEquals("Execute failed: no provider", failure((model, in, exec) -> {
            throw new ServiceConfigurationError("no provider");
        }));
        assertEquals("Execute failed: (\"OutOfMemoryError\"): fake", failure((model, in, exec) -> {
            throw new OutOfMemoryError("fake");
        }));
        assertEquals("Execute failed: (\"NullPointerException\"): null", failure((model, in, exec) -> {
            throw new NullPointerException();
        }));
        assertEquals("Execute failed: checked", failure((model, in, exec) -> {
            throw new IOException("checked");
        }));
        assertEquals("Execute failed: Encountered duplicate row ID \"dup\"", failure((model, in, exec) -> {
            final BufferedDataContainer c = exec.createDataContainer(new DataTableSpec());
            c.addRowToTable(new DefaultRow("dup"));
            c.addRowToTable(new DefaultRow("dup"));
            return new PortObject[0];
        }));
    }

    @Test
    void missingOutputFails() {
        final NodeHost one = node(NONE, TABLE, (model, in, exec) -> new PortObject[1]);
        assertEquals("Execute failed: Invalid result. Execution failed, reason: data at output 0 is null.",
            assertThrows(NodeExecutionException.class, () -> execute(one)).getMessage());
        final NodeHost none = node(NONE, TABLE, (model, in, exec) -> null);
        assertEquals("Execute failed: Invalid result. Execution failed, reason: data at output 0 is null.",
            assertThrows(NodeExecutionException.class, () -> execute(none)).getMessage());
        final NodeHost wrong = node(NONE, TABLE, (model, in, exec) -> new PortObject[]{new UnregisteredNet()});
        assertTrue(assertThrows(NodeExecutionException.class, () -> execute(wrong)).getMessage()
            .contains("data at output 0 is org.knime.core.standin.fixture.UnregisteredNet"));
    }

    @Test
    void cancelsAlsoWhoDoesNotCare() {
        final DefaultNodeProgressMonitor monitor = new DefaultNodeProgressMonitor();
        final NodeHost careless = node(NONE, NONE, (model, in, exec) -> {
            monitor.setExecuteCanceled();
            return new PortObject[0];
        });
        assertThrows(CanceledExecutionException.class, () -> careless.execute(new PortObject[0], monitor));
        final NodeHost failing = node(NONE, NONE, (model, in, exec) -> {
            throw new IllegalStateException("because it was interrupted");
        });
        assertThrows(CanceledExecutionException.class, () -> failing.execute(new PortObject[0], monitor));
        final NodeHost careful = node(NONE, NONE, (model, in, exec) -> {
            exec.checkCanceled();
            throw new AssertionError("not reached");
        });
        assertEquals("Execution canceled", assertThrows(CanceledExecutionException.class,
            () -> careful.execute(new PortObject[0], monitor)).getMessage());
        final NodeHost sleeping = node(NONE, NONE, (model, in, exec) -> {
            Thread.currentThread().interrupt();
            Thread.sleep(10_000);
            throw new AssertionError("not reached");
        });
        assertThrows(CanceledExecutionException.class, () -> execute(sleeping));
        assertTrue(Thread.interrupted(), "the interrupt flag stays set");
    }

    @Test
    void inputsAreCopiedOnTheWay() throws Exception {
        final NodeHost make = node(NONE, new PortType[]{Net.TYPE}, (model, in, exec) -> {
            final FileStore folder = exec.createFileStore("net");
            assertTrue(folder.getFile().mkdir());
            return new PortObject[]{new Net(new NetSpec("unet"), "note", folder)};
        });
        final NodeHost pass = node(new PortType[]{Net.TYPE}, new PortType[]{Net.TYPE}, (model, in, exec) -> in);
        final Net made = (Net)execute(make)[0];
        final Net passed = (Net)execute(pass, made)[0];
        assertNotSame(made, passed);
        assertEquals(made.folder(), passed.folder());
        assertNull(passed.cache());
    }

    @Test
    void unregisteredInputFailsAtTheConsumer() throws Exception {
        final PortType generic = PortTypeRegistry.getInstance().getPortType(UnregisteredNet.class);
        final NodeHost make =
            node(NONE, new PortType[]{generic}, (model, in, exec) -> new PortObject[]{new UnregisteredNet()});
        final NodeHost take = node(new PortType[]{Net.TYPE}, NONE, (model, in, exec) -> new PortObject[0]);
        final PortObject made = execute(make)[0];
        assertEquals("Unable to clone input data at port 1 (Fixture Network): No value present",
            assertThrows(NodeExecutionException.class, () -> execute(take, made)).getMessage());
    }

    @Test
    void fileStoresAreClosedAfterExecution() throws Exception {
        final List<ExecutionContext> kept = new ArrayList<>();
        final NodeHost node = node(NONE, NONE, (model, in, exec) -> {
            table(exec, new DataTableSpec());
            exec.createFileStore("after the table");
            kept.add(exec);
            return new PortObject[0];
        });
        execute(node);
        assertThrows(IllegalStateException.class, () -> kept.get(0).createFileStore("late"));
    }

    @Test
    void configuresAndWarnsIfTheTableIsAnother() throws Exception {
        final DataTableSpec promised =
            new DataTableSpec(new DataColumnSpecCreator("s", StringCell.TYPE).createSpec());
        final DataTableSpec made = new DataTableSpec(new DataColumnSpecCreator("i", IntCell.TYPE).createSpec());
        final NodeHost node = node(NONE, TABLE, new Script() {
            @Override
            public PortObjectSpec[] configure(final ScriptedModel model, final PortObjectSpec[] in) {
                model.warn("careful");
                return new PortObjectSpec[]{promised};
            }

            @Override
            public PortObject[] execute(final ScriptedModel model, final PortObject[] in,
                final ExecutionContext exec) {
                return new PortObject[]{table(exec, made)};
            }
        });
        assertArrayEquals(new PortObjectSpec[]{promised}, node.configure(new PortObjectSpec[0]));
        assertEquals("careful", node.warningMessage());
        assertEquals(made, execute(node)[0].getSpec());
        assertNull(node.warningMessage(), "execution starts without message");
        assertEquals(List.of("DataSpec generated by configure does not match spec after execution."), m_warnings);
    }

    @Test
    void unknownSpecsAreAllowed() throws Exception {
        final NodeHost node =
            node(NONE, TABLE, (model, in, exec) -> new PortObject[]{table(exec, new DataTableSpec())});
        assertArrayEquals(new PortObjectSpec[1], node.configure(new PortObjectSpec[0]));
        execute(node);
        assertEquals(List.of(), m_warnings);
    }

    @Test
    void configureFailures() {
        final NodeHost node = node(NONE, TABLE, new Script() {
            @Override
            public PortObjectSpec[] configure(final ScriptedModel model, final PortObjectSpec[] in)
                throws InvalidSettingsException {
                if (model.size() == 1) {
                    throw new InvalidSettingsException("Select a volume column");
                }
                throw new IllegalStateException("no luck");
            }

            @Override
            public PortObject[] execute(final ScriptedModel model, final PortObject[] in,
                final ExecutionContext exec) {
                throw new AssertionError();
            }
        });
        assertEquals("Select a volume column", assertThrows(InvalidSettingsException.class,
            () -> node.configure(new PortObjectSpec[0])).getMessage());
        final NodeSettings two = new NodeSettings("model");
        two.addInt("size", 2);
        assertEquals("Configure failed (IllegalStateException): no luck",
            assertThrows(InvalidSettingsException.class, () -> {
                node.loadSettings(two);
                node.configure(new PortObjectSpec[0]);
            }).getMessage());
    }

    @Test
    void settingsAreCheckedBeforeTheyAreTaken() throws Exception {
        final NodeHost node = node(NONE, NONE, (model, in, exec) -> new PortObject[0]);
        final NodeSettings wrong = new NodeSettings("model");
        assertEquals("Int for key \"size\" not found.",
            assertThrows(InvalidSettingsException.class, () -> node.loadSettings(wrong)).getMessage());
        wrong.addInt("size", 0);
        assertEquals("size 0 is not positive",
            assertThrows(InvalidSettingsException.class, () -> node.loadSettings(wrong)).getMessage());
        assertEquals(1, node.saveSettings().getInt("size"));
        final NodeSettings right = new NodeSettings("model");
        right.addInt("size", 7);
        node.loadSettings(right);
        assertEquals(right, node.saveSettings());
    }

    @Test
    void optionalInputsMayStayEmpty() throws Exception {
        final NodeHost node = node(new PortType[]{BufferedDataTable.TYPE_OPTIONAL}, NONE, (model, in, exec) -> {
            assertNull(in[0]);
            return new PortObject[0];
        });
        node.configure(new PortObjectSpec[1]);
        execute(node, new PortObject[1]);
        final NodeHost needs = node(TABLE, NONE, (model, in, exec) -> new PortObject[0]);
        assertThrows(IllegalArgumentException.class, () -> execute(needs, new PortObject[1]));
    }

    @Test
    void keepsInternalObjectsAndForgetsThem() throws Exception {
        final NodeHost node = node(NONE, NONE, (model, in, exec) -> {
            model.warn("done with a warning");
            model.keep(table(exec, new DataTableSpec()));
            return new PortObject[0];
        });
        assertNull(node.internalPortObjects());
        execute(node);
        assertEquals("done with a warning", node.warningMessage());
        assertEquals(1, node.internalPortObjects().length);
        node.reset();
        assertNull(node.warningMessage());
        assertEquals(List.of("reset"), ((ScriptedModel)node.model()).events());
    }

    @Test
    void progressReachesTheListener() throws Exception {
        final List<String> seen = new ArrayList<>();
        final NodeHost node = node(NONE, NONE, (model, in, exec) -> {
            exec.setProgress(0.5, "half");
            exec.createSubProgress(0.5).setProgress(0.5, "three quarters");
            exec.createSilentSubProgress(0.25).setProgress(1, "hidden");
            return new PortObject[0];
        });
        node.execute(new PortObject[0],
            new DefaultNodeProgressMonitor((fraction, message) -> seen.add(fraction + " " + message)));
        assertEquals(List.of("0.5 half", "0.5 three quarters", "0.75 three quarters", "1.0 three quarters"), seen);
    }
}
