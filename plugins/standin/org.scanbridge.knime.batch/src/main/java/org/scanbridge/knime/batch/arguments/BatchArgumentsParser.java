package org.scanbridge.knime.batch.arguments;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

import org.knime.core.node.workflow.FlowVariable;

/**
 * Reads the command line of KNIME's batch executor ({@code org.knime.product.KNIME_BATCH_APPLICATION}): the same names,
 * the same meaning, and exit code 2 for whatever it would refuse. Understood as well is the command
 * line of NodePit Batch, see {@link Dialect}. Refused here although KNIME takes them, because
 * nothing behind them exists: credentials, the master key and Eclipse preferences.
 */
public final class BatchArgumentsParser {

    /** Taken and ignored, as KNIME does; compared without regard to case. */
    private static final Set<String> IGNORED = Set.of("-noversioncheck", "-perspective", "-showlocation",
        "-allowdeadlock", "-checkforupdates", "-profilelist", "-profilelocation");

    private Path m_workflow;

    private boolean m_zipped;

    private boolean m_reset;

    private boolean m_execute = true;

    private boolean m_save = true;

    private Path m_destinationDir;

    private Path m_destinationFile;

    private boolean m_failOnLoadError;

    private final List<FlowVariable> m_variables = new ArrayList<>();

    private final List<NodeOption> m_options = new ArrayList<>();

    private BatchArgumentsParser() {
    }

    /**
     * @param arguments the command line, without what Equinox itself takes
     * @return what is to be done
     * @throws WrongArgumentException if an argument is unknown or cannot be followed
     */
    public static BatchArguments parse(final List<String> arguments) throws WrongArgumentException {
        final BatchArgumentsParser parser = new BatchArgumentsParser();
        final Dialect dialect = Dialect.of(arguments);
        for (String argument : arguments) {
            if (dialect == Dialect.NODEPIT) {
                parser.acceptOfNodePit(argument);
            } else {
                parser.accept(argument);
            }
        }
        return parser.finish(dialect);
    }

    /** The options that are known of NodePit Batch, the workflow itself, and KNIME's variables and options. */
    private void acceptOfNodePit(final String argument) throws WrongArgumentException {
        switch (argument) {
            case "--reset" -> m_reset = true;
            case "--no-save" -> m_save = false;
            default -> {
                if (argument.startsWith("-workflow.variable=") || argument.startsWith("-option=")) {
                    accept(argument);
                } else if (argument.startsWith("-")) {
                    throw new WrongArgumentException("Unknown option '" + argument + "' beside --reset and --no-save, the"
                        + " options of NodePit Batch. Use these, -workflow.variable= and -option=, or KNIME's own options"
                        + " alone: -reset -nosave -workflowDir=DIR");
                } else if (m_workflow != null) {
                    throw new WrongArgumentException("Two workflows are given: '" + m_workflow + "' and '" + argument
                        + "'. Name one; put a path with spaces in quotes");
                } else {
                    m_workflow = path("The workflow", Optional.of(argument));
                    m_zipped = Files.isRegularFile(m_workflow);
                }
            }
        }
    }

    private void accept(final String argument) throws WrongArgumentException {
        final int equals = argument.indexOf('=');
        final String name = equals < 0 ? argument : argument.substring(0, equals);
        final Optional<String> value = equals < 0 ? Optional.empty() : Optional.of(argument.substring(equals + 1));
        switch (name) {
            case "-reset", "-nosave", "-noexecute", "-failonloaderror", "-updateLinks" -> acceptSwitch(name, value);
            case "-workflowDir" -> {
                m_workflow = path(name, value);
                m_zipped = false;
            }
            case "-workflowFile" -> {
                m_workflow = path(name, value);
                m_zipped = true;
            }
            case "-destDir" -> m_destinationDir = path(name, value);
            case "-destFile" -> m_destinationFile = path(name, value);
            case "-workflow.variable" -> m_variables.add(VariableArgument.parse(require(name, value)));
            case "-option" -> m_options.add(NodeOption.parse(require(name, value)));
            case "-credential", "-masterkey" -> throw new WrongArgumentException(
                name + " is not supported: this executor has no credentials. Run the workflow in KNIME itself");
            case "-preferences" -> throw new WrongArgumentException(
                name + " is not supported: this executor reads no Eclipse preferences. Run the workflow in KNIME"
                    + " itself");
            default -> {
                if (!IGNORED.contains(name.toLowerCase(Locale.ROOT))) {
                    throw new WrongArgumentException("Unknown option '" + argument + "'");
                }
            }
        }
    }

    private void acceptSwitch(final String name, final Optional<String> value) throws WrongArgumentException {
        if (value.isPresent()) {
            throw new WrongArgumentException(
                "Unknown option '" + name + "=" + value.get() + "': " + name + " takes no value");
        }
        switch (name) {
            case "-reset" -> m_reset = true;
            case "-nosave" -> m_save = false;
            case "-noexecute" -> m_execute = false;
            case "-failonloaderror" -> m_failOnLoadError = true;
            default -> {
                // -updateLinks concerns metanodes and components, and the reader refuses those.
            }
        }
    }

    private BatchArguments finish(final Dialect dialect) throws WrongArgumentException {
        if (m_workflow == null) {
            throw new WrongArgumentException(dialect == Dialect.NODEPIT ? "No workflow given. Name its directory or"
                + " zip file" : "No workflow given. Name one with -workflowDir=DIR or -workflowFile=ZIP");
        }
        if (m_zipped && !Files.isRegularFile(m_workflow)) {
            throw new WrongArgumentException("Workflow file '" + m_workflow + "' does not exist or is no file");
        }
        if (!m_zipped && !Files.isDirectory(m_workflow)) {
            throw new WrongArgumentException(
                "Workflow directory '" + m_workflow + "' does not exist or is no directory");
        }
        final Optional<Path> destination =
            Optional.ofNullable(m_destinationFile).or(() -> Optional.ofNullable(m_destinationDir));
        return new BatchArguments(m_workflow, m_zipped, m_reset, m_execute, m_save, destination,
            m_destinationFile != null, m_failOnLoadError, m_variables, m_options);
    }

    private static String require(final String name, final Optional<String> value) throws WrongArgumentException {
        return value.filter(v -> !v.isBlank())
            .orElseThrow(() -> new WrongArgumentException(name + " needs a value: " + name + "=…"));
    }

    private static Path path(final String name, final Optional<String> value) throws WrongArgumentException {
        final String text = require(name, value);
        try {
            return Path.of(text).toAbsolutePath().normalize();
        } catch (InvalidPathException ex) {
            throw new WrongArgumentException(name + ": '" + text + "' is no path", ex);
        }
    }
}
