package org.scanbridge.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The workflow of the README, from DICOM files to the report, with tiny networks and a few steps; and what it says and
 * returns when something is wrong.
 */
class MainWorkflowIT {

    private static final String NAME = "Adapt a model to a new site";

    private static final List<String> TINY = List.of("-option=1,subjectsPerSite,5,int", "-option=1,size,24,int",
        "-option=5,baseWidth,4,int", "-option=5,levels,2,int", "-option=5,patchSize,16,int", "-option=6,training/steps,3,int",
        "-option=7,training/steps,3,int", "-option=8,training/steps,3,int");

    @TempDir
    private static Path s_root;

    private static Path s_home;

    private static Path s_workflow;

    /** The DICOM files of the synthetic study, kept by the first run. */
    private static Path s_study;

    private static Path s_firstResults;

    private static String s_firstOutput;

    @TempDir
    private Path m_dir;

    private record Ended(int code, String output) {

        Ended expect(final int expected, final String... texts) {
            assertEquals(expected, code, output);
            for (final String text : texts) {
                assertTrue(output.contains(text), () -> "\"" + text + "\" is not in:\n" + output);
            }
            return this;
        }
    }

    @BeforeAll
    static void runOnce() throws Exception {
        s_home = Files.createDirectories(s_root.resolve("a checkout"));
        Installation.create(s_home);
        s_workflow = s_root.resolve(NAME);
        Installation.copyFolder(Path.of(System.getProperty("batch.script")).resolveSibling("workflows").resolve(NAME),
            s_workflow);
        s_study = s_root.resolve("study");
        s_firstResults = s_root.resolve("results 1");
        final Ended ended = run(s_workflow, tiny("-option=1,folder," + s_study + ",String",
            "-workflow.variable=outputDir," + s_firstResults + ",String"));
        s_firstOutput = ended.expect(0, "Workflow executed sucessfully").output;
    }

    private static List<String> tiny(final String... more) {
        final List<String> arguments = new ArrayList<>(TINY);
        arguments.addAll(List.of(more));
        return arguments;
    }

    private static Ended run(final Path workflow, final List<String> more) throws Exception {
        final List<String> arguments = new ArrayList<>(
            List.of("-reset", "-nosave", "-failonloaderror", "-workflowDir=" + workflow));
        arguments.addAll(more);
        final Path log = Files.createTempFile(s_root, "run", ".log");
        final Process process = Installation.start(new ProcessBuilder(), s_home, s_root, log, arguments);
        if (!process.waitFor(6, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            fail("The process did not end: " + Files.readString(log));
        }
        return new Ended(process.exitValue(), Files.readString(log));
    }

    private Ended runOn(final Path study) throws Exception {
        return run(s_workflow, tiny("-workflow.variable=studyDir," + study + ",String",
            "-workflow.variable=outputDir," + m_dir.resolve("results") + ",String"));
    }

    private Path brokenStudy() throws IOException {
        final Path study = m_dir.resolve("study");
        Installation.copyFolder(s_study, study);
        return study;
    }

    /** Image files of the first subject, ordered by name; the segmentation is the one whose name says so. */
    private static List<Path> slices(final Path study) throws IOException {
        final List<Path> images;
        try (Stream<Path> files = Files.walk(study)) {
            images = files.filter(Files::isRegularFile).filter(f -> f.getFileName().toString().endsWith(".dcm"))
                .filter(f -> !f.toString().toLowerCase(Locale.ROOT).contains("seg")).sorted().toList();
        }
        final Path folder = images.get(0).getParent();
        return images.stream().filter(f -> f.getParent().equals(folder)).toList();
    }

    @Test
    void writesReportScoresDivergencesAndManifest() throws IOException {
        final List<String> scores = Files.readAllLines(s_firstResults.resolve("scores.csv"));
        assertEquals("subject,site,role,domain,model,class,dice", scores.get(0));
        final TreeSet<String> models = new TreeSet<>();
        final TreeSet<String> roles = new TreeSet<>();
        final TreeSet<String> domains = new TreeSet<>();
        scores.stream().skip(1).map(l -> l.split(",", -1)).forEach(f -> {
            roles.add(f[2]);
            domains.add(f[3]);
            models.add(f[4]);
        });
        assertEquals(List.of("adapted", "oracle", "source-only"), List.copyOf(models));
        assertEquals(List.of("test"), List.copyOf(roles));
        assertEquals(List.of("source", "target"), List.copyOf(domains));
        final List<String> divergence = Files.readAllLines(s_firstResults.resolve("divergence.csv"));
        assertEquals("normalization,class,jsd", divergence.get(0));
        assertEquals(1 + 2 * 4, divergence.size(), "raw and normalized, overall and three classes");
        final String manifest = Files.readString(s_firstResults.resolve("manifest.json"));
        for (final String key : List.of("seed", "settings", "versions", "inputs", "studySha256", "device", "timings", "models")) {
            assertTrue(manifest.contains("\"" + key + "\""), key + " is not in " + manifest);
        }
        assertTrue(Files.readString(s_firstResults.resolve("report.html")).contains("data:image/png;base64,"));
        assertTrue(s_firstOutput.contains("Report: " + s_firstResults.resolve("report.html")), s_firstOutput);
    }

    @Test
    void sameSeedGivesSameBytesAndTheStudyFolderGivesTheSameAsTheSyntheticSites() throws Exception {
        runOn(s_study).expect(0);
        assertEquals(Files.readString(s_firstResults.resolve("scores.csv")),
            Files.readString(m_dir.resolve("results/scores.csv")));
        assertEquals(weights(s_firstResults), weights(m_dir.resolve("results")));
    }

    private static List<String> weights(final Path results) throws IOException {
        final Matcher matcher = Pattern.compile("\"weightsSha256\": \"([0-9a-f]{64})\"")
            .matcher(Files.readString(results.resolve("manifest.json")));
        final List<String> hashes = matcher.results().map(r -> r.group(1)).toList();
        assertEquals(3, hashes.size());
        return hashes;
    }

    @Test
    void namesAFileThatIsGarbage() throws Exception {
        final Path study = brokenStudy();
        final Path slice = slices(study).get(5);
        Files.writeString(slice, "garbage ".repeat(200));
        runOn(study).expect(4, study.relativize(slice).toString(), "If something cannot be used");
        assertFalse(Files.exists(m_dir.resolve("results")), "a report was written");
    }

    @Test
    void namesASliceThatIsMissing() throws Exception {
        final Path study = brokenStudy();
        Files.delete(slices(study).get(5));
        runOn(study).expect(4, "slice 6 of 24 is missing", "Add the missing file");
    }

    @Test
    void namesALabelValueThatIsOutOfRange() throws Exception {
        final Path study = brokenStudy();
        final Path segmentation;
        try (Stream<Path> files = Files.walk(study)) {
            segmentation = files.filter(f -> f.getFileName().toString().toLowerCase(Locale.ROOT).contains("seg"))
                .filter(Files::isRegularFile).sorted().findFirst().orElseThrow();
        }
        final byte[] bytes = Files.readAllBytes(segmentation);
        // Segment Number (0062,0004) and Referenced Segment Number (0062,000B), explicit VR US of 2 bytes: 3 becomes 300.
        int changed = 0;
        for (final int element : new int[]{0x04, 0x0b}) {
            final byte[] head = {0x62, 0, (byte)element, 0, 'U', 'S', 2, 0, 3, 0};
            for (int at = 0; at + head.length <= bytes.length; at++) {
                if (Arrays.equals(head, Arrays.copyOfRange(bytes, at, at + head.length))) {
                    bytes[at + 8] = (byte)(300 & 0xff);
                    bytes[at + 9] = (byte)(300 >> 8);
                    changed++;
                }
            }
        }
        assertTrue(changed > 1, "the segmentation has no third segment");
        Files.write(segmentation, bytes);
        runOn(study).expect(4, "300", study.relativize(segmentation).toString());
    }

    @Test
    void namesAStudyThatIsNotThere() throws Exception {
        runOn(m_dir.resolve("nowhere")).expect(4, m_dir.resolve("nowhere").toString());
    }

    @Test
    void namesANodeThatNoExtensionHas() throws Exception {
        final Path workflow = m_dir.resolve(NAME);
        Installation.copyFolder(s_workflow, workflow);
        final Path settings = workflow.resolve("Volume Normalizer (#3)/settings.xml");
        Files.writeString(settings, Files.readString(settings).replace("VolumeNormalizerNodeFactory", "NobodyNodeFactory"));
        run(workflow, tiny()).expect(3, "Node \"Volume Normalizer\" not available");
    }

    @Test
    void namesAFolderThatCannotBeWritten() throws Exception {
        final Path file = Files.writeString(m_dir.resolve("file"), "no folder", StandardCharsets.UTF_8);
        run(s_workflow, tiny("-workflow.variable=studyDir," + s_study + ",String",
            "-workflow.variable=outputDir," + file.resolve("results") + ",String"))
                .expect(4, "The report cannot be written to " + file.resolve("results"), "Choose another folder");
    }

    @Test
    void namesAMisspelledOption() throws Exception {
        run(s_workflow, tiny("-option=6,training/stepz,5,int")).expect(2, "stepz");
        run(s_workflow, tiny("-option=66,training/steps,5,int")).expect(2, "66");
        run(s_workflow, tiny("-optoin=6,training/steps,5,int")).expect(2, "-optoin");
    }
}
