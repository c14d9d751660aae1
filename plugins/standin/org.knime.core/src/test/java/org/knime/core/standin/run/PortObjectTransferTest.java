package org.knime.core.standin.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.NoSuchElementException;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knime.core.data.DataColumnSpecCreator;
import org.knime.core.data.DataTableSpec;
import org.knime.core.data.def.IntCell;
import org.knime.core.data.filestore.FileStore;
import org.knime.core.node.BufferedDataTable;
import org.knime.core.node.ExecutionMonitor;
import org.knime.core.node.port.PortObject;
import org.knime.core.node.port.PortObjectSpec;
import org.knime.core.node.port.PortType;
import org.knime.core.node.port.PortTypeRegistry;
import org.knime.core.standin.fixture.MisregisteredNet;
import org.knime.core.standin.fixture.Net;
import org.knime.core.standin.fixture.NetSpec;
import org.knime.core.standin.fixture.SimpleNet;
import org.knime.core.standin.fixture.UnloadableNet;
import org.knime.core.standin.fixture.UnregisteredNet;
import org.knime.core.standin.fixture.WideNet;
import org.knime.core.standin.table.RowStoreWriter;

class PortObjectTransferTest {

    @TempDir
    private Path m_temp;

    private RunDirectory m_run;

    private PortObjectTransfer m_transfer;

    @BeforeEach
    void openRun() throws IOException {
        m_run = new RunDirectory(m_temp, "test", 0);
        m_transfer = new PortObjectTransfer(PortTypeRegistry.getInstance(), m_run.fileStores());
        Net.EVENTS.clear();
    }

    private Net net() throws IOException {
        final FileStore folder = m_run.newNodeRun("Net Make").fileStores().create("net");
        Files.createDirectories(folder.getFile().toPath().resolve("variables"));
        Files.writeString(folder.getFile().toPath().resolve("variables/weights.bin"), "12345");
        return new Net(new NetSpec("unet"), "hello", folder);
    }

    @Test
    void everyEdgeMakesANewObjectOnTheSameFolder() throws Exception {
        final Net net = net();
        final Net first = m_transfer.copy(net, new ExecutionMonitor());
        assertEquals(List.of("flush", "save", "load", "postConstruct 1"), Net.EVENTS);
        assertNotSame(net, first);
        assertEquals("hello", first.note());
        assertEquals("unet", first.getSpec().kind());
        assertNotSame(net.getSpec(), first.getSpec());
        assertNull(first.cache(), "what the serializer does not keep is lost");
        assertEquals(net.folder(), first.folder());
        assertEquals("12345", Files.readString(first.folder().resolve("variables/weights.bin")));
        Net.EVENTS.clear();
        m_transfer.copy(net, new ExecutionMonitor());
        m_transfer.copy(first, new ExecutionMonitor());
        assertEquals(List.of("save", "load", "postConstruct 1", "save", "load", "postConstruct 1"), Net.EVENTS,
            "an object flushes once, a copy never");
    }

    @Test
    void unregisteredObjectIsGenericAndDoesNotTravel() {
        final PortType type = PortTypeRegistry.getInstance().getPortType(UnregisteredNet.class);
        assertEquals("Generic Port", type.getName());
        assertEquals("PortType(PortObjectSpec,PortObject)", type.toString());
        assertEquals("No value present", assertThrows(NoSuchElementException.class,
            () -> m_transfer.copy(new UnregisteredNet(), new ExecutionMonitor())).getMessage());
    }

    @Test
    void serializerThatCannotBeLoadedIsNone() {
        assertSame(PortObject.TYPE, PortTypeRegistry.getInstance().getPortType(UnloadableNet.class));
        assertEquals("No value present", assertThrows(NoSuchElementException.class,
            () -> m_transfer.copy(new UnloadableNet(), new ExecutionMonitor())).getMessage());
    }

    @Test
    void serializerOfAnotherKindFailsAtOnce() {
        assertThrows(ClassCastException.class,
            () -> PortTypeRegistry.getInstance().getPortType(MisregisteredNet.class));
    }

    @Test
    void simpleSpecsTravelWithoutTheirSerializer() throws Exception {
        final SimpleNet copy = m_transfer.copy(new SimpleNet(0.25), new ExecutionMonitor());
        assertEquals(0.25, copy.weight());
        assertNotNull(copy.getSpec());
    }

    @Test
    void tablesAreHandedOn() throws Exception {
        final BufferedDataTable t =
            new BufferedDataTable(new DataTableSpec(), new RowStoreWriter(m_run.tables()).close());
        assertSame(t, m_transfer.copy(t, new ExecutionMonitor()));
    }

    @Test
    void tableSpecsAreWrittenAndRead() throws Exception {
        final DataTableSpec spec =
            new DataTableSpec("t", new DataColumnSpecCreator("i", IntCell.TYPE).createSpec());
        assertEquals(spec, m_transfer.copySpec(spec));
        assertNull(m_transfer.copySpec((PortObjectSpec)null));
    }

    @Test
    void typeComesFromTheRegistrationAndItsSpecFromTheMethod() {
        assertEquals("Fixture Network", Net.TYPE.getName());
        assertEquals(0x3366cc, Net.TYPE.getColor());
        assertSame(Net.class, Net.TYPE.getPortObjectClass());
        assertSame(NetSpec.class, Net.TYPE.getPortObjectSpecClass());
        assertEquals("PortType(PortObjectSpec,WideNet)",
            PortTypeRegistry.getInstance().getPortType(WideNet.class).toString());
        assertTrue(PortTypeRegistry.getInstance().getPortType(Net.class, true).isOptional());
        assertSame(Net.class, PortTypeRegistry.getInstance().getObjectClass(Net.class.getName()).orElseThrow());
        assertTrue(PortObject.TYPE.isSuperTypeOf(Net.TYPE));
    }
}
