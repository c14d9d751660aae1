package org.scanbridge.learning.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.scanbridge.learning.files.Placement;

/** Writes the files of a report into a folder so that none is ever seen half-written. */
public final class ReportFolder {

    private ReportFolder() {
    }

    /**
     * Writes {@code report.html}, {@code scores.csv}, {@code divergence.csv} and {@code manifest.json}, and, where lesions were
     * counted, {@code lesions.csv} and {@code froc.csv}. Files of an earlier report are replaced one by one; nothing else in the
     * folder is touched.
     *
     * @param model what is reported
     * @param page the same as a page, see {@link ReportPage#write}; whoever shows it has it already
     * @param folder where to write; made if it does not exist
     * @return the files written, in the order above
     * @throws IOException if the folder cannot be made or a file cannot be written; the message names it
     */
    public static List<Path> write(final ReportModel model, final String page, final Path folder) throws IOException {
        final Map<String, String> files = new LinkedHashMap<>();
        files.put("report.html", page);
        files.put("scores.csv", CsvTables.scores(model.scores()));
        files.put("divergence.csv", CsvTables.divergence(model.divergence()));
        files.put("manifest.json", model.manifestJson());
        if (!model.lesions().isEmpty()) {
            files.put("lesions.csv", CsvTables.lesions(model.lesions()));
        }
        if (!model.froc().isEmpty()) {
            files.put("froc.csv", CsvTables.froc(model.froc()));
        }
        Files.createDirectories(folder);
        for (final Map.Entry<String, String> file : files.entrySet()) {
            // Not createTempFile: that would make the report unreadable for everybody else.
            final Path temporary = folder.resolve("." + file.getKey() + ".part");
            try {
                Files.write(temporary, file.getValue().getBytes(StandardCharsets.UTF_8));
                Placement.replace(temporary, folder.resolve(file.getKey()));
            } finally {
                Files.deleteIfExists(temporary);
            }
        }
        return files.keySet().stream().map(folder::resolve).toList();
    }
}
