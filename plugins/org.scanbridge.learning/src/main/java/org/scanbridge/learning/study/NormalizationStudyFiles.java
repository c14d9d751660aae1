package org.scanbridge.learning.study;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.scanbridge.learning.study.NormalizationStudyResult.Divergence;
import org.scanbridge.learning.study.NormalizationStudyResult.Game;
import org.scanbridge.learning.study.NormalizationStudyResult.Score;
import org.scanbridge.learning.study.NormalizationStudyResult.Similarity;
import org.scanbridge.learning.study.NormalizationStudyResult.SiteAccuracy;
import org.scanbridge.learning.study.NormalizationStudyResult.Training;

/** All numbers of a study as CSV files, one per kind of measurement; a missing number is an empty field. */
public final class NormalizationStudyFiles {

    private NormalizationStudyFiles() {
    }

    /**
     * Writes the tables and the page.
     *
     * @param folder made if missing; files of an earlier study are replaced
     * @return the files
     * @throws IOException if one cannot be written
     */
    public static List<Path> write(final NormalizationStudyResult result, final NormalizationStudyOptions options,
        final Path folder) throws IOException {
        Files.createDirectories(folder);
        final List<Path> files = new ArrayList<>();
        final TreeMap<Integer, String> names = new TreeMap<>(result.labels().names());
        final List<String> scores = new ArrayList<>(List.of("seed,model,site,subject,class,dice,hd95_mm,assd_mm"));
        for (final Score s : result.scores()) {
            scores.add(row(s.seed(), s.model(), s.site(), s.subject(), names.getOrDefault(s.label(), "" + s.label()),
                s.dice(), s.hd95(), s.assd()));
        }
        files.add(write(folder.resolve("scores.csv"), scores));
        final List<String> divergences = new ArrayList<>(List.of("seed,images,class,jsd_nat"));
        for (final Divergence d : result.divergences()) {
            divergences.add(row(d.seed(), d.images(), "overall", d.overall()));
            d.perClass().forEach((label, value) -> divergences
                .add(row(d.seed(), d.images(), names.getOrDefault(label, "" + label), value)));
        }
        files.add(write(folder.resolve("divergence.csv"), divergences));
        final List<String> similarities = new ArrayList<>(List.of("seed,model,site,subject,ncc,mse"));
        for (final Similarity s : result.similarities()) {
            similarities.add(row(s.seed(), s.model(), s.site(), s.subject(), s.ncc(), s.mse()));
        }
        files.add(write(folder.resolve("similarity.csv"), similarities));
        final List<String> tests = new ArrayList<>(List.of("seed,images,accuracy"));
        for (final SiteAccuracy s : result.siteTests()) {
            tests.add(row(s.seed(), s.images(), s.accuracy()));
        }
        files.add(write(folder.resolve("site-accuracy.csv"), tests));
        final List<String> trainings =
            new ArrayList<>(List.of("seed,model,weights,validation_dice,kept_step,curve,seconds"));
        for (final Training t : result.trainings()) {
            trainings.add(row(t.seed(), t.model(), t.weights(), t.validationDice(), t.keptStep(),
                t.ending().title(), t.seconds()));
        }
        files.add(write(folder.resolve("trainings.csv"), trainings));
        final List<String> games = new ArrayList<>(
            List.of("seed,model,sites_recognized,generated_recognized,discriminator_loss_nat"));
        for (final Game g : result.games()) {
            games.add(row(g.seed(), g.model(), g.sitesRecognized(), g.generatedRecognized(), g.discriminatorLoss()));
        }
        files.add(write(folder.resolve("discriminators.csv"), games));
        files.add(write(folder.resolve("adversarial-normalization.md"),
            List.of(new NormalizationStudyPage(result, options).markdown())));
        return files;
    }

    private static String row(final Object... fields) {
        final List<String> texts = new ArrayList<>();
        for (final Object field : fields) {
            if (field instanceof Double value) {
                texts.add(number(value));
            } else {
                final String text = field.toString();
                texts.add(text.matches("[^\",\n]*") ? text : '"' + text.replace("\"", "\"\"") + '"');
            }
        }
        return texts.stream().collect(Collectors.joining(","));
    }

    private static String number(final double value) {
        return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.6f", value);
    }

    private static Path write(final Path file, final List<String> lines) throws IOException {
        return Files.write(file, (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
