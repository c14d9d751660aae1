package org.scanbridge.dicom.archive;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * How an archive is reached. What a protocol has no use for, it does not look at.
 *
 * @param address {@code https://host:port/root} of a DICOMweb service, {@code dicom://CALLED_TITLE@host:port} of a DIMSE one
 *            ({@code dicoms} with TLS); never with a password
 * @param callingTitle our application entity title, for DIMSE
 * @param receivingPort port on which this computer takes what C-MOVE sends; 0 for C-GET
 * @param plain whether a connection without encryption to another computer is allowed
 * @param authorities PEM file of the certificates that are trusted; empty for those of the platform
 * @param hosts further hosts, by name, that an archive may redirect to; none of them gets credentials
 * @param credentials who asks
 * @param timeout how long to wait for an answer to begin, and for each further piece of it
 * @param tries how often something is tried that may succeed the next time, at least 1
 */
public record ArchiveSettings(URI address, String callingTitle, int receivingPort, boolean plain, Optional<Path> authorities,
    Set<String> hosts, Credentials credentials, Duration timeout, int tries) {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private static final int TRIES = 4;

    /** @throws IllegalArgumentException if the address has no host or holds a password, or a number is out of range */
    public ArchiveSettings {
        if (address.getScheme() == null || address.getHost() == null) {
            throw new IllegalArgumentException("The address has no scheme or no host; give one such as"
                + " https://archive.example.org/dicom-web.");
        }
        if (address.getRawUserInfo() != null && address.getRawUserInfo().contains(":")) {
            throw new IllegalArgumentException("The address holds a password; put it into the credentials file instead.");
        }
        Objects.requireNonNull(callingTitle, "callingTitle");
        Objects.requireNonNull(authorities, "authorities");
        Objects.requireNonNull(credentials, "credentials");
        hosts = Set.copyOf(hosts);
        if (receivingPort < 0 || receivingPort > 65535) {
            throw new IllegalArgumentException("The receiving port is " + receivingPort + "; choose 0 to 65535.");
        }
        if (timeout.isNegative() || timeout.isZero() || tries < 1) {
            throw new IllegalArgumentException("Time limit " + timeout + " and " + tries + " tries: both must be above 0.");
        }
    }

    /** Nobody asks, only what is encrypted or stays on this computer, the platform's trust; waits 60 s, tries 4 times. */
    public static ArchiveSettings of(final URI address) {
        return new ArchiveSettings(address, "SCANBRIDGE", 0, false, Optional.empty(), Set.of(), Credentials.NONE, TIMEOUT, TRIES);
    }

    /** These settings with other credentials. */
    public ArchiveSettings withCredentials(final Credentials other) {
        return new ArchiveSettings(address, callingTitle, receivingPort, plain, authorities, hosts, other, timeout, tries);
    }

    /** The address's scheme in lower case. */
    public String scheme() {
        return address.getScheme().toLowerCase(Locale.ROOT);
    }

    /** Host and port if it has one: how messages name the archive. */
    public String name() {
        return address.getHost() + (address.getPort() < 0 ? "" : ":" + address.getPort());
    }
}
