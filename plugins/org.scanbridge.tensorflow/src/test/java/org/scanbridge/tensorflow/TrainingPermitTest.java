package org.scanbridge.tensorflow;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TrainingPermitTest {

    private static final Runnable NOTHING = () -> {
    };

    @Test
    void secondTrainingWaitsForTheFirst() throws Exception {
        final TrainingPermit first = TrainingPermit.acquire(NOTHING);
        final CompletableFuture<Void> waiting = new CompletableFuture<>();
        final CompletableFuture<Void> second = CompletableFuture.runAsync(() -> {
            TrainingPermit.acquire(() -> waiting.complete(null)).close();
        });
        waiting.get(10, TimeUnit.SECONDS);
        assertTrue(!second.isDone());
        first.close();
        second.get(10, TimeUnit.SECONDS);
    }

    @Test
    @SuppressWarnings("try") // the permit is held, not used
    void waitingCanBeCancelled() {
        try (TrainingPermit held = TrainingPermit.acquire(NOTHING)) {
            final CompletableFuture<Void> second = CompletableFuture.runAsync(() -> TrainingPermit.acquire(() -> {
                throw new CancellationException("the user's");
            }));
            assertCancelled(second);
        }
        TrainingPermit.acquire(NOTHING).close();
    }

    @Test
    void closingTwiceFreesOnce() {
        final TrainingPermit first = TrainingPermit.acquire(NOTHING);
        first.close();
        final TrainingPermit second = TrainingPermit.acquire(NOTHING);
        first.close();
        final CompletableFuture<Void> third = CompletableFuture.runAsync(() -> TrainingPermit.acquire(() -> {
            throw new CancellationException("still held, as it should be");
        }));
        assertCancelled(third);
        second.close();
    }

    private static void assertCancelled(final CompletableFuture<Void> work) {
        final ExecutionException failure =
            assertThrows(ExecutionException.class, () -> work.get(10, TimeUnit.SECONDS));
        assertInstanceOf(CancellationException.class, failure.getCause());
    }
}
