package org.scanbridge.knime.nodes.volumenormalizer;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import org.scanbridge.knime.util.RowName;

/** The images for which the chosen foreground rule cannot be right, with one example of each kind. */
final class Doubts {

    /** By reason without its numbers: row and reason of the first image, and how many there are. */
    private final Map<String, Kind> m_kinds = new LinkedHashMap<>();

    private record Kind(String row, String reason, long count) {
    }

    void add(final String row, final Optional<String> doubt) {
        doubt.ifPresent(reason -> m_kinds.merge(reason.replaceAll("[0-9]+", "#"), new Kind(row, reason, 1),
            (known, other) -> new Kind(known.row, known.reason, known.count + 1)));
    }

    /**
     * @param rule the rule, for people
     * @param rows number of rows of the table
     */
    Optional<String> warning(final String rule, final long rows) {
        return m_kinds.isEmpty() ? Optional.empty()
            : Optional.of(m_kinds.values().stream().map(k -> "The foreground rule (" + rule + ") does not fit " + k.count
                + " of " + rows + " images: in " + RowName.of(k.row) + ", " + k.reason + ".").collect(Collectors.joining(" "))
                + " Set \"Foreground\" to \"Chosen by the image\".");
    }
}
