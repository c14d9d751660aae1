package org.scanbridge.knime.batch.execution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class GraphRunnerTest {

    private final List<Integer> m_done = Collections.synchronizedList(new ArrayList<>());

    private ExecutorService m_pool;

    @BeforeEach
    void start() {
        m_pool = Executors.newFixedThreadPool(4);
    }

    @AfterEach
    void stop() {
        m_pool.shutdownNow();
    }

    /** A diamond: 1 before 2 and 3, these before 4; 5 stands alone. */
    private static Map<Integer, Set<Integer>> diamond() {
        final Map<Integer, Set<Integer>> graph = new LinkedHashMap<>();
        graph.put(1, Set.of());
        graph.put(2, Set.of(1));
        graph.put(3, Set.of(1));
        graph.put(4, Set.of(2, 3));
        graph.put(5, Set.of());
        return graph;
    }

    @Test
    void oneThreadKeepsTheOrder() {
        new GraphRunner<>(diamond(), Runnable::run, m_done::add).run();
        assertEquals(Set.of(1, 2, 3, 4, 5), Set.copyOf(m_done));
        final ExecutorService single = Executors.newSingleThreadExecutor();
        m_done.clear();
        new GraphRunner<>(diamond(), single, m_done::add).run();
        single.shutdown();
        assertEquals(List.of(1, 5, 2, 3, 4), m_done, "what becomes ready together starts in the given order");
    }

    @Test
    void independentStepsRunAtOnce() {
        final CyclicBarrier both = new CyclicBarrier(2);
        new GraphRunner<>(diamond(), m_pool, key -> {
            if (key == 2 || key == 3) {
                meet(both);
            }
            return m_done.add(key);
        }).run();
        assertEquals(4, m_done.stream().filter(k -> k != 5).reduce((a, b) -> b).orElseThrow(), "4 comes last");
    }

    private static void meet(final CyclicBarrier barrier) {
        try {
            barrier.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException | BrokenBarrierException | TimeoutException ex) {
            throw new IllegalStateException("the other step does not run", ex);
        }
    }

    @Test
    void whatDependsOnAFailedStepIsNotRun() {
        new GraphRunner<>(diamond(), m_pool, key -> {
            m_done.add(key);
            return key != 2;
        }).run();
        assertEquals(Set.of(1, 2, 3, 5), Set.copyOf(m_done));
    }

    @Test
    void anExceptionIsThrownAfterTheOthersAreDone() {
        final IllegalStateException failure = new IllegalStateException("broken");
        final GraphRunner<Integer> runner = new GraphRunner<>(diamond(), m_pool, key -> {
            if (key == 2) {
                throw failure;
            }
            return m_done.add(key);
        });
        assertSame(failure, assertThrows(IllegalStateException.class, runner::run));
        assertEquals(Set.of(1, 3, 5), Set.copyOf(m_done));
    }

    @Test
    void nothingToDo() {
        new GraphRunner<Integer>(Map.of(), m_pool, m_done::add).run();
        assertEquals(List.of(), m_done);
    }
}
