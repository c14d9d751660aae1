package org.scanbridge.learning.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import org.scanbridge.learning.architecture.NetworkSpec;
import org.scanbridge.learning.data.Role;
import org.scanbridge.learning.data.TrainingCase;
import org.scanbridge.learning.method.SegmentationOptions;
import org.scanbridge.learning.method.SiteCurriculum;
import org.scanbridge.learning.method.SiteCurriculumOptions;
import org.scanbridge.learning.method.StudyNotices;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.train.Checkpoints;

/**
 * The study of the node Site Curriculum Study on the sites of {@link SiteData}: one site after the other, with replay of some
 * subjects, with averaged weights, and all sites at once for as many steps. A line per network and tested site goes to
 * {@code curriculum.csv}; a seed that is there is not run again, and one that was stopped goes on after its last checkpoint. The
 * verdicts are declared in docs/federated.md.
 */
public final class CurriculumTable {

    private static final int CLASSES = 4;

    private static final double SHARE = 0.5;

    private static final int SAVE_INTERVAL = 100;

    private CurriculumTable() {
    }

    /**
     * @param arguments folder of the results, steps at each site, {@code phantoms} or the folder of the label maps, seeds
     * @throws IOException if the results cannot be written
     */
    public static void main(final String[] arguments) throws IOException {
        final Path folder = Files.createDirectories(Path.of(arguments[0]));
        final Path results = folder.resolve("curriculum.csv");
        if (!Files.exists(results)) {
            Files.writeString(results, "data,steps per site,seed,way,sites,last site,tested,dice\n");
        }
        final int steps = Integer.parseInt(arguments[1]);
        final boolean phantoms = arguments[2].equals("phantoms");
        for (int n = 3; n < arguments.length; n++) {
            final long seed = Long.parseLong(arguments[n]);
            final String begin = String.format("%s,%d,%d,", phantoms ? "phantoms" : "heads", steps, seed);
            if (Files.readAllLines(results).stream().noneMatch(l -> l.startsWith(begin))) {
                final List<SiteCurriculum.Row> rows = run(phantoms ? SiteData.phantoms(seed, SiteData.TRAIN)
                    : SiteData.heads(Path.of(arguments[2]), seed), phantoms ? 2 : 1, steps, seed, folder.resolve("trainings"));
                final StringBuilder lines = new StringBuilder();
                for (final SiteCurriculum.Row r : rows) {
                    lines.append(begin).append(String.format(Locale.ROOT, "%s,%d,%s,%s,%.4f%n", r.way(), r.sites(), r.trained(),
                        r.tested(), r.dice()));
                }
                System.out.print(lines);
                Files.writeString(results, lines, StandardOpenOption.APPEND);
            }
        }
    }

    private static List<SiteCurriculum.Row> run(final SiteData data, final int replay, final int steps, final long seed,
        final Path checkpoints) {
        final List<TrainingCase> test = new ArrayList<>();
        for (int site = 0; site < data.sites().size(); site++) {
            for (final PhantomCases.Pair pair : data.test().get(site)) {
                test.add(new TrainingCase(pair::image, pair::labels, "test " + test.size(), data.sites().get(site),
                    Role.VALIDATION));
            }
        }
        return SiteCurriculum.run(Network.untrained(NetworkSpec.unet3d(CLASSES, 8, 3, data.patch()), seed),
            data.training().stream().flatMap(List::stream).toList(), test,
            new SiteCurriculumOptions(SegmentationOptions.defaults().withSteps(steps).withSeed(seed).withValidationInterval(steps),
                data.sites(), replay, SHARE, true, 1),
            Optional.of(new Checkpoints(checkpoints, SAVE_INTERVAL)), new Printed("^Network [^:]*:"), new StudyNotices());
    }
}
