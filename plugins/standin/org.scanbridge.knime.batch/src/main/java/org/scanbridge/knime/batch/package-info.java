/**
 * A headless executor for KNIME workflow directories, over the stand-in for KNIME's core. It takes the arguments of
 * KNIME's own batch executor, gives its exit codes and does things in its order: load, workflow variables, reset,
 * options, configure, execute, save.
 * <p>
 * It knows plain nodes only: no metanodes, components, loops or credentials, and it neither reads nor writes results; a
 * workflow is saved with idle nodes. Where it is stricter than KNIME, on purpose:
 * <ul>
 * <li>A node that is not available ends the run with exit code 3 before anything executes, whether or not
 * {@code -failonloaderror} is given. KNIME executes the rest first and ends with 4.</li>
 * <li>An {@code -option} that names no existing node or setting, or has another type than the setting, is a wrong
 * argument (2). KNIME warns of the node, ignores the key, and reports the type as a missing key.</li>
 * <li>A destination that cannot be written is found before execution (4).</li>
 * <li>On SIGINT and SIGTERM running nodes are canceled and temporary files removed before the process ends with 130 or
 * 143. KNIME ends at once and leaves them behind.</li>
 * </ul>
 */
package org.scanbridge.knime.batch;
