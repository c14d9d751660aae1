package org.scanbridge.dicom.experiment;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.scanbridge.dicom.nifti.NiftiReader;
import org.scanbridge.dicom.series.Problem;
import org.scanbridge.dicom.study.DicomStudyOptions;
import org.scanbridge.dicom.study.DicomStudyReader;
import org.scanbridge.dicom.study.Folders;
import org.scanbridge.dicom.study.Study;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.Geometry;

/**
 * Compares the reader with dcm2niix, folder by folder: the same number of volumes, with the same corners to a thousandth of a
 * millimeter. Prints a line for each folder, and a table of what differs. No part of the tests; run it with the program and
 * the folders whose sub-folders hold a series each: {@code ConverterComparison /usr/bin/dcm2niix folder…}.
 */
public final class ConverterComparison {

    private static final double TOLERANCE = 1e-3;

    private static final int SECONDS = 120;

    private final String m_program;

    private final ExecutorService m_executor = Executors.newFixedThreadPool(2);

    private ConverterComparison(final String program) {
        m_program = program;
    }

    /** @param args the program, then folders */
    public static void main(final String[] args) throws Exception {
        final ConverterComparison comparison = new ConverterComparison(args[0]);
        try {
            comparison.run(Arrays.stream(args).skip(1).map(Path::of).toList(), System.out);
        } finally {
            comparison.m_executor.shutdownNow();
        }
    }

    private void run(final List<Path> roots, final PrintStream out) throws IOException, InterruptedException {
        final Map<String, Integer> counts = new TreeMap<>();
        for (final Path root : roots) {
            for (final Path folder : leaves(root)) {
                final List<Geometry> theirs = converted(folder);
                final Study study = read(folder);
                final List<Geometry> ours = study.series().stream().map(s -> s.geometry()).toList();
                final String verdict = theirs.isEmpty() ? ours.isEmpty() ? "neither" : "ours only"
                    : same(ours, theirs) ? "same" : ours.isEmpty() ? "theirs only" : "differ";
                counts.merge(verdict, 1, Integer::sum);
                out.println(verdict + "\t" + root.relativize(folder) + "\t" + ours.size() + "\t" + theirs.size());
                if (verdict.equals("differ")) {
                    out.println("\tours   " + ours.stream().map(ConverterComparison::words).distinct().toList());
                    out.println("\ttheirs " + theirs.stream().map(ConverterComparison::words).distinct().toList());
                }
                for (final Problem p : study.problems()) {
                    out.println("\t" + p.kind() + " " + p.effect() + " " + p.file() + ": " + p.message());
                }
            }
        }
        out.println(counts);
    }

    private static List<Path> leaves(final Path root) throws IOException {
        try (Stream<Path> paths = Files.walk(root)) {
            return paths.filter(Files::isDirectory).filter(d -> {
                try (Stream<Path> files = Files.list(d)) {
                    return files.anyMatch(Files::isRegularFile);
                } catch (final IOException e) {
                    return false;
                }
            }).sorted().toList();
        }
    }

    private Study read(final Path folder) throws IOException {
        return new DicomStudyReader(DicomStudyOptions.defaults().withHash(false)).read(folder, Progress.NONE, m_executor);
    }

    private List<Geometry> converted(final Path folder) throws IOException, InterruptedException {
        final Path target = Files.createTempDirectory("converted");
        try {
            final Process process = new ProcessBuilder(m_program, "-b", "n", "-z", "n", "-d", "0", "-w", "2", "-f", "%s_%p", "-o",
                target.toString(), folder.toString()).redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            final List<Geometry> grids = new ArrayList<>();
            try (Stream<Path> files = Files.list(target)) {
                for (final Path file : files.filter(f -> f.toString().endsWith(".nii")).sorted().toList()) {
                    try {
                        final NiftiReader.Grid grid = NiftiReader.readGrid(file);
                        for (int v = 0; v < grid.volumes(); v++) {
                            grids.add(grid.geometry());
                        }
                    } catch (final IOException e) {
                        System.out.println("\tnot read: " + file.getFileName() + " " + e.getMessage());
                    }
                }
            }
            return grids;
        } finally {
            Folders.deleteTree(target);
        }
    }

    private static boolean same(final List<Geometry> ours, final List<Geometry> theirs) {
        final List<Geometry> left = new ArrayList<>(theirs);
        for (final Geometry g : ours) {
            if (left.stream().filter(t -> same(g, t)).findFirst().map(left::remove).isEmpty()) {
                return false;
            }
        }
        return left.isEmpty();
    }

    /** Whether two grids have the same corners, whatever the order of their axes; without a place in the patient, the size. */
    private static boolean same(final Geometry a, final Geometry b) {
        if (isUnplaced(a) && isUnplaced(b) && Arrays.equals(a.size(), b.size())) {
            return true;
        }
        return Arrays.equals(Arrays.stream(a.size()).sorted().toArray(), Arrays.stream(b.size()).sorted().toArray())
            && corners(a).stream().allMatch(p -> corners(b).stream().anyMatch(q -> Math.abs(p[0] - q[0]) <= TOLERANCE
                && Math.abs(p[1] - q[1]) <= TOLERANCE && Math.abs(p[2] - q[2]) <= TOLERANCE));
    }

    /** Images without a position lie at the origin. */
    private static boolean isUnplaced(final Geometry g) {
        final double[] o = g.position(0, 0, 0);
        return o[0] == 0 && o[1] == 0 && o[2] == 0;
    }

    private static List<double[]> corners(final Geometry g) {
        final List<double[]> corners = new ArrayList<>();
        for (int c = 0; c < 8; c++) {
            corners.add(
                g.position((c & 1) * (g.size(0) - 1), (c >> 1 & 1) * (g.size(1) - 1), (c >> 2) * (g.size(2) - 1)));
        }
        return corners;
    }

    private static String words(final Geometry g) {
        final double[] p = g.position(0, 0, 0);
        final double[] q = g.position(g.size(0) - 1, g.size(1) - 1, g.size(2) - 1);
        return g + String.format(Locale.ROOT, " from %.4f,%.4f,%.4f to %.4f,%.4f,%.4f", p[0], p[1], p[2], q[0], q[1], q[2]);
    }
}
