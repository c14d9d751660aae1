package org.scanbridge.dicom.web;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

import javax.net.ssl.SSLException;

import org.scanbridge.dicom.archive.ArchiveException;
import org.scanbridge.dicom.archive.ArchiveException.Kind;
import org.scanbridge.dicom.archive.ArchiveSettings;
import org.scanbridge.dicom.archive.Credentials;

/**
 * Asks a server over HTTP: credentials for it and nobody else, redirects, waiting where it is busy, trying again. Safe for
 * use by several threads.
 */
final class WebClient {

    /** What RFC 9110 and RFC 6585 call temporary. */
    private static final Set<Integer> TEMPORARY = Set.of(408, 429, 502, 503, 504);

    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    private static final int MAX_REDIRECTS = 5;

    /** How much of a refusal's text is read. */
    private static final int REASON = 4096;

    /** How much of it is shown. */
    private static final int SHOWN = 200;

    /** Where servers put their reason in JSON. */
    private static final Pattern JSON_REASON =
        Pattern.compile("\"(?:Details|Message|message|error)\"\\s*:\\s*\"([^\"\\\\]+)\"");

    /** The slowest line on which what is stored may still arrive, in bytes per second. */
    private static final long SLOWEST = 50_000;

    private final ArchiveSettings m_settings;

    private final Pauses m_pauses;

    private final HttpClient m_client;

    /** For hosts that the archive redirects to, which get no client certificate. */
    private final HttpClient m_others;

    /** @throws ArchiveException if certificates cannot be used */
    WebClient(final ArchiveSettings settings, final Pauses pauses) throws ArchiveException {
        m_settings = settings;
        m_pauses = pauses;
        m_client = client(settings.credentials());
        m_others = settings.credentials().certificate().isEmpty() ? m_client : client(Credentials.NONE);
    }

    private HttpClient client(final Credentials credentials) throws ArchiveException {
        // Version 1.1: several connections at once, and no upgrade is offered that old servers stumble over.
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(m_settings.timeout()).sslContext(Trust.context(m_settings.authorities(), credentials)).build();
    }

    /**
     * A question.
     *
     * @param what for messages, such as "query of series"
     * @param address where it goes
     * @param accept the Accept header
     * @param contentType of what is sent
     * @param content what is sent; made anew for each try; empty for GET
     */
    record Question(String what, URI address, String accept, String contentType, Optional<Supplier<BodyPublisher>> content) {

        static Question get(final String what, final URI address, final String accept) {
            return new Question(what, address, accept, "", Optional.empty());
        }
    }

    /**
     * An answer.
     *
     * @param status the status code; neither a redirect nor temporary
     * @param type its media type
     * @param warning its Warning header; empty if there is none
     * @param partial whether it says that this is not all: status 206, or a warning of code 299 (PS3.18 8.3.4.4)
     * @param body uncompressed
     */
    record Answer(int status, MediaType type, String warning, boolean partial, InputStream body) {

        boolean isSuccess() {
            return status >= 200 && status < 300;
        }
    }

    /** Reads an answer. */
    @FunctionalInterface
    interface Reading<T> {
        T read(Answer answer) throws IOException;
    }

    /**
     * Asks, and reads the answer, until it was read or trying again is of no use.
     *
     * @param repeatable whether the answer may be read once more after it broke off
     * @param reading gets answers of any status but temporary ones
     * @throws ArchiveException if there was no answer, or reading one threw
     * @throws IOException that of reading, if it is not the server's fault
     */
    <T> T ask(final Question question, final Supplier<Boolean> repeatable, final Reading<T> reading) throws IOException {
        for (int tries = 1;; tries++) {
            Duration pause = m_pauses.after(tries);
            ArchiveException failure;
            try {
                final HttpResponse<InputStream> response = exchange(question);
                try (InputStream body = response.body()) {
                    if (!TEMPORARY.contains(response.statusCode())) {
                        return reading.read(answer(response));
                    }
                    failure = refused(question, answer(response));
                    final Optional<Duration> asked =
                        response.headers().firstValue("Retry-After").flatMap(m_pauses::asked);
                    if (asked.isPresent() && asked.get().compareTo(Pauses.LONGEST) > 0) {
                        throw new ArchiveException(Kind.REFUSED, failure.getMessage() + " It asks to wait "
                            + asked.get().toSeconds() + " s; run the node again then.");
                    }
                    pause = asked.orElse(pause);
                }
            } catch (final ArchiveException e) {
                if (e.kind() != Kind.BROKEN_ANSWER && e.kind() != Kind.NOT_REACHABLE || isFinal(e)) {
                    throw e;
                }
                failure = e;
            }
            if (tries >= m_settings.tries() || !repeatable.get()) {
                throw failure;
            }
            m_pauses.pause(pause);
        }
    }

    /** A wrong name or a lack of trust is the same the next time. */
    private static boolean isFinal(final ArchiveException e) {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException || cause instanceof SSLException && !isReset(cause)) {
                return true;
            }
        }
        return false;
    }

    /** A server that goes down in the middle of a handshake. */
    private static boolean isReset(final Throwable failure) {
        return String.valueOf(failure.getMessage()).matches("(?i).*(reset|terminated|closed|eof).*");
    }

    private HttpResponse<InputStream> exchange(final Question question) throws IOException {
        URI address = question.address();
        for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
            final HttpResponse<InputStream> response = send(question, address);
            if (!REDIRECTS.contains(response.statusCode())) {
                return response;
            }
            response.body().close();
            address = redirect(question, address, response);
        }
        throw new ArchiveException(Kind.BROKEN_ANSWER, "The archive " + m_settings.name() + " redirects the " + question.what()
            + " in a circle.");
    }

    private URI redirect(final Question question, final URI from, final HttpResponse<?> response) throws ArchiveException {
        final String location = response.headers().firstValue("Location").orElse("");
        URI to;
        try {
            to = from.resolve(location);
        } catch (final IllegalArgumentException e) {
            to = URI.create("");
        }
        if (location.isBlank() || to.getHost() == null) {
            throw new ArchiveException(Kind.BROKEN_ANSWER, "The archive " + m_settings.name() + " redirects the "
                + question.what() + " without saying where to.");
        }
        if (question.content().isPresent() && response.statusCode() < 307) {
            throw new ArchiveException(Kind.REFUSED, "The archive " + m_settings.name() + " redirects what is stored with status "
                + response.statusCode() + ", which loses it; give the address that it redirects to, on " + to.getHost() + ".");
        }
        if (!isOrigin(to) && !m_settings.hosts().contains(to.getHost().toLowerCase(Locale.ROOT))) {
            throw new ArchiveException(Kind.NOT_ALLOWED, "The archive " + m_settings.name() + " redirects the " + question.what()
                + " to " + to.getScheme() + "://" + to.getHost() + (to.getPort() < 0 ? "" : ":" + to.getPort())
                + ", which is another server. If that is right, add \"" + to.getHost() + "\" to \"Further hosts\".");
        }
        DicomWebConnector.requireEncryption(to, m_settings.plain());
        return to;
    }

    /** Scheme, host and port as in the settings: there, and nowhere else, credentials go. */
    private boolean isOrigin(final URI address) {
        final URI own = m_settings.address();
        return own.getScheme().equalsIgnoreCase(address.getScheme()) && own.getHost().equalsIgnoreCase(address.getHost())
            && port(own) == port(address);
    }

    private static int port(final URI address) {
        return address.getPort() >= 0 ? address.getPort() : address.getScheme().equalsIgnoreCase("https") ? 443 : 80;
    }

    private HttpResponse<InputStream> send(final Question question, final URI address) throws ArchiveException {
        final boolean origin = isOrigin(address);
        final HttpRequest.Builder request = HttpRequest.newBuilder(address).timeout(m_settings.timeout())
            .header("Accept", question.accept());
        if (origin) {
            authorization().ifPresent(a -> request.header("Authorization", a));
        }
        if (question.content().isPresent()) {
            final BodyPublisher content = question.content().get().get();
            // The time limit counts the sending, too.
            request.header("Content-Type", question.contentType()).POST(content)
                .timeout(m_settings.timeout().plusSeconds(Math.max(0, content.contentLength()) / SLOWEST));
        }
        try {
            return (origin ? m_client : m_others).send(request.build(), info -> new BodyStream(m_settings.timeout()));
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (CancellationException)new CancellationException("interrupted").initCause(e);
        } catch (final IOException e) {
            throw notReachable(address, e);
        }
    }

    private Optional<String> authorization() {
        final Credentials who = m_settings.credentials();
        if (!who.token().isEmpty()) {
            return Optional.of("Bearer " + who.token());
        }
        // RFC 7617 with UTF-8, which servers expect of other than ASCII.
        return who.user().isEmpty() ? Optional.empty() : Optional.of("Basic " + Base64.getEncoder()
            .encodeToString((who.user() + ":" + who.password()).getBytes(StandardCharsets.UTF_8)));
    }

    private ArchiveException notReachable(final URI address, final IOException e) {
        final String name = address.getHost() + (address.getPort() < 0 ? "" : ":" + address.getPort());
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnresolvedAddressException) {
                return new ArchiveException(Kind.NOT_REACHABLE, "There is no host " + address.getHost()
                    + ". Check \"Address\" and the network.", e);
            }
            if (cause instanceof SSLException && !isReset(cause)) {
                return new ArchiveException(Kind.NOT_REACHABLE, "The archive " + name + " and this computer do not trust each"
                    + " other (TLS: " + cause.getMessage() + "). Give the hospital's certificate authority in \"Certificate"
                    + " file\", or a client certificate if the archive asks for one.", e);
            }
        }
        return new ArchiveException(Kind.NOT_REACHABLE, e instanceof ConnectException
            ? "The archive " + name + " cannot be reached. Check \"Address\", and whether it is running."
            : "The archive " + name + " does not answer (" + (e instanceof HttpTimeoutException ? "after "
                + m_settings.timeout().toSeconds() + " s" : "the connection broke off") + ").", e);
    }

    private Answer answer(final HttpResponse<InputStream> response) throws IOException {
        final String encoding =
            response.headers().firstValue("Content-Encoding").orElse("").strip().toLowerCase(Locale.ROOT);
        InputStream body = new AnswerStream(response.body(), m_settings.name());
        if (encoding.equals("gzip") || encoding.equals("x-gzip")) {
            body = unzipped(body);
        } else if (!encoding.isEmpty() && !encoding.equals("identity")) {
            throw new ArchiveException(Kind.BROKEN_ANSWER, "The archive " + m_settings.name() + " compressed its answer as \""
                + encoding.replaceAll("[^a-z0-9,-]", "?") + "\", which nobody asked for.");
        }
        final String warning = response.headers().firstValue("Warning").orElse("");
        return new Answer(response.statusCode(), MediaType.parse(response.headers().firstValue("Content-Type").orElse("")),
            warning, response.statusCode() == 206 || warning.strip().startsWith("299"), body);
    }

    /** The content of a body or part that is compressed with gzip. */
    InputStream unzipped(final InputStream body) throws IOException {
        try {
            return new AnswerStream(new GZIPInputStream(body), m_settings.name());
        } catch (final EOFException | ZipException e) {
            throw new ArchiveException(Kind.BROKEN_ANSWER, "The archive " + m_settings.name()
                + " says that its answer is compressed with gzip, which it is not.", e);
        }
    }

    /** The error for an answer that is no success, with the server's reason. */
    ArchiveException refused(final Question question, final Answer answer) {
        final int status = answer.status();
        final String reason = reason(answer);
        final String text = "The archive " + m_settings.name() + " refused the " + question.what() + " with status " + status
            + (reason.isEmpty() ? "." : ": " + reason);
        if (status == 401 || status == 403 || status == 407) {
            return new ArchiveException(Kind.NOT_ALLOWED, text + (m_settings.credentials().equals(Credentials.NONE)
                ? " Give credentials in \"Credentials file\"." : " Check the credentials, and what this user may do."));
        }
        return new ArchiveException(Kind.REFUSED, text);
    }

    /** The first words of a refusal, on one line, without credentials that a server may send back. */
    private String reason(final Answer answer) {
        String text;
        try {
            text = new String(answer.body().readNBytes(REASON), StandardCharsets.UTF_8);
        } catch (final IOException e) {
            return ""; // the status must do
        }
        final Matcher json = JSON_REASON.matcher(text);
        if (answer.type().type().contains("json")) {
            text = json.find() ? json.group(1) : "";
        } else if (answer.type().type().contains("html") || text.stripLeading().startsWith("<")) {
            text = text.replaceAll("(?s)<(style|script|head).*?</\\1>", " ").replaceAll("<[^>]*>", " ");
        }
        final Credentials who = m_settings.credentials();
        for (final String secret : new String[]{who.password(), who.token(), who.certificatePassword(),
            authorization().map(a -> a.substring(a.indexOf(' ') + 1)).orElse("")}) {
            text = secret.isEmpty() ? text : text.replace(secret, "…");
        }
        text = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        return text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
    }
}
