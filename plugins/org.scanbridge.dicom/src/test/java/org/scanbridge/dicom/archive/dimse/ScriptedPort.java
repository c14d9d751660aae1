package org.scanbridge.dicom.archive.dimse;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;

import org.scanbridge.dicom.archive.QueryLevel;
import org.scanbridge.dicom.data.DataElement;
import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.DataSetBuilder;
import org.scanbridge.dicom.data.DicomOutput;
import org.scanbridge.dicom.data.Tag;

/**
 * An archive in memory behind a port. As strict as PS3.4 C.4.1.2.2.1 allows: it refuses keys of another level than the one asked
 * for, and everything that is not a unique key of a level above. Answers what a test says instead, where it says so.
 */
final class ScriptedPort implements DimsePort {

    /** Instances that it keeps. */
    final List<DataSet> m_instances = new ArrayList<>();

    /** What was asked, as {@code FIND SERIES 0020000D=1.2 00080060=CT 0008103E=}. */
    final List<String> m_asked = Collections.synchronizedList(new ArrayList<>());

    /** Contexts of each association. */
    final List<List<DimseContext>> m_contexts = Collections.synchronizedList(new ArrayList<>());

    /** What to throw at the next associations, first to last; null for nothing. */
    final List<DimseException> m_openings = Collections.synchronizedList(new ArrayList<>());

    /** Classes that it does not offer. */
    final Set<String> m_refused = new TreeSet<>();

    /** Transfer syntaxes that it takes; all if empty. */
    final Set<String> m_syntaxes = new TreeSet<>();

    /** What to answer to the next requests instead of doing them, first to last; null for doing it. */
    final List<Function<Sending, DimseStatus>> m_scripts = Collections.synchronizedList(new ArrayList<>());

    /** Where C-MOVE sends to: null if nobody listens. */
    volatile DimseReceiver m_listener;

    volatile boolean m_closed;

    /** What was stored: transfer syntax and encoded data set. */
    final List<String> m_stored = new ArrayList<>();

    /** Lets a script send instances itself. */
    record Sending(DimseReceiver receiver, Patience patience) {

        int send(final DataSet instance) {
            return send(instance, new ByteArrayInputStream(DicomOutput.bytes(instance)));
        }

        int send(final DataSet instance, final InputStream bytes) {
            return receiver.receive(instance.text(Tag.SOP_CLASS_UID), instance.text(Tag.SOP_INSTANCE_UID),
                "1.2.840.10008.1.2.1", bytes);
        }
    }

    @Override
    public DimseAssociation open(final List<DimseContext> contexts) throws DimseException {
        m_contexts.add(contexts);
        final DimseException failure = m_openings.isEmpty() ? null : m_openings.remove(0);
        if (failure != null) {
            throw failure;
        }
        return new ScriptedAssociation(contexts);
    }

    @Override
    public Closeable listen(final int port, final List<String> transferSyntaxes, final DimseReceiver receiver) {
        m_asked.add("LISTEN " + port);
        m_listener = receiver;
        return () -> m_listener = null;
    }

    @Override
    public void close() {
        m_closed = true;
    }

    private final class ScriptedAssociation implements DimseAssociation {

        private final List<DimseContext> m_proposed;

        ScriptedAssociation(final List<DimseContext> proposed) {
            m_proposed = proposed;
        }

        @Override
        public Set<String> accepted(final String sopClass) {
            final Set<String> accepted = new LinkedHashSet<>();
            for (final DimseContext context : m_proposed) {
                if (context.sopClass().equals(sopClass) && !m_refused.contains(sopClass)) {
                    context.transferSyntaxes().stream().filter(s -> m_syntaxes.isEmpty() || m_syntaxes.contains(s)).findFirst()
                        .ifPresent(accepted::add);
                }
            }
            return accepted;
        }

        private DimseStatus script(final DimseReceiver receiver, final Patience patience) throws IOException {
            final Function<Sending, DimseStatus> script = m_scripts.isEmpty() ? null : m_scripts.remove(0);
            if (script == null) {
                return null;
            }
            final DimseStatus status = script.apply(new Sending(receiver, patience));
            patience.check();
            if (status == null) {
                throw new DimseException(DimseException.Failure.BROKEN, null);
            }
            return status;
        }

        @Override
        public DimseStatus echo(final Patience patience) throws IOException {
            m_asked.add("ECHO");
            final DimseStatus scripted = script(null, patience);
            return scripted != null ? scripted : DimseStatus.of(0);
        }

        @Override
        public DimseStatus find(final DataSet identifier, final Consumer<DataSet> matches, final Patience patience)
            throws IOException {
            m_asked.add(words("FIND", identifier));
            final DimseStatus scripted = script(null, patience);
            if (scripted != null) {
                return scripted;
            }
            final QueryLevel level = level(identifier);
            if (!isHierarchical(identifier, level)) {
                return DimseStatus.of(0xA900);
            }
            final Set<String> seen = new TreeSet<>();
            for (final DataSet instance : m_instances) {
                if (matches(instance, identifier) && seen.add(instance.text(level.uniqueKey()))) {
                    final DataSetBuilder match = DataSet.builder().copy(instance, Tag.SPECIFIC_CHARACTER_SET)
                        .copy(identifier, StudyRoot.LEVEL);
                    identifier.elements().forEach(e -> match.copy(instance, e.tag()));
                    matches.accept(roundTripped(match.build()));
                }
            }
            patience.check();
            return DimseStatus.of(0);
        }

        @Override
        public DimseStatus get(final DataSet identifier, final DimseReceiver receiver, final Patience patience)
            throws IOException {
            m_asked.add(words("GET", identifier));
            return send(identifier, receiver, patience);
        }

        @Override
        public DimseStatus move(final DataSet identifier, final String destination, final Patience patience) throws IOException {
            m_asked.add(words("MOVE to " + destination, identifier));
            return send(identifier, m_listener, patience);
        }

        private DimseStatus send(final DataSet identifier, final DimseReceiver receiver, final Patience patience)
            throws IOException {
            final DimseStatus scripted = script(receiver, patience);
            if (scripted != null) {
                return scripted;
            }
            int completed = 0;
            int failed = 0;
            for (final DataSet instance : m_instances) {
                if (matches(instance, identifier)) {
                    final int status = new Sending(receiver, patience).send(instance);
                    completed += status == 0 ? 1 : 0;
                    failed += status == 0 ? 0 : 1;
                }
            }
            patience.check();
            return new DimseStatus(failed == 0 ? 0 : 0xB000, "", completed, failed, 0);
        }

        @Override
        public DimseStatus store(final DimseFile file, final String transferSyntax, final Patience patience)
            throws IOException {
            final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (InputStream in = file.dataSet()) {
                in.transferTo(bytes);
            }
            m_stored.add(transferSyntax + " " + bytes.size());
            final DimseStatus scripted = script(null, patience);
            return scripted != null ? scripted : DimseStatus.of(0);
        }

        @Override
        public void close() {
            m_asked.add("RELEASE");
        }
    }

    private static DataSet roundTripped(final DataSet data) throws IllegalStateException {
        try {
            return DataSet.parse(DicomOutput.bytes(data));
        } catch (final IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String words(final String what, final DataSet identifier) {
        final StringBuilder words = new StringBuilder(what).append(' ').append(identifier.text(StudyRoot.LEVEL));
        for (final DataElement e : identifier.elements()) {
            if (e.tag() != StudyRoot.LEVEL) {
                words.append(String.format(" %08X=%s", e.tag(), identifier.text(e.tag())));
            }
        }
        return words.toString();
    }

    static QueryLevel level(final DataSet identifier) {
        return switch (identifier.text(StudyRoot.LEVEL)) {
            case "STUDY" -> QueryLevel.STUDY;
            case "SERIES" -> QueryLevel.SERIES;
            case "IMAGE" -> QueryLevel.INSTANCE;
            default -> throw new AssertionError("level " + identifier.text(StudyRoot.LEVEL));
        };
    }

    /** Keys of one level, and exactly one value of each unique key above. */
    static boolean isHierarchical(final DataSet identifier, final QueryLevel level) {
        for (final DataElement e : identifier.elements()) {
            final int tag = e.tag();
            final QueryLevel own = QueryLevel.of(tag);
            if (tag != StudyRoot.LEVEL && tag != Tag.SPECIFIC_CHARACTER_SET && own != level
                && !(own.compareTo(level) < 0 && tag == own.uniqueKey())) {
                return false;
            }
        }
        for (final QueryLevel above : QueryLevel.values()) {
            final String uid = identifier.text(above.uniqueKey());
            if (above.compareTo(level) < 0 && (uid.isEmpty() || uid.contains("\\"))) {
                return false;
            }
        }
        return true;
    }

    private static boolean matches(final DataSet instance, final DataSet identifier) {
        for (final DataElement e : identifier.elements()) {
            final String key = identifier.text(e.tag());
            final String value = instance.text(e.tag());
            final boolean control = e.tag() == StudyRoot.LEVEL || e.tag() == Tag.SPECIFIC_CHARACTER_SET;
            if (control || key.isEmpty()) {
                continue;
            }
            final boolean range = key.matches("\\d{8}-\\d{8}");
            final boolean matches = range
                ? value.compareTo(key.substring(0, 8)) >= 0 && value.compareTo(key.substring(9)) <= 0
                : List.of(key.split("\\\\")).stream().anyMatch(k -> value.matches(k.replace(".", "\\.").replace("*", ".*")));
            if (!matches) {
                return false;
            }
        }
        return true;
    }
}
