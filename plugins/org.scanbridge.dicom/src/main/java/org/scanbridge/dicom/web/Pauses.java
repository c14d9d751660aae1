package org.scanbridge.dicom.web;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/**
 * How long to wait before something is tried again: as long as the server says (Retry-After, RFC 9110 10.2.3), else twice
 * as long each time.
 */
final class Pauses {

    /** A server that wants more is not waited for. */
    static final Duration LONGEST = Duration.ofMinutes(2);

    /** Pauses that nobody asked for grow to this. */
    private static final Duration LONGEST_OWN = Duration.ofSeconds(30);

    private final Clock m_clock;

    private final Duration m_first;

    /** Half a second, then twice as long each time. */
    Pauses() {
        this(Clock.systemUTC(), Duration.ofMillis(500));
    }

    /**
     * @param clock tells how far away a date is
     * @param first pause after the first try
     */
    Pauses(final Clock clock, final Duration first) {
        m_clock = clock;
        m_first = first;
    }

    /**
     * What a Retry-After header asks for.
     *
     * @param header seconds, or a date in the form of RFC 9110 5.6.7
     * @return zero for a date that is past; empty if it is neither
     */
    Optional<Duration> asked(final String header) {
        final String text = header.strip();
        if (text.matches("[0-9]{1,9}")) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
        }
        for (final String pattern : new String[]{"EEE, dd MMM yyyy HH:mm:ss zzz", "EEEE, dd-MMM-yy HH:mm:ss zzz"}) {
            try {
                final ZonedDateTime date = ZonedDateTime.parse(text, DateTimeFormatter.ofPattern(pattern, Locale.US));
                final Duration until = Duration.between(m_clock.instant(), date.toInstant());
                return Optional.of(until.isNegative() ? Duration.ZERO : until);
            } catch (final DateTimeException e) {
                continue; // perhaps the next form
            }
        }
        return Optional.empty();
    }

    /** The pause after a number of tries, at least 1. */
    Duration after(final int tries) {
        final Duration own = m_first.multipliedBy(1L << Math.min(tries - 1, 20));
        return own.compareTo(LONGEST_OWN) > 0 ? LONGEST_OWN : own;
    }

    /** Waits. @throws CancellationException if the thread is interrupted */
    void pause(final Duration duration) {
        try {
            Thread.sleep(duration.toMillis());
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (CancellationException)new CancellationException("interrupted").initCause(e);
        }
    }
}
