package org.scanbridge.benchmarks;

import java.lang.management.ManagementFactory;
import java.util.Collection;
import java.util.List;

import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.ScalarResult;

import com.sun.management.OperatingSystemMXBean;

/** Processor time of all threads per operation, which other load on the machine hardly changes. */
public final class ProcessorTime implements InternalProfiler {

    /** Name of the result. */
    static final String LABEL = "processor.time";

    private static final double NANOS = 1e9;

    private final OperatingSystemMXBean m_system =
        (OperatingSystemMXBean)ManagementFactory.getOperatingSystemMXBean();

    private long m_start;

    @Override
    public String getDescription() {
        return "Processor time of all threads";
    }

    @Override
    public void beforeIteration(final BenchmarkParams benchmark, final IterationParams iteration) {
        m_start = m_system.getProcessCpuTime();
    }

    @Override
    public Collection<ScalarResult> afterIteration(final BenchmarkParams benchmark, final IterationParams iteration,
        final IterationResult result) {
        final double seconds = (m_system.getProcessCpuTime() - m_start) / NANOS;
        return List.of(new ScalarResult(LABEL, seconds / result.getMetadata().getAllOps(), "s", AggregationPolicy.AVG));
    }
}
