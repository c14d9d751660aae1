package org.scanbridge.knime.learn;

import java.nio.file.Path;
import java.util.Optional;

import org.knime.core.node.InvalidSettingsException;
import org.scanbridge.knime.util.OutputFolder;
import org.scanbridge.learning.train.Checkpoints;

/** The checkpoint settings of a learner's dialog. */
public final class CheckpointFolder {

    private CheckpointFolder() {
    }

    /**
     * Where a training saves its state.
     *
     * @param folder as entered
     * @param interval steps between two checkpoints
     * @return empty if it does not
     * @throws InvalidSettingsException if the folder cannot be written, or the interval is below 1
     */
    public static Optional<Checkpoints> of(final String folder, final int interval) throws InvalidSettingsException {
        if (interval < 1) {
            throw new InvalidSettingsException("Steps between checkpoints " + interval + ": at least 1.");
        }
        final Optional<Path> path = OutputFolder.of(folder);
        if (path.isEmpty()) {
            return Optional.empty();
        }
        OutputFolder.checkWritable(path.get(), "Checkpoints");
        return Optional.of(new Checkpoints(path.get(), interval));
    }
}
