package org.scanbridge.knime.archive;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

import org.knime.core.node.InvalidSettingsException;
import org.knime.core.webui.node.dialog.defaultdialog.internal.file.FileSelectionWidget;
import org.knime.core.webui.node.dialog.defaultdialog.internal.file.FileSystemOption;
import org.knime.core.webui.node.dialog.defaultdialog.internal.file.SingleFileSelectionMode;
import org.knime.core.webui.node.dialog.defaultdialog.internal.file.WithFileSystem;
import org.knime.node.parameters.NodeParameters;
import org.knime.node.parameters.Widget;
import org.knime.node.parameters.migration.LoadDefaultsForAbsentFields;
import org.knime.node.parameters.updates.Effect;
import org.knime.node.parameters.updates.Effect.EffectType;
import org.knime.node.parameters.updates.EffectPredicate;
import org.knime.node.parameters.updates.EffectPredicateProvider;
import org.knime.node.parameters.updates.ParameterReference;
import org.knime.node.parameters.updates.ValueReference;
import org.knime.node.parameters.widget.choices.Label;
import org.knime.node.parameters.widget.number.NumberInputWidget;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsNonNegativeValidation;
import org.knime.node.parameters.widget.number.NumberInputWidgetValidation.MinValidation.IsPositiveIntegerValidation;
import org.knime.node.parameters.widget.text.TextInputWidget;
import org.scanbridge.dicom.archive.Archive;
import org.scanbridge.dicom.archive.ArchiveConnectors;
import org.scanbridge.dicom.archive.ArchiveException;
import org.scanbridge.dicom.archive.ArchiveSettings;
import org.scanbridge.dicom.archive.Credentials;
import org.scanbridge.dicom.archive.CredentialsFile;

/** How the archive is reached: a group of settings of each node that does. No credentials are among them. */
@LoadDefaultsForAbsentFields
public final class ConnectionParameters implements NodeParameters {

    /** Protocols; the schemes of their addresses. */
    enum Connection {
            @Label(value = "DICOMweb", description = "QIDO-RS, WADO-RS and STOW-RS over HTTPS, as today's archives offer them.")
            DICOMWEB(Set.of("https", "http")),

            @Label(value = "DIMSE", description = "The classic protocol (C-FIND, C-GET or C-MOVE, C-STORE). Needs the extension"
                + " ScanBridge DIMSE, which brings dcm4che.")
            DIMSE(Set.of("dicom", "dicoms"));

        private final Set<String> m_schemes;

        Connection(final Set<String> schemes) {
            m_schemes = schemes;
        }
    }

    static final class ConnectionReference implements ParameterReference<Connection> {
    }

    static final class IsWeb implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(ConnectionReference.class).isOneOf(Connection.DICOMWEB);
        }
    }

    static final class IsDimse implements EffectPredicateProvider {
        @Override
        public EffectPredicate init(final PredicateInitializer i) {
            return i.getEnum(ConnectionReference.class).isOneOf(Connection.DIMSE);
        }
    }

    private static final int MAX_SECONDS = 3600;

    private static final int MAX_TRIES = 20;

    @Widget(title = "Connection", description = "The protocol that the archive speaks.")
    @ValueReference(ConnectionReference.class)
    Connection m_connection = Connection.DICOMWEB;

    @Widget(title = "Address", description = "For DICOMweb the root of the service, such as"
        + " <tt>https://archive.example.org/dicom-web</tt>; for DIMSE <tt>dicom://TITLE@archive.example.org:11112</tt> with"
        + " the archive's application entity title. Never with a password. The default is an Orthanc on this computer.")
    @TextInputWidget(placeholder = "https://archive.example.org/dicom-web")
    String m_address = "http://localhost:8042/dicom-web";

    @Widget(title = "Credentials file", description = "Text file with lines such as <tt>user=…</tt> and <tt>password=…</tt>, or"
        + " <tt>token=…</tt> for a bearer token; <tt>certificate=…</tt> (PKCS#12) and <tt>certificatePassword=…</tt> for a client"
        + " certificate. Nobody but you may have the right to read it. Its content is stored neither in the workflow nor in a"
        + " log. Blank: no credentials.")
    @TextInputWidget(placeholder = "(none)")
    @FileSelectionWidget(value = SingleFileSelectionMode.FILE, placeholder = "(none)")
    @WithFileSystem(FileSystemOption.LOCAL)
    String m_credentialsFile = "";

    @Widget(title = "Certificate file", description = "PEM file with the hospital's certificate authority, if this computer does"
        + " not trust it already. Blank: those of the platform.")
    @TextInputWidget(placeholder = "(those of the platform)")
    @FileSelectionWidget(value = SingleFileSelectionMode.FILE, placeholder = "(those of the platform)")
    @WithFileSystem(FileSystemOption.LOCAL)
    String m_certificateFile = "";

    @Widget(title = "Allow connections without encryption", description = "<b>Careful:</b> images, and credentials, could then be"
        + " read on the way. Connections within this computer need no encryption.")
    boolean m_plain;

    @Widget(title = "Further hosts", description = "Names of other servers, separated by commas, to which the archive may"
        + " redirect. They get no credentials.", advanced = true)
    @TextInputWidget(placeholder = "(none)")
    @Effect(predicate = IsWeb.class, type = EffectType.SHOW)
    String m_hosts = "";

    @Widget(title = "Own title", description = "Application entity title under which the archive knows this computer.", advanced = true)
    @TextInputWidget
    @Effect(predicate = IsDimse.class, type = EffectType.SHOW)
    String m_ownTitle = "SCANBRIDGE";

    @Widget(title = "Receiving port", description = "Port on which this computer takes images that the archive sends on"
        + " C-MOVE. 0: C-GET is used.", advanced = true)
    @NumberInputWidget(minValidation = IsNonNegativeValidation.class)
    @Effect(predicate = IsDimse.class, type = EffectType.SHOW)
    int m_receivingPort;

    @Widget(title = "Time limit in seconds", description = "How long to wait for an answer to begin, and for each further piece of"
        + " it.", advanced = true)
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    int m_seconds = 60;

    @Widget(title = "Tries", description = "How often something is tried when the archive is busy or the connection breaks off, with"
        + " pauses that double each time or are as long as the archive asks for. The default of 6 bridges about 15 seconds.", advanced = true)
    @NumberInputWidget(minValidation = IsPositiveIntegerValidation.class)
    int m_tries = 6;

    /** The address as it is in the settings. */
    public String address() {
        return m_address == null ? "" : m_address.strip();
    }

    /**
     * Connects.
     *
     * @throws ArchiveException if the settings forbid it, such as credentials that cannot be used
     * @throws InvalidSettingsException if the settings are wrong
     */
    public Archive connect() throws ArchiveException, InvalidSettingsException {
        final Optional<Path> file = path(m_credentialsFile, "Credentials file");
        final Credentials credentials = file.isPresent() ? CredentialsFile.read(file.get()) : Credentials.NONE;
        return ArchiveConnectors.installed().connect(settings().withCredentials(credentials));
    }

    /**
     * Tells as early as when a node is configured that an extension is missing.
     *
     * @throws InvalidSettingsException if nothing that is installed speaks the protocol, or the settings are wrong
     */
    public void requireInstalled() throws InvalidSettingsException {
        try {
            ArchiveConnectors.installed().require(settings().scheme());
        } catch (final ArchiveException e) {
            throw new InvalidSettingsException("\"Connection\" is " + (m_connection == Connection.DIMSE ? "DIMSE" : "DICOMweb")
                + ": " + e.getMessage() + " Install it, or choose the other connection.", e);
        }
    }

    private ArchiveSettings settings() throws InvalidSettingsException {
        final Set<String> hosts = new TreeSet<>();
        for (final String host : (m_hosts == null ? "" : m_hosts).split(",")) {
            if (!host.isBlank()) {
                hosts.add(host.strip().toLowerCase(Locale.ROOT));
            }
        }
        try {
            return new ArchiveSettings(new URI(address()), m_ownTitle == null ? "" : m_ownTitle.strip(), m_receivingPort,
                m_plain, path(m_certificateFile, "Certificate file"), hosts, Credentials.NONE, Duration.ofSeconds(m_seconds),
                m_tries);
        } catch (final URISyntaxException e) {
            throw new InvalidSettingsException("\"Address\" is no address (" + e.getReason() + "); give one such as"
                + " https://archive.example.org/dicom-web.");
        } catch (final IllegalArgumentException e) {
            throw new InvalidSettingsException("\"Address\": " + e.getMessage());
        }
    }

    private static Optional<Path> path(final String text, final String title) throws InvalidSettingsException {
        try {
            return text == null || text.isBlank() ? Optional.empty() : Optional.of(Path.of(text.strip()));
        } catch (final InvalidPathException e) {
            throw new InvalidSettingsException("\"" + title + "\" can be no file: " + e.getReason() + ".", e);
        }
    }

    @Override
    public void validate() throws InvalidSettingsException {
        if (m_seconds < 1 || m_seconds > MAX_SECONDS) {
            throw new InvalidSettingsException("\"Time limit in seconds\" is " + m_seconds + "; choose 1 to " + MAX_SECONDS + ".");
        }
        if (m_tries < 1 || m_tries > MAX_TRIES) {
            throw new InvalidSettingsException("\"Tries\" is " + m_tries + "; choose 1 to " + MAX_TRIES + ".");
        }
        if (m_receivingPort < 0 || m_receivingPort > 65535) {
            throw new InvalidSettingsException("\"Receiving port\" is " + m_receivingPort + "; choose 0 to 65535.");
        }
        final ArchiveSettings settings = settings();
        path(m_credentialsFile, "Credentials file");
        if (!m_connection.m_schemes.contains(settings.scheme())) {
            throw new InvalidSettingsException("\"Address\" begins with \"" + settings.scheme() + "\", but \"Connection\" is "
                + (m_connection == Connection.DIMSE ? "DIMSE, whose addresses begin with dicom or dicoms."
                    : "DICOMweb, whose addresses begin with https."));
        }
    }
}
