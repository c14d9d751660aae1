package org.scanbridge.learning.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;

/**
 * What the graph of a SavedModel of other software would do when it is loaded and run. Saving and restoring variables is what
 * every SavedModel brings along: it may be there, but not on the way to what the network computes, and nothing may be saved
 * when the variables are restored.
 */
final class SavedModelOperations {

    /** Operations that reach beyond the computation: files, the network, other programs, other machines, the console. */
    private static final Pattern REACHING = Pattern.compile(
        ".*(ReadFile|WriteFile|MatchingFiles|PyFunc|Reader|Dataset|Iterator|Summary|Print|Socket|Rpc|Debug|Dump|LoadLibrary"
            + "|FileSystem|BigQuery|InitializeTable|Record|Cache|Send|Recv|Remote|DTensor).*");

    private static final Pattern SAVING = Pattern.compile("Save.*|MergeV2Checkpoints|.*Checkpoint.*");

    private static final Pattern RESTORING = Pattern.compile("Restore.*");

    private static final String INITIALIZER = "__saved_model_init_op";

    private final MetaGraphDef m_graph;

    private final Map<String, NodeDef> m_nodes = new HashMap<>();

    private final Map<String, FunctionDef> m_functions = new HashMap<>();

    SavedModelOperations(final MetaGraphDef graph) {
        m_graph = graph;
        graph.getGraphDef().getNodeList().forEach(node -> m_nodes.put(node.getName(), node));
        graph.getGraphDef().getLibrary().getFunctionList()
            .forEach(function -> m_functions.put(function.getSignature().getName(), function));
    }

    /**
     * Types of operations that do more than to compute.
     *
     * @param signature what will be run
     * @return in alphabetical order; empty if all is well
     */
    Set<String> reaching(final SignatureDef signature) {
        final Set<String> found = new TreeSet<>();
        collect(m_graph.getGraphDef().getNodeList(), found, REACHING);
        m_functions.values().forEach(function -> collect(function.getNodeDefList(), found, REACHING));
        final List<String> computed = new ArrayList<>(tensors(signature));
        final SignatureDef initializer = m_graph.getSignatureDefMap().get(INITIALIZER);
        if (initializer != null) {
            computed.addAll(tensors(initializer));
        }
        m_graph.getCollectionDefMap().forEach((name, collection) -> {
            if (name.contains("init_op") || name.contains("main_op")) {
                computed.addAll(collection.getNodeList().getValueList());
            }
        });
        final Collection<NodeDef> run = reached(computed);
        collect(run, found, SAVING);
        collect(run, found, RESTORING);
        collect(reached(List.of(m_graph.getSaverDef().getRestoreOpName())), found, SAVING);
        return found;
    }

    private static List<String> tensors(final SignatureDef signature) {
        return signature.getOutputsMap().values().stream().map(TensorInfo::getName).toList();
    }

    private static void collect(final Collection<NodeDef> nodes, final Set<String> found, final Pattern pattern) {
        for (final NodeDef node : nodes) {
            if (pattern.matcher(node.getOp()).matches()) {
                found.add(node.getOp());
            }
        }
    }

    /** All operations that run for these outputs, in called functions too. */
    private Collection<NodeDef> reached(final List<String> outputs) {
        final Set<String> seen = new HashSet<>();
        final Set<String> called = new HashSet<>();
        final List<NodeDef> all = new ArrayList<>();
        final Deque<String> names = new ArrayDeque<>(outputs);
        while (!names.isEmpty()) {
            final String input = names.pop();
            final String name = input.startsWith("^") ? input.substring(1) : input.split(":")[0];
            final NodeDef node = m_nodes.get(name);
            if (node != null && seen.add(name)) {
                names.addAll(node.getInputList());
                all.add(node);
                call(node, called, all);
            }
        }
        return all;
    }

    /** Adds the operations of the functions that an operation calls. */
    private void call(final NodeDef caller, final Set<String> called, final List<NodeDef> all) {
        final Deque<NodeDef> callers = new ArrayDeque<>(List.of(caller));
        while (!callers.isEmpty()) {
            final NodeDef node = callers.pop();
            final Set<String> functions = new HashSet<>(Set.of(node.getOp()));
            for (final AttrValue value : node.getAttrMap().values()) {
                if (value.hasFunc()) {
                    functions.add(value.getFunc().getName());
                }
                value.getList().getFuncList().forEach(f -> functions.add(f.getName()));
            }
            for (final String name : functions) {
                final FunctionDef function = m_functions.get(name);
                if (function != null && called.add(name)) {
                    all.addAll(function.getNodeDefList());
                    callers.addAll(function.getNodeDefList());
                }
            }
        }
    }
}
