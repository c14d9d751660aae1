package org.scanbridge.knime.nodes.volumeresampler;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

import org.scanbridge.imaging.resample.LabelLoss;
import org.scanbridge.imaging.volume.LabelSet;

/** Says which classes lost parts in which rows: to each row in a column, of the first rows in a warning. */
final class LostLabels {

    /** Name of the column. */
    static final String COLUMN = "Lost Labels";

    /** A warning is read in a small window. */
    private static final int NAMED = 5;

    private final List<String> m_rows = new ArrayList<>();

    private long m_count;

    /**
     * Notes what a row lost.
     *
     * @return the text for the column; empty if nothing was lost
     */
    String add(final String row, final LabelSet names, final List<LabelLoss> losses) {
        final String text = losses.stream().map(l -> text(names, l)).collect(Collectors.joining("; "));
        if (!losses.isEmpty()) {
            m_count++;
            if (m_rows.size() < NAMED) {
                m_rows.add(row + ": " + text);
            }
        }
        return text;
    }

    private static String text(final LabelSet names, final LabelLoss loss) {
        final String name = names.name(loss.label());
        final String label = name.equals("class " + loss.label()) ? name
            : "\"" + name + "\" (label " + loss.label() + ")";
        final String voxels = loss.lostVoxels() == 1 ? "1 voxel" : loss.lostVoxels() + " voxels";
        return loss.vanished()
            ? label + " vanished (" + voxels + " in " + (loss.parts() == 1 ? "1 part" : loss.parts() + " parts") + ")"
            : label + " lost " + loss.lostParts() + " of " + loss.parts() + " parts (" + voxels + ")";
    }

    /**
     * @param rows number of rows of the table
     * @param kept whether parts were to be kept
     */
    Optional<String> warning(final long rows, final boolean kept) {
        return m_count == 0 ? Optional.empty()
            : Optional.of("In " + m_count + " of " + rows + " rows labels got lost. " + String.join(". ", m_rows)
                + (m_count > m_rows.size() ? ". And more" : "") + ". Column \"" + COLUMN + "\" names all. "
                + (kept ? "They lie outside of the new grid, or another part has the only voxel that covers them: look at"
                    + " crop and size, or choose smaller voxels."
                    : "Switch on \"Keep parts that would vanish\", or choose smaller voxels; what was cropped away needs a"
                        + " larger crop or size."));
    }
}
