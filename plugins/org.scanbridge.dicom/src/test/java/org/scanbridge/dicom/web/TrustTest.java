package org.scanbridge.dicom.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scanbridge.dicom.archive.Archive;
import org.scanbridge.dicom.archive.ArchiveException;
import org.scanbridge.dicom.archive.ArchiveException.Kind;
import org.scanbridge.dicom.archive.ArchiveSettings;
import org.scanbridge.dicom.archive.Credentials;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;

/** Encrypted connections: whom we trust, and a server that asks who we are. */
class TrustTest {

    private static final String PASSWORD = "s3cret-store";

    @TempDir
    Path m_folder;

    private void keytool(final String... arguments) throws Exception {
        final List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        final Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(new File("/dev/null")).start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0, String.join(" ", command));
    }

    /** A new certificate of its own authority, with its key. */
    private Path certificate(final String name) throws Exception {
        final Path store = m_folder.resolve(name + ".p12");
        keytool("-genkeypair", "-alias", name, "-keyalg", "EC", "-dname", "CN=" + name, "-ext", "SAN=ip:127.0.0.1", "-validity",
            "2", "-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", PASSWORD);
        keytool("-exportcert", "-rfc", "-alias", name, "-keystore", store.toString(), "-storepass", PASSWORD, "-file",
            m_folder.resolve(name + ".pem").toString());
        return store;
    }

    private static Credentials showing(final Path store, final String password) {
        return new Credentials("", "", "", Optional.of(store), password);
    }

    private static ArchiveSettings settings(final URI address, final Optional<Path> authorities, final Credentials who) {
        return new ArchiveSettings(address, "", 0, false, authorities, Set.of(), who, Duration.ofSeconds(10), 1);
    }

    @Test
    void trustsTheGivenAuthorityAndShowsTheClientsCertificate() throws Exception {
        final Path server = certificate("server");
        final Path client = certificate("client");
        final Path pem = m_folder.resolve("server.pem");
        final SSLContext context = Trust.context(Optional.of(m_folder.resolve("client.pem")), showing(server, PASSWORD));
        final HttpsServer https = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        https.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(final HttpsParameters parameters) {
                final SSLParameters ssl = context.getDefaultSSLParameters();
                ssl.setNeedClientAuth(true);
                parameters.setSSLParameters(ssl);
            }
        });
        try (ScriptedServer scripted = new ScriptedServer(https, e -> ScriptedServer.json(e, 200, "[]"))) {
            final URI address = URI.create(scripted.address().toString().replace("http:", "https:"));
            try (Archive archive = ScriptedServer.connect(settings(address, Optional.of(pem), showing(client, PASSWORD)))) {
                archive.check();
            }
            assertEquals(1, scripted.requests().size());
            for (final ArchiveSettings refused : List.of(settings(address, Optional.empty(), showing(client, PASSWORD)),
                settings(address, Optional.of(m_folder.resolve("client.pem")), showing(client, PASSWORD)),
                settings(address, Optional.of(pem), Credentials.NONE), settings(address, Optional.of(pem), showing(server, PASSWORD)))) {
                try (Archive archive = ScriptedServer.connect(refused)) {
                    assertEquals(Kind.NOT_REACHABLE, assertThrows(ArchiveException.class, archive::check).kind());
                }
            }
            assertEquals(1, scripted.requests().size());
        }
        final ArchiveException wrong = assertThrows(ArchiveException.class,
            () -> Trust.context(Optional.empty(), showing(client, "wr0ng")));
        assertEquals(Kind.NOT_ALLOWED, wrong.kind());
        assertTrue(!wrong.getMessage().contains("wr0ng") && wrong.getMessage().contains("certificatePassword"), wrong.getMessage());
        Files.writeString(pem, "no certificate");
        assertThrows(ArchiveException.class, () -> Trust.context(Optional.of(pem), Credentials.NONE));
        assertThrows(ArchiveException.class, () -> Trust.context(Optional.of(m_folder.resolve("none")), Credentials.NONE));
    }
}
