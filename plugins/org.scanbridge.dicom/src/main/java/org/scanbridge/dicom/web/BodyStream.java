package org.scanbridge.dicom.web;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The body of an answer as a stream that, unlike the JDK's, gives up when nothing comes for a while, and ends when its
 * thread is interrupted. Holds some hundred kilobytes at most: more is asked for only as it is read.
 */
final class BodyStream extends InputStream implements HttpResponse.BodySubscriber<InputStream> {

    /** Pieces of about 16 kB that are under way; keeps the connection busy while the reader works. */
    private static final int WINDOW = 16;

    /** An element of the queue: buffers, or the end with its reason. */
    private record Piece(List<ByteBuffer> buffers, boolean end, Throwable failure) {
    }

    private final BlockingQueue<Piece> m_pieces = new LinkedBlockingQueue<>();

    private final Duration m_patience;

    private volatile Flow.Subscription m_subscription;

    private volatile boolean m_closed;

    private List<ByteBuffer> m_buffers = List.of();

    private int m_index;

    /** Pieces taken since more were asked for. */
    private int m_taken;

    private Piece m_end;

    /** @param patience how long to wait for each piece */
    BodyStream(final Duration patience) {
        m_patience = patience;
    }

    @Override
    public CompletionStage<InputStream> getBody() {
        return CompletableFuture.completedStage(this);
    }

    @Override
    public void onSubscribe(final Flow.Subscription subscription) {
        m_subscription = subscription;
        if (m_closed) {
            subscription.cancel();
        } else {
            subscription.request(WINDOW);
        }
    }

    @Override
    public void onNext(final List<ByteBuffer> buffers) {
        m_pieces.add(new Piece(buffers, false, null));
    }

    @Override
    public void onError(final Throwable failure) {
        m_pieces.add(new Piece(List.of(), true, failure));
    }

    @Override
    public void onComplete() {
        m_pieces.add(new Piece(List.of(), true, null));
    }

    @Override
    public int read() throws IOException {
        final byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /**
     * @throws HttpTimeoutException if nothing came for too long
     * @throws CancellationException if the thread is interrupted
     */
    @Override
    public int read(final byte[] target, final int offset, final int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (m_end == null) {
            while (m_index < m_buffers.size()) {
                final ByteBuffer buffer = m_buffers.get(m_index);
                if (buffer.hasRemaining()) {
                    final int n = Math.min(length, buffer.remaining());
                    buffer.get(target, offset, n);
                    return n;
                }
                m_index++;
            }
            take();
        }
        if (m_end.failure() != null) {
            throw new IOException("The connection broke off", m_end.failure());
        }
        return -1;
    }

    private void take() throws IOException {
        final Piece piece;
        try {
            piece = m_pieces.poll(m_patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (final InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw (CancellationException)new CancellationException("interrupted").initCause(e);
        }
        if (piece == null) {
            close();
            throw new HttpTimeoutException("nothing came for " + m_patience.toSeconds() + " s");
        }
        if (piece.end()) {
            m_end = piece;
            return;
        }
        m_buffers = piece.buffers();
        m_index = 0;
        m_taken++;
        if (m_taken == WINDOW / 2) {
            // not each by itself: asking wakes the thread of the connections
            m_subscription.request(m_taken);
            m_taken = 0;
        }
    }

    @Override
    public void close() {
        m_closed = true;
        final Flow.Subscription subscription = m_subscription;
        if (subscription != null) {
            subscription.cancel();
        }
    }
}
