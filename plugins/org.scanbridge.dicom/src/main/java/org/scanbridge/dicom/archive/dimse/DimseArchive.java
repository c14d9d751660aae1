package org.scanbridge.dicom.archive.dimse;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;

import org.scanbridge.dicom.archive.Archive;
import org.scanbridge.dicom.archive.ArchiveException;
import org.scanbridge.dicom.archive.ArchiveException.Kind;
import org.scanbridge.dicom.archive.ArchiveQuery;
import org.scanbridge.dicom.archive.ArchiveSettings;
import org.scanbridge.dicom.archive.InstanceReceiver;
import org.scanbridge.dicom.archive.QueryLevel;
import org.scanbridge.dicom.archive.SeriesKey;
import org.scanbridge.dicom.archive.StatusCode;
import org.scanbridge.dicom.archive.StoreResult;
import org.scanbridge.dicom.archive.StoreResult.Outcome;
import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.SopClass;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.data.TransferSyntax;
import org.scanbridge.dicom.pixel.DicomDecoders;
import org.scanbridge.imaging.Progress;

/**
 * An archive that speaks DIMSE. Each question has an association of its own; retrievals by C-MOVE go one after the other, since
 * they share a port.
 */
public final class DimseArchive implements Archive {

    private static final String VERIFICATION = "1.2.840.10008.1.1";

    /** More than this is a mistake, or an archive without end. */
    private static final int MAX_MATCHES = 1 << 20;

    /** How many instances one request names: some ten thousand characters, of 65534 that a value may have. */
    private static final int MAX_INSTANCES = 200;

    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    /** How often somebody looks whether what is waited for has come, in ms. */
    private static final long POLL = 50;

    private static final int DESTINATION_UNKNOWN = 0xA801;

    /** The answer to what nobody asked for. */
    private static final int UNASKED = StatusCode.NOT_AUTHORIZED;

    private final ArchiveSettings m_settings;

    private final DimsePeer m_peer;

    private final DimsePort m_port;

    private final Offer m_offer;

    private final Duration m_firstPause;

    /** Held by the retrieval that the port is open for. */
    private final ReentrantLock m_moving = new ReentrantLock(true);

    /** Takes what arrives at the receiving port; null if nobody asked. */
    private final AtomicReference<Reception> m_arriving = new AtomicReference<>();

    /** What listens on the receiving port; null before the first C-MOVE. Guarded by the lock. */
    private Closeable m_listener;

    /** Kinds of the instances of series, as far as queries told. Guarded by itself. */
    private final Map<SeriesKey, Set<String>> m_classes = new HashMap<>();

    /** Modalities of series, as far as queries told. Guarded by the kinds. */
    private final Map<SeriesKey, String> m_modalities = new HashMap<>();

    /**
     * @param settings how the archive is reached
     * @param peer the same, checked
     * @param port sends and receives; closed with this
     */
    public DimseArchive(final ArchiveSettings settings, final DimsePeer peer, final DimsePort port) {
        this(settings, peer, port, DicomDecoders.standard()::supports, FIRST_PAUSE);
    }

    /** @param firstPause before the second try */
    DimseArchive(final ArchiveSettings settings, final DimsePeer peer, final DimsePort port,
        final Predicate<TransferSyntax> decodes, final Duration firstPause) {
        m_settings = Objects.requireNonNull(settings, "settings");
        m_peer = Objects.requireNonNull(peer, "peer");
        m_port = Objects.requireNonNull(port, "port");
        m_offer = new Offer(decodes);
        m_firstPause = Objects.requireNonNull(firstPause, "firstPause");
    }

    // Trying again

    /** What is tried. */
    @FunctionalInterface
    private interface Attempt<T> {
        T run() throws IOException;
    }

    /** A failure that may be none the next time. */
    private static final class Temporary extends IOException {

        private static final long serialVersionUID = 1L;

        private final transient ArchiveException m_failure;

        Temporary(final ArchiveException failure) {
            super(failure);
            m_failure = failure;
        }
    }

    /** @param repeatable whether it may be tried again after it failed */
    private <T> T attempt(final Attempt<T> attempt, final BooleanSupplier repeatable) throws IOException {
        Duration pause = m_firstPause;
        for (int tries = 1;; tries++) {
            ArchiveException failure;
            try {
                return attempt.run();
            } catch (final DimseException e) {
                failure = words(e);
                if (isFinal(e)) {
                    throw failure;
                }
            } catch (final Temporary e) {
                failure = e.m_failure;
            } catch (final ArchiveException e) {
                if (e.kind() != Kind.NOT_REACHABLE && e.kind() != Kind.BROKEN_ANSWER) {
                    throw e;
                }
                failure = e;
            }
            if (tries >= m_settings.tries() || !repeatable.getAsBoolean()) {
                throw failure;
            }
            sleep(pause.toMillis());
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
        }
    }

    private static void sleep(final long milliseconds) {
        try {
            Thread.sleep(milliseconds);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (CancellationException)new CancellationException("interrupted").initCause(e);
        }
    }

    private static boolean isFinal(final DimseException e) {
        return switch (e.failure()) {
            case NO_HOST, NO_TRUST, PORT -> true;
            case REJECTED -> e.result() != 2; // rejected-transient
            default -> false;
        };
    }

    private ArchiveException words(final DimseException e) {
        return switch (e.failure()) {
            case NO_HOST -> new ArchiveException(Kind.NOT_REACHABLE, "There is no host " + m_peer.host()
                + ". Check \"Address\" and the network.", e);
            case NO_CONNECTION -> new ArchiveException(Kind.NOT_REACHABLE, "The archive " + m_settings.name()
                + " cannot be reached. Check \"Address\" (the port is that of DIMSE, often 104 or 11112), and whether it is"
                + " running.", e);
            case SILENT -> new ArchiveException(Kind.NOT_REACHABLE, "The archive " + m_settings.name()
                + " does not answer (after " + m_settings.timeout().toSeconds() + " s).", e);
            case NO_TRUST -> new ArchiveException(Kind.NOT_REACHABLE, "The archive " + m_settings.name()
                + " and this computer do not trust each other (TLS: "
                + (e.getCause() == null ? "no reason" : e.getCause().getMessage()) + "). Give the hospital's certificate"
                + " authority in \"Certificate file\", or a client certificate if the archive asks for one; if it has"
                + " no TLS, use dicom instead of dicoms.", e);
            case REJECTED -> rejected(e);
            case ABORTED -> new ArchiveException(Kind.BROKEN_ANSWER, "The archive " + m_settings.name()
                + " broke off the association. Its log says why.", e);
            case BROKEN -> new ArchiveException(Kind.BROKEN_ANSWER, "The connection to the archive " + m_settings.name()
                + " broke off. If that happens each time, \"Address\" may be that of something else than DIMSE.", e);
            case PORT -> new ArchiveException(Kind.NOT_ALLOWED, "\"Receiving port\" " + m_peer.receivingPort()
                + " cannot be opened on this computer"
                + (e.getCause() == null ? "" : " (" + e.getCause().getClass().getSimpleName() + ")")
                + "; another program or node may use it. Choose another one that the archive knows, or 0 for C-GET.", e);
        };
    }

    /** PS3.8 table 9-21. */
    private ArchiveException rejected(final DimseException e) {
        final int code = e.source() << 8 | e.reason();
        if (code == 0x0103) {
            return new ArchiveException(Kind.NOT_ALLOWED, "The archive " + m_settings.name() + " does not know \""
                + m_peer.callingTitle() + "\". Have its administrator enter this title for this computer, or give the one that it"
                + " knows in \"Own title\".", e);
        }
        if (code == 0x0107) {
            return new ArchiveException(Kind.NOT_ALLOWED, "The archive " + m_settings.name() + " is not called \""
                + m_peer.calledTitle() + "\". Correct the title before the @ in \"Address\".", e);
        }
        final boolean identity = !m_settings.credentials().user().isEmpty();
        if (code == 0x0101 && e.result() != 2) {
            return new ArchiveException(Kind.NOT_ALLOWED, "The archive " + m_settings.name() + " refuses the association without"
                + " a reason. Check the titles in \"Address\" and \"Own title\""
                + (identity ? ", and user and password in \"Credentials file\"." : "."), e);
        }
        final String reason = switch (code) {
            case 0x0102 -> "it is no DICOM application";
            case 0x0202 -> "it speaks another version of the protocol";
            case 0x0301 -> "it is congested";
            case 0x0302 -> "it has too many connections";
            default -> "reason " + e.source() + "." + e.reason();
        };
        return new ArchiveException(Kind.REFUSED, "The archive " + m_settings.name() + " refuses the association for "
            + (e.result() == 2 ? "now" : "ever") + ": " + reason + ".", e);
    }

    private ArchiveException broken(final String what) {
        return new ArchiveException(Kind.BROKEN_ANSWER, "The archive " + m_settings.name() + " sent " + what + ".");
    }

    /** Lets success pass. */
    private void require(final boolean done, final DimseStatus status, final String what, final String way) throws IOException {
        if (done) {
            return;
        }
        final ArchiveException refusal =
            new ArchiveException(status.code() == StatusCode.NOT_AUTHORIZED ? Kind.NOT_ALLOWED : Kind.REFUSED, "The archive "
                + m_settings.name() + " refused the " + what + ": " + status + "." + way);
        if (status.isTemporary()) {
            throw new Temporary(refusal);
        }
        throw refusal;
    }

    /** Lets only services pass that the archive offers. */
    private void require(final DimseAssociation association, final String sopClass, final String what, final String way)
        throws ArchiveException {
        if (association.accepted(sopClass).isEmpty()) {
            throw new ArchiveException(Kind.REFUSED, "The archive " + m_settings.name() + " does not offer " + what
                + " to \"" + m_peer.callingTitle() + "\"." + way);
        }
    }

    private Patience patience(final Progress progress) {
        return new Patience(m_settings.name(), m_settings.timeout(), progress);
    }

    private static DimseContext service(final String sopClass) {
        return DimseContext.of(sopClass, TransferSyntax.EXPLICIT_LITTLE_ENDIAN.uid(),
            TransferSyntax.IMPLICIT_LITTLE_ENDIAN.uid());
    }

    /** For what cannot throw anything else: nothing but the archive is asked. */
    private static ArchiveException onlyArchive(final IOException e) {
        if (e instanceof ArchiveException) {
            return (ArchiveException)e;
        }
        throw new IllegalStateException("Nothing is read but the answer", e);
    }

    @Override
    public void check() throws ArchiveException {
        try {
            attempt(() -> {
                try (DimseAssociation association = m_port.open(List.of(service(VERIFICATION)))) {
                    require(association, VERIFICATION, "C-ECHO", "");
                    final DimseStatus status = association.echo(patience(Progress.NONE));
                    require(status.isSuccess(), status, "C-ECHO", "");
                    return status;
                }
            }, () -> true);
        } catch (final IOException e) {
            throw onlyArchive(e);
        }
    }

    // Queries

    @Override
    public void query(final ArchiveQuery query, final Consumer<DataSet> matches, final Progress progress)
        throws ArchiveException {
        final List<DataSet> found;
        try {
            found = attempt(() -> search(query, progress), () -> true);
        } catch (final IOException e) {
            throw onlyArchive(e);
        }
        for (final DataSet match : found) {
            remember(query.level(), match);
            matches.accept(match);
        }
    }

    private List<DataSet> search(final ArchiveQuery query, final Progress progress) throws IOException {
        try (DimseAssociation association = m_port.open(List.of(service(StudyRoot.FIND)))) {
            require(association, StudyRoot.FIND, "C-FIND", " Have its administrator allow it.");
            final Patience patience = patience(progress);
            List<DataSet> parents = List.of(DataSet.EMPTY);
            for (final QueryLevel level : QueryLevel.values()) {
                if (level.compareTo(query.level()) <= 0) {
                    parents = level(association, StudyRoot.at(level, query), level == query.level(), parents, patience);
                }
            }
            return parents;
        }
    }

    /** The matches of one level within those of the level above. */
    private List<DataSet> level(final DimseAssociation association, final ArchiveQuery atLevel, final boolean asked,
        final List<DataSet> parents, final Patience patience) throws IOException {
        final int key = atLevel.level().uniqueKey();
        final List<DataSet> matches = new ArrayList<>();
        final Set<String> seen = new HashSet<>();
        for (final DataSet parent : parents) {
            if (!asked && StudyRoot.isNamed(atLevel)) {
                matches.add(parent.toBuilder().text(key, atLevel.keys().get(key)).build());
                continue;
            }
            for (final DataSet match : find(association, atLevel, parent, patience)) {
                final String uid = match.text(key);
                if (!SeriesKey.isUid(uid)) {
                    throw broken("a match without the UID " + Tag.toString(key) + ", which every match must have");
                }
                if (atLevel.allows(match) && seen.add(uid)) {
                    matches.add(StudyRoot.within(match, parent));
                }
            }
            patience.say(matches.size() + " found");
            if (matches.size() > MAX_MATCHES) {
                throw tooMany();
            }
        }
        return matches;
    }

    private ArchiveException tooMany() {
        return new ArchiveException(Kind.REFUSED, "The archive " + m_settings.name() + " has more than " + MAX_MATCHES
            + " matches. Narrow the query, for example by dates.");
    }

    private List<DataSet> find(final DimseAssociation association, final ArchiveQuery atLevel, final DataSet parent,
        final Patience patience) throws IOException {
        final List<DataSet> matches = new ArrayList<>();
        patience.heard();
        final DimseStatus status = association.find(StudyRoot.identifier(atLevel, parent), match -> {
            patience.heard();
            if (matches.size() < MAX_MATCHES) {
                matches.add(match);
            } else {
                patience.fail(tooMany());
            }
        }, patience);
        require(status.isSuccess(), status, "query of " + (atLevel.level() == QueryLevel.STUDY ? "studies"
            : atLevel.level() == QueryLevel.SERIES ? "series" : "instances"), matches.isEmpty() ? ""
                : " It answered with " + matches.size() + " matches before; narrow the query, for example by dates.");
        return matches;
    }

    /** Retrievals propose contexts for the kinds of objects that there are. */
    private void remember(final QueryLevel level, final DataSet match) {
        if (level == QueryLevel.STUDY) {
            return;
        }
        final SeriesKey series = new SeriesKey(match.text(Tag.STUDY_INSTANCE_UID), match.text(Tag.SERIES_INSTANCE_UID));
        synchronized (m_classes) {
            final String sopClass = match.text(Tag.SOP_CLASS_UID);
            if (level == QueryLevel.INSTANCE && SeriesKey.isUid(sopClass)) {
                m_classes.computeIfAbsent(series, s -> new TreeSet<>()).add(sopClass);
            } else if (level == QueryLevel.SERIES && !match.text(Tag.MODALITY).isEmpty()) {
                m_modalities.put(series, match.text(Tag.MODALITY));
            }
        }
    }

    /**
     * Kinds of the instances of a series: as the archive told, else those that its modality usually has. Where there are others,
     * too, the archive says that it could not send them, and whoever asks then asks which there are.
     */
    private Set<String> classes(final SeriesKey series, final Progress progress) throws ArchiveException {
        synchronized (m_classes) {
            if (m_classes.containsKey(series)) {
                return Set.copyOf(m_classes.get(series));
            }
            final Set<String> usual = Offer.usual(m_modalities.getOrDefault(series, ""));
            if (!usual.isEmpty()) {
                return usual;
            }
        }
        try {
            query(ArchiveQuery.instancesOf(series), match -> { }, progress);
        } catch (final ArchiveException e) {
            if (e.kind() != Kind.REFUSED) {
                throw e;
            }
            // An archive that gives images, but does not let itself be asked for them: all kinds are proposed.
        }
        synchronized (m_classes) {
            return Set.copyOf(m_classes.getOrDefault(series, Set.of()));
        }
    }

    // Retrieval

    @Override
    public void retrieve(final SeriesKey series, final Set<String> instances, final InstanceReceiver receiver,
        final Progress progress) throws IOException {
        for (final String instance : instances) {
            if (!SeriesKey.isUid(instance)) {
                throw new IllegalArgumentException("A SOP Instance UID that was asked for is no UID");
            }
        }
        final List<String> sorted = new ArrayList<>(new TreeSet<>(instances));
        final Set<String> classes = m_peer.receivingPort() == 0 ? classes(series, progress) : Set.of();
        final AtomicInteger count = new AtomicInteger();
        int at = 0;
        do {
            final List<String> some = sorted.subList(at, Math.min(at + MAX_INSTANCES, sorted.size()));
            retrieve(StudyRoot.identifier(series, some), classes, receiver, count, progress);
            at += some.size();
        } while (at < sorted.size());
    }

    private void retrieve(final DataSet identifier, final Set<String> classes, final InstanceReceiver receiver,
        final AtomicInteger count, final Progress progress) throws IOException {
        final int before = count.get();
        // What was received once is not asked for again as a whole: whoever asks knows what is missing.
        attempt(() -> {
            final Patience patience = patience(progress);
            final Reception reception = new Reception(m_settings.name(), receiver, patience, before);
            try {
                final DimseStatus status = m_peer.receivingPort() == 0 ? get(identifier, classes, reception, patience)
                    : move(identifier, reception, patience);
                patience.rethrow();
                finish(status, reception);
                return status;
            } finally {
                reception.end();
                count.addAndGet(reception.count());
            }
        }, () -> count.get() == before);
    }

    private DimseStatus get(final DataSet identifier, final Set<String> classes, final Reception reception,
        final Patience patience) throws IOException {
        try (DimseAssociation association = m_port.open(m_offer.retrieval(classes))) {
            require(association, StudyRoot.GET, "C-GET", " Give a \"Receiving port\" to which it sends by C-MOVE.");
            patience.heard();
            return association.get(identifier, reception, patience);
        }
    }

    private DimseStatus move(final DataSet identifier, final Reception reception, final Patience patience)
        throws IOException {
        while (!tryMoving()) {
            patience.heard(); // others keep the archive busy, it is not silent
            patience.check();
        }
        try (DimseAssociation association = m_port.open(List.of(service(StudyRoot.MOVE)))) {
            require(association, StudyRoot.MOVE, "C-MOVE", " Set \"Receiving port\" to 0 for C-GET.");
            if (m_listener == null) {
                m_listener = m_port.listen(m_peer.receivingPort(), m_offer.transferSyntaxes(), this::arrived);
            }
            m_arriving.set(reception);
            patience.heard();
            final DimseStatus status = association.move(identifier, m_peer.callingTitle(), patience);
            awaitRest(status, reception, patience);
            return status;
        } finally {
            m_arriving.set(null);
            reception.end();
            m_moving.unlock();
        }
    }

    private boolean tryMoving() {
        try {
            return m_moving.tryLock(POLL, TimeUnit.MILLISECONDS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (CancellationException)new CancellationException("interrupted").initCause(e);
        }
    }

    private int arrived(final String sopClass, final String sopInstance, final String transferSyntax,
        final InputStream dataSet) {
        final Reception reception = m_arriving.get();
        return reception == null ? UNASKED : reception.receive(sopClass, sopInstance, transferSyntax, dataSet);
    }

    /** Some archives say that they are done while they are still sending. */
    private static void awaitRest(final DimseStatus status, final Reception reception, final Patience patience)
        throws IOException {
        while (reception.count() < status.sent() && !patience.isOver()) {
            patience.attend();
            sleep(POLL);
        }
    }

    private void finish(final DimseStatus status, final Reception reception) throws IOException {
        // Orthanc says only that it cannot process it.
        final String way = m_peer.receivingPort() == 0 ? ""
            : (status.code() == DESTINATION_UNKNOWN ? " Have its administrator enter"
                : " If it does not know this computer, have its administrator enter") + " \"" + m_peer.callingTitle()
                + "\" as a destination, with the name of this computer and the port " + m_peer.receivingPort() + ".";
        require(status.isSuccess() || status.isWarning(), status, "retrieval", way);
        final int sent = status.sent();
        if (reception.count() < sent) {
            throw broken(reception.count() + " of " + sent + " instances that it announced" + (m_peer.receivingPort() == 0 ? ""
                : "; what it has for \"" + m_peer.callingTitle() + "\" may be the name of another computer or another port than "
                    + m_peer.receivingPort()));
        }
        if (status.failed() > 0 || status.isWarning() && reception.count() == 0) {
            throw broken(reception.count() + " instances, and could not send " + (status.failed() > 0 ? status.failed() + " more"
                : "any") + " (" + status + ")" + (m_peer.receivingPort() == 0
                    ? "; it may not be able to convert them to a compression that is read here"
                    : "; it must be able to reach \"" + m_peer.callingTitle() + "\" at the port " + m_peer.receivingPort()));
        }
    }

    // Storage

    @Override
    public StoreResult store(final Path file) throws IOException {
        final DimseFile what = DimseFile.of(file);
        final AtomicReference<StoreResult> busy = new AtomicReference<>();
        try {
            return attempt(() -> {
                busy.set(null);
                final StoreResult result = send(what, busy);
                if (busy.get() != null) {
                    throw new Temporary(new ArchiveException(Kind.REFUSED, result.message()));
                }
                return result;
            }, () -> true);
        } catch (final ArchiveException e) {
            if (busy.get() != null) {
                return busy.get(); // refused each time: that is what became of it
            }
            throw e;
        }
    }

    /** @param busy gets the result if it may be another the next time */
    private StoreResult send(final DimseFile file, final AtomicReference<StoreResult> busy) throws IOException {
        try (DimseAssociation association = m_port.open(Offer.storage(file))) {
            final Set<String> accepted = association.accepted(file.sopClass());
            if (accepted.isEmpty()) {
                return new StoreResult(file.sopClass(), file.sopInstance(), Outcome.REFUSED, StoreResult.NO_CODE,
                    "The archive takes no objects of this kind from \"" + m_peer.callingTitle() + "\" ("
                        + SopClass.words(file.sopClass()) + ", " + file.transferSyntax() + ").");
            }
            final String own = file.transferSyntax().uid();
            final DimseStatus status = association.store(file, accepted.contains(own) ? own : new TreeSet<>(accepted).last(),
                patience(Progress.NONE));
            final StoreResult result = result(file, status);
            if (status.isTemporary()) {
                busy.set(result);
            }
            return result;
        }
    }

    private static StoreResult result(final DimseFile file, final DimseStatus status) {
        final Outcome outcome = status.isSuccess() ? Outcome.STORED
            : status.code() == StatusCode.DUPLICATE ? Outcome.ALREADY_THERE
            : status.isWarning() ? Outcome.WARNING : Outcome.REFUSED;
        return new StoreResult(file.sopClass(), file.sopInstance(), outcome, status.isSuccess() ? StoreResult.NO_CODE
            : status.code(), status.isSuccess() ? "" : status.toString());
    }

    @Override
    public void close() {
        m_port.close();
    }
}
