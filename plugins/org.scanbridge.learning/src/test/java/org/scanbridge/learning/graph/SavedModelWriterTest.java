package org.scanbridge.learning.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.architecture.NetworkSpec.Kind;
import org.scanbridge.learning.architecture.Norm;
import org.scanbridge.learning.architecture.Parameter;
import org.scanbridge.learning.architecture.PatchSize;
import org.scanbridge.learning.network.Network;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.VariableDef;

import com.google.protobuf.ByteString;

/**
 * What a SavedModel says of its variables. TensorFlow 2.21 was asked once what it makes of it: docs/user-guide.md, "Networks for
 * other programs".
 */
class SavedModelWriterTest {

    @TempDir
    private Path m_directory;

    private MetaGraphDef written(final NetworkSpec spec) throws IOException {
        SavedModelWriter.write(spec, Network.untrained(spec, 1).weights(), m_directory);
        return SavedModel.parseFrom(Files.readAllBytes(m_directory.resolve("saved_model.pb"))).getMetaGraphs(0);
    }

    private static NetworkSpec unet(final Norm norm) {
        return new NetworkSpec(Kind.UNET_3D, 1, 2, 4, 3, norm, PatchSize.cube(16));
    }

    /** The case of the public report has 32 variables; all may be trained. */
    @Test
    void listsAllVariables() throws IOException {
        final MetaGraphDef meta = written(unet(Norm.GROUP));
        assertEquals(32, variables(meta, "variables").size());
        assertEquals(32, variables(meta, "trainable_variables").size());
    }

    /** Running means and variances are no weights. */
    @Test
    void statisticsAreNotTrainable() throws IOException {
        final NetworkSpec spec = unet(Norm.BATCH);
        final List<Parameter> parameters = Network.untrained(spec, 1).weights().parameters();
        final MetaGraphDef meta = written(spec);
        assertEquals(parameters.stream().map(p -> p.name().replace('/', '.') + ":0").collect(Collectors.toSet()),
            variables(meta, "variables").stream().map(VariableDef::getVariableName).collect(Collectors.toSet()));
        assertEquals(
            parameters.stream().filter(Parameter::trainable).map(p -> p.name().replace('/', '.') + ":0")
                .collect(Collectors.toSet()),
            variables(meta, "trainable_variables").stream().map(VariableDef::getVariableName).collect(Collectors.toSet()));
        assertTrue(variables(meta, "variables").size() > variables(meta, "trainable_variables").size());
    }

    /** Every name is that of an operation of the right kind, and handles are shared under their own name. */
    @Test
    void namesAreThoseOfOperations() throws IOException {
        final MetaGraphDef meta = written(unet(Norm.BATCH));
        final Map<String, NodeDef> nodes =
            meta.getGraphDef().getNodeList().stream().collect(Collectors.toMap(NodeDef::getName, n -> n));
        for (final VariableDef variable : variables(meta, "variables")) {
            final NodeDef handle = nodes.get(variable.getVariableName().replace(":0", ""));
            assertEquals("VarHandleOp", handle.getOp());
            assertEquals(handle.getName(), handle.getAttrOrThrow("shared_name").getS().toStringUtf8());
            final NodeDef assign = nodes.get(variable.getInitializerName());
            assertEquals("AssignVariableOp", assign.getOp());
            assertEquals(List.of(handle.getName(), variable.getInitialValueName().replace(":0", "")), assign.getInputList());
            final NodeDef read = nodes.get(variable.getSnapshotName().replace(":0", ""));
            assertEquals("ReadVariableOp", read.getOp());
            assertEquals(handle.getName(), read.getInput(0));
            assertTrue(variable.getIsResource());
        }
    }

    private static List<VariableDef> variables(final MetaGraphDef meta, final String collection) throws IOException {
        final List<VariableDef> variables = new ArrayList<>();
        for (final ByteString bytes : meta.getCollectionDefOrThrow(collection).getBytesList().getValueList()) {
            variables.add(VariableDef.parseFrom(bytes));
        }
        return variables;
    }
}
