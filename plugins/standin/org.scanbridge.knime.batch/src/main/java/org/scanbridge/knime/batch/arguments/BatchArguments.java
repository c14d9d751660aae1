package org.scanbridge.knime.batch.arguments;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import org.knime.core.node.workflow.FlowVariable;

/**
 * What one batch run was asked to do.
 *
 * @param workflow an existing workflow directory, or an existing zip if {@code zipped}
 * @param zipped whether {@code workflow} is a zip file ({@code -workflowFile})
 * @param reset whether all nodes are reset before execution
 * @param execute whether nodes are executed at all
 * @param save whether the workflow is saved afterwards
 * @param destination where it is saved; empty = where it came from
 * @param destinationZipped whether the destination is a zip file ({@code -destFile})
 * @param failOnLoadError whether an error while loading ends the run
 * @param variables workflow variables to define or overwrite, in the order given
 * @param options settings to replace, in the order given
 */
public record BatchArguments(Path workflow, boolean zipped, boolean reset, boolean execute, boolean save,
    Optional<Path> destination, boolean destinationZipped, boolean failOnLoadError, List<FlowVariable> variables,
    List<NodeOption> options) {

    /** Copies the lists. */
    public BatchArguments {
        variables = List.copyOf(variables);
        options = List.copyOf(options);
    }

    /** @return where the workflow is saved */
    public Path target() {
        return destination.orElse(workflow);
    }

    /** @return whether the target of saving is a zip file */
    public boolean targetZipped() {
        return destination.isPresent() ? destinationZipped : zipped;
    }
}
