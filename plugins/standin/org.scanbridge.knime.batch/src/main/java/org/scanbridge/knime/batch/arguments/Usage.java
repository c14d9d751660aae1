package org.scanbridge.knime.batch.arguments;

import java.util.Set;

/** The help text that a run without arguments, or with one that asks for it, prints. */
public final class Usage {

    /** The text, one option per line, as KNIME's batch executor names them. */
    public static final String TEXT = """
        Usage: scanbridge-batch OPTIONS
        Executes a KNIME workflow without a window, with the arguments of KNIME's own batch executor.

         -workflowDir=DIR         the workflow directory to run
         -workflowFile=ZIP        or a zipped workflow (.zip, .knwf)
         -reset                   reset all nodes before execution
         -nosave                  do not save the workflow afterwards
         -destDir=DIR             save into this directory instead of where it came from
         -destFile=ZIP            save into this zip file
         -noexecute               load, apply options and variables, and save only
         -failonloaderror         stop when the workflow loads with errors
         -updateLinks             accepted; there are no linked metanodes to update
         -workflow.variable=name,value,type   define or overwrite a workflow variable (String, int, double)
         -option=nodeID,key,value,type        replace a setting; key is a path such as training/epochs
                                  (int, long, short, byte, boolean, char, float, double, String,
                                   StringCell, DoubleCell, IntCell, LongCell)
         --help                   print this text
         -data DIR                workspace; a file named .cancel created in it cancels the run

        Exit codes: 0 success, 2 wrong arguments, 3 workflow cannot be loaded, 4 execution failed or canceled,
                    130 and 143 when interrupted or terminated.

        Or with the arguments of NodePit Batch, which replaces that executor on KNIME 5.9 and later:
         --reset --no-save DIR    beside these -workflow.variable= and -option= as above
        Exit codes: 0 success, 10 wrong arguments, 20 workflow cannot be loaded, 30 execution failed or canceled,
                    40 workflow cannot be saved, 50 anything else.
        """;

    private static final Set<String> HELP = Set.of("--help", "-help", "-h");

    private Usage() {
    }

    /** Whether an argument asks for the text. */
    public static boolean isAskedFor(final String argument) {
        return HELP.contains(argument);
    }
}
