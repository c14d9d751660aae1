package org.scanbridge.learning.network;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;

/**
 * Networks of one training each, of which every one left out another fold of the subjects (cross-validation). Together they
 * segment better than each alone; each subject's honest score is that of the networks that have not seen it.
 * <p>
 * Persisted as a directory with {@code ensemble.json} and a network's directory for each member, {@code member-1},
 * {@code member-2} and so on; there is no {@code network.json} at its top, so that nobody takes it for a single network.
 * What a member has seen is written as SHA-256 of the (pseudonymous) subject ids, never as ids.
 *
 * @param members the networks, at least two
 */
public record Ensemble(List<Member> members) {

    /** The description of the ensemble, without which nothing is one. */
    public static final String JSON = "ensemble.json";

    private static final String FORMAT = "scanbridge-ensemble";

    private static final int VERSION = 1;

    private static final int MOST = 100;

    private static final String PREFIX = "member-";

    private static final Gson GSON = new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    /**
     * One of the networks.
     *
     * @param network the network
     * @param fold name of the fold that it left out
     * @param seen keys of all subjects it was trained or validated on, see {@link #key}
     */
    public record Member(Network network, String fold, Set<String> seen) {

        /** Copies the set. */
        public Member {
            seen = Collections.unmodifiableSortedSet(new TreeSet<>(seen));
        }

        /** A member that was trained and validated on these subjects. */
        public static Member of(final Network network, final String fold, final Collection<String> subjects) {
            return new Member(network, fold, new TreeSet<>(subjects.stream().map(Ensemble::key).toList()));
        }
    }

    /** What ensemble.json holds. */
    private record Content(String format, int version, List<MemberContent> members) {
    }

    private record MemberContent(String directory, String leftOutFold, SortedSet<String> seenSubjects) {
    }

    /** @throws IllegalArgumentException if there are less than two members */
    public Ensemble {
        members = List.copyOf(members);
        if (members.size() < 2 || members.size() > MOST) {
            throw new IllegalArgumentException("An ensemble has " + members.size() + " networks: 2 to " + MOST + ".");
        }
    }

    /** The networks. */
    public List<Network> networks() {
        return members.stream().map(Member::network).toList();
    }

    /** Which members have not seen a subject; all of them for one that is new. */
    public List<Integer> unseen(final String subject) {
        final String key = key(subject);
        return IntStream.range(0, members.size()).filter(m -> !members.get(m).seen().contains(key)).boxed().toList();
    }

    /** SHA-256 of a subject id without the blanks around it, 64 hexadecimal digits. */
    static String key(final String subject) {
        return sha256("scanbridge-subject\n" + subject.strip());
    }

    /** SHA-256 over the weights' hashes of all members: the same weights, the same hash. */
    public String hash() {
        return sha256(String.join("\n", networks().stream().map(Network::hash).toList()));
    }

    private static String sha256(final String text) {
        try {
            return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /** Whether a directory holds an ensemble. */
    public static boolean isIn(final Path directory) {
        return Files.exists(directory.resolve(JSON));
    }

    /** The directory of a member within that of the ensemble. */
    public static Path directory(final Path ensemble, final int member) {
        return ensemble.resolve(PREFIX + (member + 1));
    }

    /**
     * Writes the directory described above; {@code ensemble.json} comes last.
     *
     * @throws IOException if it cannot be written
     */
    public void save(final Path directory) throws IOException {
        Files.createDirectories(directory);
        Files.deleteIfExists(directory.resolve(JSON));
        final List<MemberContent> content = new ArrayList<>();
        for (int m = 0; m < members.size(); m++) {
            final Member member = members.get(m);
            member.network().save(directory(directory, m));
            content.add(new MemberContent(PREFIX + (m + 1), member.fold(), new TreeSet<>(member.seen())));
        }
        Files.writeString(directory.resolve(JSON), GSON.toJson(new Content(FORMAT, VERSION, content)));
    }

    /**
     * Reads what {@link #save} wrote; needs no TensorFlow.
     *
     * @throws IOException if files are missing, damaged or of a newer format
     */
    public static Ensemble load(final Path directory) throws IOException {
        final Path json = directory.resolve(JSON);
        final Content content;
        try {
            content = GSON.fromJson(Files.readString(json), Content.class);
        } catch (final JsonParseException e) {
            throw new IOException(json + " is not valid: " + e.getMessage(), e);
        }
        if (content == null || !FORMAT.equals(content.format()) || content.members() == null) {
            throw new IOException(json + " describes no ScanBridge ensemble. Write the ensemble again.");
        }
        if (content.version() > VERSION) {
            throw new IOException(json + " has format version " + content.version() + ", this program reads up to " + VERSION
                + ". Update ScanBridge.");
        }
        final List<Member> members = new ArrayList<>();
        for (int m = 0; m < content.members().size() && m <= MOST; m++) {
            final MemberContent member = content.members().get(m);
            // by number, never by the name in the file, which may lead anywhere
            if (member == null || member.leftOutFold() == null || member.seenSubjects() == null) {
                throw new IOException(json + " is incomplete. Copy the ensemble again.");
            }
            members.add(new Member(Network.load(directory(directory, m)), member.leftOutFold(), member.seenSubjects()));
        }
        try {
            return new Ensemble(members);
        } catch (final IllegalArgumentException e) {
            throw new IOException(json + ": " + e.getMessage() + " Copy the ensemble again.", e);
        }
    }
}
