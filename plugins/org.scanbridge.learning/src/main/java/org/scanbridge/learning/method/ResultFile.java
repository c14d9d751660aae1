package org.scanbridge.learning.method;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

import org.scanbridge.learning.files.Placement;

/** The finished rows of a {@link TransferStudy} as a CSV file, one per study in a folder. */
final class ResultFile {

    private static final String HEADER = "start,tuned,cases,seed,dice,lesion_f1,auc";

    private final Path m_file;

    /**
     * @param folder made if missing
     * @param key names network, data and options of the study; another key, or a file with other columns, is another file
     */
    ResultFile(final Path folder, final String key) {
        try {
            final byte[] hash = MessageDigest.getInstance("SHA-256")
                .digest((HEADER + ' ' + key).getBytes(StandardCharsets.UTF_8));
            m_file = folder.resolve("transfer-study-" + HexFormat.of().formatHex(hash, 0, 6) + ".csv");
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /** All rows; none if there is no file. */
    List<TransferStudy.Row> read() throws IOException {
        final List<TransferStudy.Row> rows = new ArrayList<>();
        if (Files.exists(m_file)) {
            final List<String> lines = Files.readAllLines(m_file);
            for (final String line : lines.subList(Math.min(1, lines.size()), lines.size())) {
                final String[] cells = line.split(",");
                try {
                    rows.add(new TransferStudy.Row(TransferStudy.Start.valueOf(cells[0]), Integer.parseInt(cells[1]),
                        Integer.parseInt(cells[2]), Long.parseLong(cells[3]), Double.parseDouble(cells[4]),
                        Double.parseDouble(cells[5]), Double.parseDouble(cells[6])));
                } catch (final IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
                    throw new IOException(m_file + " has a line that is no result: \"" + line + "\". Delete the line.", e);
                }
            }
        }
        return rows;
    }

    /** Replaces the file at once, so that an interruption never leaves half of it. */
    void write(final List<TransferStudy.Row> rows) throws IOException {
        Files.createDirectories(m_file.getParent());
        final StringBuilder text = new StringBuilder(HEADER).append('\n');
        for (final TransferStudy.Row row : rows) {
            text.append(row.start()).append(',').append(row.tuned()).append(',').append(row.cases()).append(',')
                .append(row.seed()).append(',').append(row.dice()).append(',').append(row.lesionF1()).append(',')
                .append(row.auc()).append('\n');
        }
        final Path temporary = m_file.resolveSibling(m_file.getFileName() + ".tmp");
        Files.write(temporary, text.toString().getBytes(StandardCharsets.UTF_8));
        Placement.replace(temporary, m_file);
    }
}
