package org.scanbridge.dicom.web;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import org.scanbridge.dicom.archive.Archive;
import org.scanbridge.dicom.archive.ArchiveException;
import org.scanbridge.dicom.archive.ArchiveException.Kind;
import org.scanbridge.dicom.archive.ArchiveQuery;
import org.scanbridge.dicom.archive.ArchiveSettings;
import org.scanbridge.dicom.archive.InstanceReceiver;
import org.scanbridge.dicom.archive.QueryLevel;
import org.scanbridge.dicom.archive.SeriesKey;
import org.scanbridge.dicom.archive.StoreResult;
import org.scanbridge.dicom.archive.StoreResult.Outcome;
import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.DicomException;
import org.scanbridge.dicom.data.DicomFile;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.data.Uid;
import org.scanbridge.dicom.web.MultipartStream.Part;
import org.scanbridge.dicom.web.WebClient.Answer;
import org.scanbridge.dicom.web.WebClient.Question;
import org.scanbridge.imaging.Progress;

/** An archive that speaks DICOMweb: the Studies Service of PS3.18 section 10. */
final class DicomWebArchive implements Archive {

    private static final String JSON = "application/dicom+json";

    private static final String DICOM = "application/dicom";

    /**
     * How instances are asked for, best first. Without a transfer syntax a server must give uncompressed ones (PS3.18
     * 8.7.3.5.2), which some cannot make of all they have; those that do not know {@code *} get the second.
     */
    private static final List<String> ACCEPT = List.of("multipart/related; type=\"application/dicom\"; transfer-syntax=*",
        "multipart/related; type=\"application/dicom\"", "multipart/related; type=\"application/dicom\", application/dicom");

    /** Answers that say that what was asked for in this form is not to be had. */
    private static final Set<Integer> ANOTHER_FORM = Set.of(400, 406, 415, 500, 501);

    /** Answers of servers that do not know a resource; those for it are optional (PS3.18 table 10.6.1-2). */
    private static final Set<Integer> NO_RESOURCE = Set.of(400, 404, 405, 501);

    /** How many matches are asked for at once. */
    private static final int PAGE = 500;

    /** Largest text of a page: some hundred times what matches take. */
    private static final long MAX_PAGE = 64L << 20;

    /** More than this is a mistake, or a server without end. */
    private static final int MAX_MATCHES = 1 << 20;

    private final ArchiveSettings m_settings;

    private final WebClient m_client;

    private final String m_root;

    /** Which of {@link #ACCEPT} worked last. */
    private final AtomicInteger m_accept = new AtomicInteger();

    DicomWebArchive(final ArchiveSettings settings, final WebClient client) {
        m_settings = Objects.requireNonNull(settings, "settings");
        m_client = Objects.requireNonNull(client, "client");
        m_root = settings.address().toString().replaceFirst("/+$", "");
    }

    private ArchiveException broken(final String what) {
        return new ArchiveException(Kind.BROKEN_ANSWER, "The archive " + m_settings.name() + " sent " + what + ".");
    }

    @Override
    public void check() throws ArchiveException {
        final Page page = page(Question.get("query", URI.create(m_root + "/studies?limit=1"), JSON));
        if (page.refusal().isPresent()) {
            throw page.refusal().get();
        }
    }

    // Queries

    /**
     * An answer to a query.
     *
     * @param matches what it holds
     * @param partial whether it says that there are more
     * @param refusal why there is none, if the server does not know what was asked for in this form
     */
    private record Page(List<DataSet> matches, boolean partial, Optional<ArchiveException> refusal) {
    }

    @Override
    public void query(final ArchiveQuery query, final Consumer<DataSet> matches, final Progress progress)
        throws ArchiveException {
        final Matches found = new Matches(query, matches, progress);
        final Optional<ArchiveException> refusal = pages(query, resource(query), found);
        if (refusal.isEmpty()) {
            return;
        }
        if (query.level() != QueryLevel.SERIES || isOneUid(query.keys().get(Tag.STUDY_INSTANCE_UID))) {
            throw refusal.get();
        }
        // Not every server looks for series of all studies (PS3.18 table 10.6.1-2): study by study then.
        for (final String study : studies(query, progress)) {
            final Optional<ArchiveException> ofStudy = pages(query, "/studies/" + study + "/series", found);
            if (ofStudy.isPresent()) {
                throw ofStudy.get();
            }
        }
    }

    private static String resource(final ArchiveQuery query) {
        final String study = query.keys().getOrDefault(Tag.STUDY_INSTANCE_UID, "");
        final String series = query.keys().getOrDefault(Tag.SERIES_INSTANCE_UID, "");
        final String in = isOneUid(study) ? "/studies/" + study : "";
        return switch (query.level()) {
            case STUDY -> "/studies";
            case SERIES -> in + "/series";
            case INSTANCE -> in + (!in.isEmpty() && isOneUid(series) ? "/series/" + series : "") + "/instances";
        };
    }

    private static boolean isOneUid(final String key) {
        return key != null && SeriesKey.isUid(key);
    }

    /** The studies that series may be in: the keys of this level and, for their modality, Modalities in Study. */
    private Set<String> studies(final ArchiveQuery query, final Progress progress) throws ArchiveException {
        final Map<Integer, String> keys = new TreeMap<>();
        query.keys().forEach((tag, value) -> {
            if (QueryLevel.of(tag) == QueryLevel.STUDY) {
                keys.put(tag, value);
            } else if (tag == Tag.MODALITY) {
                keys.put(Tag.MODALITIES_IN_STUDY, value);
            }
        });
        final Set<String> studies = new TreeSet<>();
        final ArchiveQuery ofStudies = new ArchiveQuery(QueryLevel.STUDY, keys, Set.of());
        final Optional<ArchiveException> refusal = pages(ofStudies, "/studies",
            new Matches(ofStudies, m -> studies.add(m.text(Tag.STUDY_INSTANCE_UID)), progress));
        if (refusal.isPresent()) {
            throw refusal.get();
        }
        return studies;
    }

    /** Collects the matches of one query, each once. */
    private final class Matches {

        private final ArchiveQuery m_query;

        private final Consumer<DataSet> m_target;

        private final Progress m_progress;

        private final Set<String> m_seen = new HashSet<>();

        Matches(final ArchiveQuery query, final Consumer<DataSet> target, final Progress progress) {
            m_query = query;
            m_target = target;
            m_progress = progress;
        }

        /** Takes the matches of a page; returns how many are new. */
        int add(final Page page, final String resource) throws ArchiveException {
            int fresh = 0;
            for (final DataSet told : page.matches()) {
                final DataSet match = within(told, resource);
                require(match, m_query.level().uniqueKey());
                if (m_query.level() == QueryLevel.SERIES) {
                    require(match, Tag.STUDY_INSTANCE_UID);
                }
                if (m_seen.add(match.text(m_query.level().uniqueKey()))) {
                    fresh++;
                    if (m_query.allows(match)) {
                        m_target.accept(match);
                    }
                }
            }
            if (m_seen.size() > MAX_MATCHES) {
                throw new ArchiveException(Kind.REFUSED, "The archive " + m_settings.name() + " has more than " + MAX_MATCHES
                    + " matches. Narrow the query, for example by dates.");
            }
            m_progress.report(0, m_seen.size() + " found");
            return fresh;
        }
    }

    private void require(final DataSet match, final int uid) throws ArchiveException {
        if (!SeriesKey.isUid(match.text(uid))) {
            throw broken("a match without the UID " + Tag.toString(uid) + ", which every match must have");
        }
    }

    /** A match with the UIDs of the levels above, which a server need not repeat where the address has them. */
    private static DataSet within(final DataSet match, final String resource) {
        final String[] steps = resource.split("/");
        DataSet whole = match;
        for (int s = 1; s + 1 < steps.length; s += 2) {
            final int key = steps[s].equals("studies") ? Tag.STUDY_INSTANCE_UID : Tag.SERIES_INSTANCE_UID;
            whole = whole.hasValue(key) ? whole : whole.toBuilder().text(key, steps[s + 1]).build();
        }
        return whole;
    }

    /**
     * Asks page by page until one brings nothing new: the end is not told by a page that is not full, since servers have
     * limits of their own that not all of them mention.
     *
     * @return the refusal of a server that does not know the resource; empty if all matches are there
     */
    private Optional<ArchiveException> pages(final ArchiveQuery query, final String resource, final Matches found)
        throws ArchiveException {
        for (int offset = 0;;) {
            final Page page = page(question(query, resource, "limit=" + PAGE + "&offset=" + offset));
            if (page.refusal().isPresent()) {
                return offset == 0 ? whole(query, resource, found) : page.refusal();
            }
            if (page.matches().isEmpty()) {
                return Optional.empty();
            }
            if (found.add(page, resource) == 0) {
                // The same again: it does not know offset. What did not fit into its answer must come without a limit.
                return page.partial() || page.matches().size() >= PAGE ? whole(query, resource, found) : Optional.empty();
            }
            offset += page.matches().size();
        }
    }

    /** Asks without pages, for servers that know none. */
    private Optional<ArchiveException> whole(final ArchiveQuery query, final String resource, final Matches found)
        throws ArchiveException {
        final Page page = page(question(query, resource, ""));
        if (page.refusal().isEmpty()) {
            found.add(page, resource);
            if (page.partial()) {
                throw broken("only the first " + page.matches().size() + " matches, and knows no way to ask for the others."
                    + " Narrow the query, for example by dates");
            }
        }
        return page.refusal();
    }

    private Question question(final ArchiveQuery query, final String resource, final String paging) {
        final List<String> parameters = new ArrayList<>();
        query.keys().forEach((tag, value) -> {
            if (!resource.contains("/" + value + "/")) {
                parameters.add(hex(tag) + "=" + encoded(tag, value));
            }
        });
        final Set<Integer> fields = new TreeSet<>(query.attributes());
        fields.addAll(query.keys().keySet()); // so that what a server does not match can be told
        fields.forEach(tag -> parameters.add("includefield=" + hex(tag)));
        if (!paging.isEmpty()) {
            parameters.add(paging);
        }
        return Question.get("query of " + (query.level() == QueryLevel.STUDY ? "studies"
            : query.level() == QueryLevel.SERIES ? "series" : "instances"),
            URI.create(m_root + resource + (parameters.isEmpty() ? "" : "?" + String.join("&", parameters))), JSON);
    }

    private static String hex(final int tag) {
        return String.format("%08X", tag);
    }

    /** A value in UTF-8 with percent signs (RFC 3986); lists of UIDs with commas (PS3.18 8.3.4.1). */
    private static String encoded(final int tag, final String value) {
        final boolean uid = tag == Tag.STUDY_INSTANCE_UID || tag == Tag.SERIES_INSTANCE_UID || tag == Tag.SOP_INSTANCE_UID;
        return URLEncoder.encode(uid ? value.replace('\\', ',') : value, StandardCharsets.UTF_8).replace("+", "%20")
            .replace("%2C", ",");
    }

    private Page page(final Question question) throws ArchiveException {
        try {
            return m_client.ask(question, () -> true, answer -> {
                if (answer.status() == 204) {
                    return new Page(List.of(), answer.partial(), Optional.empty());
                }
                if (answer.status() == 404 && question.address().getPath().contains("/studies/")) {
                    // The study is not there: the resource itself every server must have (PS3.18 table 10.6.1-2).
                    return new Page(List.of(), false, Optional.empty());
                }
                if (NO_RESOURCE.contains(answer.status())) {
                    return new Page(List.of(), false, Optional.of(m_client.refused(question, answer)));
                }
                if (!answer.isSuccess()) {
                    throw m_client.refused(question, answer);
                }
                return new Page(dataSets(answer), answer.partial(), Optional.empty());
            });
        } catch (final ArchiveException e) {
            throw e;
        } catch (final IOException e) {
            throw new IllegalStateException("Nothing is read but the answer", e);
        }
    }

    /** The data sets of an answer; none if it is empty. */
    private List<DataSet> dataSets(final Answer answer) throws IOException {
        final String type = answer.type().type();
        if (!type.isEmpty() && !type.contains("json")) {
            throw broken("an answer of the type \"" + type.replaceAll("[^a-z0-9/.+-]", "?") + "\" where DICOM JSON was asked"
                + " for. Check that \"Address\" is that of the DICOMweb service");
        }
        final InputStream bounded = new BoundedStream(answer.body(), MAX_PAGE, () -> broken("an answer of more than "
            + (MAX_PAGE >> 20) + " MB for " + PAGE + " matches"));
        final PushbackInputStream body = new PushbackInputStream(bounded);
        final int first = body.read();
        final List<DataSet> dataSets = new ArrayList<>();
        if (first >= 0) {
            body.unread(first);
            DicomJson.read(new InputStreamReader(body, charset(answer.type())), dataSets::add);
        }
        return dataSets;
    }

    /** JSON is UTF-8 (RFC 8259 8.1); a server that says otherwise is believed. */
    private static Charset charset(final MediaType type) {
        final Optional<String> name = type.parameter("charset");
        try {
            return name.isPresent() && Charset.isSupported(name.get()) ? Charset.forName(name.get()) : StandardCharsets.UTF_8;
        } catch (final IllegalCharsetNameException e) {
            return StandardCharsets.UTF_8;
        }
    }

    // Retrieval

    @Override
    public void retrieve(final SeriesKey series, final Set<String> instances, final InstanceReceiver receiver,
        final Progress progress) throws IOException {
        final URI address = URI.create(m_root + "/studies/" + series.study() + "/series/" + series.series());
        if (instances.isEmpty()) {
            retrieve("series", address, receiver, progress, 0);
            return;
        }
        int done = 0;
        for (final String instance : new TreeSet<>(instances)) {
            if (!SeriesKey.isUid(instance)) {
                throw new IllegalArgumentException("A SOP Instance UID that was asked for is no UID");
            }
            retrieve("instance", URI.create(address + "/instances/" + instance), receiver, progress, done++);
        }
    }

    /** Asks in the form that worked last, then in the others. */
    private void retrieve(final String what, final URI address, final InstanceReceiver receiver, final Progress progress,
        final int done) throws IOException {
        final int first = m_accept.get();
        Optional<ArchiveException> refusal = Optional.empty();
        for (int i = 0; i < ACCEPT.size(); i++) {
            final int form = (first + i) % ACCEPT.size();
            final Question question = Question.get(what + " retrieval", address, ACCEPT.get(form));
            final AtomicLong count = new AtomicLong();
            // What was received once is not sent for again as a whole: whoever asks knows what is missing.
            final Optional<ArchiveException> refused = m_client.ask(question, () -> count.get() == 0, answer -> {
                if (ANOTHER_FORM.contains(answer.status())) {
                    return Optional.of(m_client.refused(question, answer));
                }
                if (!answer.isSuccess()) {
                    throw m_client.refused(question, answer);
                }
                parts(answer, file -> {
                    receiver.receive(file);
                    count.incrementAndGet();
                    progress.report(0, (done + count.get()) + " received");
                });
                return Optional.empty();
            });
            if (refused.isEmpty()) {
                m_accept.set(form);
                return;
            }
            refusal = refusal.isPresent() ? refusal : refused;
        }
        throw refusal.orElseThrow();
    }

    private void parts(final Answer answer, final InstanceReceiver receiver) throws IOException {
        final MediaType type = answer.type();
        if (answer.status() == 204) {
            return;
        }
        if (type.type().equals(DICOM)) {
            // A single instance without parts, which a server may send if asked for one (PS3.18 8.7.4).
            receiver.receive(answer.body());
            return;
        }
        if (!type.type().equals("multipart/related")) {
            throw broken("an answer of the type \"" + type.type().replaceAll("[^a-z0-9/.+-]", "?") + "\" where images were"
                + " asked for");
        }
        final MultipartStream parts = new MultipartStream(answer.body(), type.parameter("boundary")
            .orElseThrow(() -> broken("a multipart answer whose Content-Type has no boundary")));
        Optional<Part> part = parts.next();
        while (part.isPresent()) {
            receiver.receive(content(part.get()));
            part = parts.next();
        }
    }

    private InputStream content(final Part part) throws IOException {
        final String type = MediaType.parse(part.header("content-type")).type();
        if (!type.isEmpty() && !type.equals(DICOM) && !type.equals("application/octet-stream")) {
            throw broken("a part of the type \"" + type.replaceAll("[^a-z0-9/.+-]", "?") + "\" where an image was asked for");
        }
        final String encoding = part.header("content-encoding").toLowerCase(Locale.ROOT);
        if (encoding.isEmpty() || encoding.equals("identity") || encoding.equals("binary")) {
            return part.body();
        }
        if (!encoding.equals("gzip")) {
            throw broken("a part compressed as \"" + encoding.replaceAll("[^a-z0-9-]", "?") + "\", which nobody asked for");
        }
        return m_client.unzipped(part.body());
    }

    // Storage

    @Override
    public StoreResult store(final Path file) throws IOException {
        final String sopClass;
        final String sopInstance;
        final String study;
        final String series;
        try (DicomFile dicom = DicomFile.open(file)) {
            sopClass = dicom.data().requiredText(Tag.SOP_CLASS_UID);
            sopInstance = dicom.data().requiredText(Tag.SOP_INSTANCE_UID);
            study = dicom.data().requiredText(Tag.STUDY_INSTANCE_UID);
            series = dicom.data().requiredText(Tag.SERIES_INSTANCE_UID);
            if (dicom.meta().text(Tag.TRANSFER_SYNTAX_UID).isEmpty()) {
                throw new DicomException(DicomException.Reason.MISSING_ATTRIBUTE,
                    "The file has no file meta information with its transfer syntax");
            }
        }
        // No other instance has this UID, so its hash is no part of the content, nor of another try.
        final String boundary = "scanbridge-" + Uid.derived(sopInstance).substring("2.25.".length());
        final byte[] head = ("--" + boundary + "\r\nContent-Type: application/dicom\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        final byte[] tail = ("\r\n--" + boundary + "--\r\n").getBytes(StandardCharsets.US_ASCII);
        final Question question = new Question("storage", URI.create(m_root + "/studies"), JSON,
            "multipart/related; type=\"application/dicom\"; boundary=" + boundary,
            Optional.of(() -> BodyPublishers.concat(BodyPublishers.ofByteArray(head), content(file),
                BodyPublishers.ofByteArray(tail))));
        final StoreAnswer said = m_client.ask(question, () -> true, answer -> {
            if (answer.status() != 409 && !answer.isSuccess()) {
                final ArchiveException refusal = m_client.refused(question, answer);
                if (refusal.kind() == Kind.NOT_ALLOWED) {
                    throw refusal;
                }
                return new StoreAnswer(answer.status(), Optional.empty(), refusal.getMessage());
            }
            return new StoreAnswer(answer.status(), answer.type().type().contains("json")
                ? dataSets(answer).stream().findFirst() : Optional.empty(), "");
        });
        final Optional<StoreResult> told = said.of(sopClass, sopInstance);
        if (told.isPresent()) {
            return told.get();
        }
        // Neither stored nor refused, so what counts is whether it is there.
        final boolean there = isThere(study, series, sopInstance);
        return new StoreResult(sopClass, sopInstance, there ? Outcome.WARNING : Outcome.REFUSED, StoreResult.NO_CODE,
            there ? "The archive has the instance, but does not say whether it is as it was sent (status " + said.status() + ")."
                : "The archive gives no reason (status " + said.status() + "), and does not have the instance.");
    }

    private boolean isThere(final String study, final String series, final String instance) throws ArchiveException {
        final List<DataSet> found = new ArrayList<>();
        query(new ArchiveQuery(QueryLevel.INSTANCE, Map.of(Tag.STUDY_INSTANCE_UID, study, Tag.SERIES_INSTANCE_UID, series,
            Tag.SOP_INSTANCE_UID, instance), Set.of()), found::add, Progress.NONE);
        return !found.isEmpty();
    }

    private static BodyPublisher content(final Path file) {
        try {
            return BodyPublishers.ofFile(file);
        } catch (final FileNotFoundException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        // The JDK's client lives as long as it is used.
    }
}
