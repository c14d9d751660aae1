package org.scanbridge.dicom.web;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.scanbridge.dicom.archive.ArchiveException;
import org.scanbridge.dicom.archive.ArchiveException.Kind;
import org.scanbridge.dicom.web.MultipartStream.Part;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Multipart bodies as RFC 2046 5.1 defines them, and as they come when something goes wrong. */
class MultipartStreamTest {

    private static byte[] ascii(final String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static List<String> parts(final String body, final String boundary) throws IOException {
        final MultipartStream stream = new MultipartStream(new ByteArrayInputStream(ascii(body)), boundary);
        final List<String> parts = new ArrayList<>();
        for (Optional<Part> part = stream.next(); part.isPresent(); part = stream.next()) {
            parts.add(new String(part.get().body().readAllBytes(), StandardCharsets.ISO_8859_1));
        }
        return parts;
    }

    /** The example of RFC 2046 5.1.1, with preamble, epilogue, a part without headers and one that ends with a line. */
    @Test
    void readsTheExampleOfTheStandard() throws Exception {
        final String body = "This is the preamble.  It is to be ignored, though it\r\nis a handy place for composition agents to"
            + " include an\r\nexplanatory note to non-MIME conformant readers.\r\n\r\n--simple boundary\r\n\r\nThis is implicitly"
            + " typed plain US-ASCII text.\r\nIt does NOT end with a linebreak.\r\n--simple boundary\r\nContent-type: text/plain;"
            + " charset=us-ascii\r\n\r\nThis is explicitly typed plain US-ASCII text.\r\nIt DOES end with a linebreak.\r\n\r\n"
            + "--simple boundary--\r\n\r\nThis is the epilogue.  It is also to be ignored.";
        assertEquals(List.of("This is implicitly typed plain US-ASCII text.\r\nIt does NOT end with a linebreak.",
            "This is explicitly typed plain US-ASCII text.\r\nIt DOES end with a linebreak.\r\n"), parts(body, "simple boundary"));
    }

    @Test
    void readsHeadersOfAnyCaseAndFold() throws Exception {
        final MultipartStream stream = new MultipartStream(new ByteArrayInputStream(
            ascii("--b  \r\nCONTENT-type: application/dicom;\r\n transfer-syntax=1.2\r\nContent-Length: 3\r\n\r\nabc\r\n--b--")), "b");
        final Part part = stream.next().orElseThrow();
        assertEquals("application/dicom; transfer-syntax=1.2", part.header("content-type"));
        assertArrayEquals(ascii("abc"), part.body().readAllBytes());
        assertTrue(stream.next().isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--b", "--b\r\n", "--b\r\nContent-Type: application/dicom\r\n", "--b\r\n\r\nabc",
        "--b\r\n\r\nabc\r\n", "--b\r\n\r\nabc\r\n--", "--b\r\n\r\nabc\r\n--b", "--b\r\n\r\nabc\r\n--b-", "--b\r\n\r\nabc\r\n--bb--",
        "--b\r\nno colon\r\n\r\nabc\r\n--b--", "--b\r\nContent-Length: 4\r\n\r\nabc\r\n--b--",
        "--b\r\nContent-Length: 2\r\n\r\nabc\r\n--b--", "plain text"})
    void refusesHalfAnAnswer(final String body) {
        assertEquals(Kind.BROKEN_ANSWER, assertThrows(ArchiveException.class, () -> parts(body, "b")).kind());
    }

    @Test
    void knowsBoundariesWithQuotesAndWithout() {
        assertEquals(Optional.of("a=b; c"),
            MediaType.parse("Multipart/Related; type=\"application/dicom\"; boundary=\"a=b; c\"").parameter("boundary"));
        assertEquals(Optional.of("a-b"), MediaType.parse("multipart/related;boundary=a-b;type=application/dicom").parameter("boundary"));
        assertEquals("multipart/related", MediaType.parse("Multipart/Related; boundary").type());
        assertEquals(Optional.empty(), MediaType.parse("multipart/related; boundary=").parameter("boundary"));
    }

    /** A stream that gives a few bytes at a time, as a network does. */
    private static InputStream dripping(final byte[] bytes, final long seed) {
        final Random random = new Random(seed);
        return new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(final byte[] target, final int offset, final int length) {
                return super.read(target, offset, Math.min(length, 1 + random.nextInt(40)));
            }
        };
    }

    /** What was put together comes apart again, however it arrives, also if parts nearly hold the boundary. */
    @Property(tries = 300)
    void givesBackWhatWasPutIn(@ForAll @Size(min = 1, max = 4) final List<@IntRange(max = 70_000) Integer> sizes,
        @ForAll final long seed) throws Exception {
        final Random random = new Random(seed);
        final List<byte[]> parts = new ArrayList<>();
        for (final int size : sizes) {
            final byte[] part = new byte[random.nextBoolean() ? size % 300 : size];
            final byte[] near = ascii("\r\n--bounda\r\n--\r");
            for (int i = 0; i < part.length; i++) {
                part[i] = near[(i + random.nextInt(2)) % near.length];
            }
            parts.add(part);
        }
        final MultipartStream stream = new MultipartStream(
            dripping(ScriptedServer.multipart("boundary", parts.toArray(byte[][]::new)), seed), "boundary");
        for (final byte[] part : parts) {
            assertArrayEquals(part, stream.next().orElseThrow().body().readAllBytes());
        }
        assertTrue(stream.next().isEmpty());
    }

    /** 10 000 damaged bodies: either an error of the kind that is retried, or parts that end where a boundary stands. */
    @Property(tries = 10_000)
    void survivesDamage(@ForAll final long seed) throws Exception {
        final Random random = new Random(seed);
        byte[] body = ScriptedServer.multipart("b0", new byte[random.nextInt(200)], ascii("\r\n--b0x"), new byte[random.nextInt(50)]);
        for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
            final int at = random.nextInt(body.length);
            switch (random.nextInt(4)) {
                case 0 -> body[at] = (byte)random.nextInt(256);
                case 1 -> body = java.util.Arrays.copyOf(body, at + 1);
                case 2 -> System.arraycopy(body, 0, body, at, Math.min(at, body.length - at));
                default -> body[at] = ascii("\r\n-b0:")[random.nextInt(6)];
            }
        }
        final MultipartStream stream = new MultipartStream(dripping(body, seed), "b0");
        long bytes = 0;
        try {
            for (Optional<Part> part = stream.next(); part.isPresent(); part = stream.next()) {
                bytes += part.get().body().readAllBytes().length;
            }
        } catch (final ArchiveException e) {
            assertEquals(Kind.BROKEN_ANSWER, e.kind());
            return;
        }
        assertTrue(bytes <= body.length, "more than was sent");
        assertTrue(new String(body, StandardCharsets.ISO_8859_1).contains("--b0--"), "an end that nobody sent");
    }
}
