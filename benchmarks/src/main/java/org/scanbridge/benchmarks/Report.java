package org.scanbridge.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Locale;
import java.util.TreeMap;

import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Runs the benchmarks whose names match an expression and prints a table for docs/benchmarks.md, with the machine. */
public final class Report {

    private static final double MB = 1e6;

    private Report() {
    }

    /**
     * @param args a regular expression of benchmark names; none for all
     * @throws RunnerException if a benchmark fails
     */
    public static void main(final String[] args) throws RunnerException {
        final Collection<RunResult> results = new Runner(new OptionsBuilder()
            .include(args.length == 0 ? ".*" : args[0]).addProfiler(GCProfiler.class).addProfiler(ProcessorTime.class)
            .shouldFailOnError(true).build()).run();
        System.out.printf(Locale.ROOT, "%nMachine: %s, %d processors; Java %s (%s), %s %s%n%n", processor(),
            Runtime.getRuntime().availableProcessors(), System.getProperty("java.version"),
            System.getProperty("java.vm.name"), System.getProperty("os.name"), System.getProperty("os.version"));
        System.out.println("| benchmark | fastest | mean | processor, least | allocated |\n|---|---|---|---|---|");
        final TreeMap<String, RunResult> sorted = new TreeMap<>();
        for (final RunResult r : results) {
            sorted.put(r.getParams().getBenchmark(), r);
        }
        sorted.forEach((name, r) -> {
            final Result<?> time = r.getPrimaryResult();
            final Result<?> processor = r.getSecondaryResults().get(ProcessorTime.LABEL);
            final Result<?> bytes = r.getSecondaryResults().get("gc.alloc.rate.norm");
            System.out.printf(Locale.ROOT, "| %s | %.2f s | %.2f s | %.2f s | %.0f MB |%n",
                name.substring(name.lastIndexOf('.') + 1), time.getStatistics().getMin(), time.getScore(),
                processor.getStatistics().getMin(), bytes.getScore() / MB);
        });
    }

    private static String processor() {
        try {
            return Files.readAllLines(Path.of("/proc/cpuinfo")).stream().filter(l -> l.startsWith("model name"))
                .map(l -> l.substring(l.indexOf(':') + 1).strip()).findFirst().orElse(System.getProperty("os.arch"));
        } catch (final IOException e) {
            // Not Linux: the architecture has to do.
            return System.getProperty("os.arch");
        }
    }
}
