package org.scanbridge.release;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scanbridge.knime.batch.workflow.WorkflowReader;
import org.scanbridge.knime.batch.workflow.WorkflowZip;

class ReleaseTest {

    private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

    private static final Instant TIME = Instant.parse("2026-11-29T17:56:42Z");

    @TempDir
    private Path m_dir;

    /** Every shipped workflow as KNIME exports it, read again by the executor: the same nodes, and no file more or less. */
    @Test
    void workflowsAreImported() throws Exception {
        final Path packed = m_dir.resolve("packed");
        Release.workflows(ROOT.resolve("workflows"), packed, TIME);
        int count = 0;
        try (Stream<Path> folders = Files.list(ROOT.resolve("workflows"))) {
            for (final Path folder : (Iterable<Path>)folders.filter(Files::isDirectory)::iterator) {
                count++;
                final Path unpacked = WorkflowZip.unpack(packed.resolve(folder.getFileName() + ".knwf"),
                    Files.createDirectories(m_dir.resolve("unpacked" + count)));
                assertEquals(folder.getFileName(), unpacked.getFileName(), "the workflow's folder lies on top");
                assertEquals(contents(folder), contents(unpacked));
                assertFalse(WorkflowReader.read(unpacked).nodes().isEmpty());
            }
        }
        try (Stream<Path> files = Files.list(packed)) {
            assertEquals(count, files.count());
        }
        assertTrue(count > 0);
    }

    private static Map<String, String> contents(final Path folder) throws IOException {
        final Map<String, String> found = new java.util.TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (final Path file : (Iterable<Path>)files.filter(Files::isRegularFile)::iterator) {
                final String name = folder.relativize(file).toString();
                if (Release.isOfWorkflow(name)) {
                    found.put(name, Checksums.of(file));
                }
            }
        }
        return found;
    }

    /** The SHA-256 of "abc" is that of FIPS 180-4, appendix B.1. */
    @Test
    void checksums() throws Exception {
        Files.writeString(Files.createDirectories(m_dir.resolve("b")).resolve("abc.txt"), "abc");
        Files.writeString(m_dir.resolve("a.txt"), "");
        Checksums.write(m_dir);
        Checksums.write(m_dir);
        assertEquals(List.of("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  a.txt",
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  b/abc.txt"),
            Files.readAllLines(m_dir.resolve(Checksums.FILE)));
    }

    @Test
    void theSitesTimeIsTheReleases() throws Exception {
        assertEquals("<property name='p2.timestamp' value='1795975002000'/>",
            Site.stamped("<property name='p2.timestamp' value='1795976002112'/>", TIME));
        assertThrows(IOException.class, () -> Site.stamped("<repository/>", TIME));
    }

    /** Checksums of "abc" and of nothing: FIPS 180-4 and RFC 1321, appendix A.5. Another artifact of the same size keeps its own. */
    @Test
    void theIndexHasTheSumsOfWhatIsPacked() throws Exception {
        final String index = """
            <artifact id='b'>
            <property name='artifact.size' value='3'/>
            </artifact>
            <artifact id='a'>
            <property name='artifact.size' value='3'/>
            <property name='download.size' value='3'/>
            <property name='download.md5' value='900150983cd24fb0d6963f7d28e17f72'/>
            <property name='download.checksum.sha-256' value='ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'/>
            </artifact>
            """;
        assertEquals("""
            <artifact id='b'>
            <property name='artifact.size' value='3'/>
            </artifact>
            <artifact id='a'>
            <property name='artifact.size' value='0'/>
            <property name='download.size' value='0'/>
            <property name='download.md5' value='d41d8cd98f00b204e9800998ecf8427e'/>
            <property name='download.checksum.sha-256' value='e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'/>
            </artifact>
            """, Site.renewed(index, text("abc"), new byte[0]));
        assertThrows(IOException.class, () -> Site.renewed(index, text("other"), new byte[0]));
    }

    @Test
    void whatAUnitProvidesIsSorted() {
        assertEquals("z\n  <provided a='1'/>\n  <provided b='2'/>\n<x/>\n  <provided a='3'/>\n  <provided b='0'>\n",
            Site.sorted("z\n  <provided b='2'/>\n  <provided a='1'/>\n<x/>\n  <provided a='3'/>\n  <provided b='0'>\n"));
    }

    private Path zip(final String name, final Map<String, byte[]> entries) throws IOException {
        final Path file = m_dir.resolve(name);
        try (OutputStream out = Files.newOutputStream(file); ZipOutputStream zip = new ZipOutputStream(out)) {
            for (final Map.Entry<String, byte[]> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
                zip.closeEntry();
            }
        }
        return file;
    }

    private static byte[] text(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Nested jars, libraries taken out of jars, and our own classes: what is undeclared is found, and what is not there. */
    @Test
    void theBillIsComparedWithTheSite() throws Exception {
        final Path nested = zip("nested.jar", Map.of("x/A.class", text("A")));
        final Path stranger = zip("stranger.jar", Map.of("y/B.class", text("B")));
        final Path natives = zip("natives.jar", Map.of("n/libn.so.2", text("native")));
        final Path absent = zip("absent.jar", Map.of("z/C.class", text("C")));
        final Path bundle = zip("bundle.jar", Map.of("org/scanbridge/Own.class", text("own"), "lib/nested.jar",
            Files.readAllBytes(nested), "lib/stranger.jar", Files.readAllBytes(stranger), "native/libn.so.2", text("native"),
            "native/other.dll", text("nobody's")));
        final Path site = zip("site.zip", Map.of("plugins/bundle_1.jar", Files.readAllBytes(bundle)));
        final BillOfMaterials bill =
            new BillOfMaterials(List.of(library("nested", nested), library("natives", natives), library("absent", absent)));
        assertEquals(
            List.of("not named: plugins/bundle_1.jar!/lib/stranger.jar",
                "of no library that is named: plugins/bundle_1.jar!/native/other.dll", "named, but not shipped: pkg:absent"),
            new Shipped(site).compare(bill, List.of(nested, stranger, natives, absent)));
    }

    private static BillOfMaterials.Library library(final String name, final Path jar, final String... licenses)
        throws IOException {
        return new BillOfMaterials.Library("g:" + name, "1", "pkg:" + name, Checksums.of(jar), List.of(licenses));
    }

    /** GPL, unknown licenses and choices that nobody made stop a release; a choice that the library does not offer is none. */
    @Test
    void licenses() throws Exception {
        final Path jar = zip("a.jar", Map.of("META-INF/LICENSE.txt", text("Do what you like.\r\n")));
        final Path properties = Files.writeString(m_dir.resolve("licenses.properties"), """
            allowed = Apache-2.0; Simplified BSD License
            choice.g.dual = Apache-2.0
            choice.g.changed = Apache-2.0
            """);
        final Licenses licenses = new Licenses(properties);
        final BillOfMaterials.Library good = library("good", jar, "Simplified BSD License");
        final BillOfMaterials.Library dual = library("dual", jar, "LGPL-2.1-or-later", "Apache-2.0");
        assertEquals(List.of(), licenses.problems(List.of(good, dual)));
        final List<String> problems = licenses.problems(List.of(library("gpl", jar, "GPL-2.0-only"), library("unknown", jar),
            library("undecided", jar, "Apache-2.0", "AGPL-3.0-only"), library("changed", jar, "GPL-3.0-only")));
        assertEquals(List.of("pkg:gpl: GPL-2.0-only", "pkg:unknown: nobody says which license it has",
            "pkg:undecided: AGPL-3.0-only", "pkg:changed: GPL-3.0-only"),
            problems.stream().map(p -> p.replaceFirst(" may not be shipped.*", "")).toList());
        final String text = licenses.thirdParty("Title", List.of(dual, good), List.of(jar));
        assertTrue(text.startsWith("Title\n\ng:dual 1: Apache-2.0 (chosen of LGPL-2.1-or-later, Apache-2.0)\n"), text);
        assertTrue(text.contains("--- g:dual, g:good\n\nDo what you like.\n"), text);
    }

    /** What the check of a real release goes by names both libraries with a choice, and no copyleft license that is not chosen away. */
    @Test
    void theListOfLicenses() throws Exception {
        final Path jar = zip("a.jar", Map.of());
        final Licenses licenses = new Licenses(ROOT.resolve("release/licenses.properties"));
        for (final String copyleft : List.of("GPL-2.0-only", "GPL-3.0-or-later", "AGPL-3.0-only", "LGPL-2.1-or-later", "SSPL-1.0")) {
            assertEquals(1, licenses.problems(List.of(library("x", jar, copyleft))).size(), copyleft);
        }
        // the licenses as the two libraries' own POMs name them
        assertEquals(List.of(), licenses.problems(List.of(
            new BillOfMaterials.Library("net.java.dev.jna:jna", "5.17.0", "u", "0", List.of("LGPL-2.1-or-later", "Apache-2.0")),
            new BillOfMaterials.Library("org.bytedeco:javacpp", "1.5.10", "u", "0",
                List.of("Apache-2.0", "GPL-2.0-or-later", "GPL-2.0-with-classpath-exception")))));
    }

    /** The form is that of CycloneDX 1.6: components with group, purl and hashes. */
    @Test
    void billsAreRead() throws Exception {
        final Path file = m_dir.resolve("bom.json");
        Files.writeString(file, """
            {"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [
              {"group": "org.scanbridge", "name": "own", "purl": "pkg:maven/org.scanbridge/own@1"},
              {"group": "g", "name": "n", "version": "1", "purl": "pkg:maven/g/n@1", "licenses": [
                {"license": {"id": "MIT"}}, {"license": {"name": "My own"}}], "hashes": [
                {"alg": "MD5", "content": "00"}, {"alg": "SHA-256", "content": "ab"}]}]}
            """);
        assertEquals(List.of(new BillOfMaterials.Library("g:n", "1", "pkg:maven/g/n@1", "ab", List.of("MIT", "My own"))),
            BillOfMaterials.read(file).libraries());
        Files.writeString(file, "{\"components\": [{\"group\": \"g\", \"name\": \"n\", \"version\": \"1\", \"purl\": \"pkg:maven/g/n@1\"}]}");
        assertTrue(assertThrows(IOException.class, () -> BillOfMaterials.read(file)).getMessage().contains("pkg:maven/g/n@1"));
    }

    /** A fragment for another platform takes the place of the building platform's, in the folder and in the configuration. */
    @Test
    void theBatchExecutorOfAnotherPlatform() throws Exception {
        final Path root = m_dir.resolve("root");
        final Path runtime = root.resolve("plugins/standin/runtime/target/runtime");
        final String own = "org.scanbridge.tensorflow.linux.x86_64";
        for (final String file : List.of("plugins/org.eclipse.osgi.jar", "plugins/org.scanbridge.tensorflow/lib/api.jar",
            "plugins/" + own + "/native/libtensorflow_cc.so.2")) {
            Files.writeString(Files.createDirectories(runtime.resolve(file).getParent()).resolve(Path.of(file).getFileName()), "x");
        }
        Files.createDirectories(runtime.resolve("configuration/org.eclipse.osgi"));
        Files.writeString(runtime.resolve("configuration/org.eclipse.osgi/cache"), "of this machine");
        Files.writeString(runtime.resolve("configuration/config.ini"), "osgi.bundles=\\\n  reference\\:file\\:org.scanbridge.tensorflow,\\\n"
            + "  reference\\:file\\:" + own + ",\\\n  reference\\:file\\:org.scanbridge.learning\n");
        for (final String file : List.of("scanbridge-batch", "scanbridge-batch.cmd", "LICENSE", "docs/run-without-a-window.md",
            "docs/many-studies.md", "docs/platforms.md", "workflows/W/workflow.knime", "workflows/W/.knimeLock", "cluster/Snakefile",
            "cluster/scripts/__pycache__/a.pyc", "notices/THIRD-PARTY.txt")) {
            final Path path = root.resolve(file);
            Files.createDirectories(path.getParent());
            Files.writeString(path, file);
        }
        final Path fragment = zip("windows.jar",
            Map.of("META-INF/MANIFEST.MF", text("Manifest-Version: 1.0\nBundle-SymbolicName: org.scanbridge.tensorflow.win32.x86_64\n\n"),
                "native/tensorflow.dll", text("dll")));
        final Path file = BatchPackage.pack(root, fragment, root.resolve("notices"), m_dir, "1.2", TIME);
        assertEquals("scanbridge-batch-1.2-win32.x86_64.zip", file.getFileName().toString());
        try (ZipFile zip = new ZipFile(file.toFile())) {
            final String top = "scanbridge-batch-1.2/";
            assertEquals(
                List.of("LICENSE", "README.md", "THIRD-PARTY.txt", "cluster/Snakefile", "many-studies.md", "platforms.md", "runtime/assembled",
                    "runtime/configuration/config.ini", "runtime/plugins/org.eclipse.osgi.jar",
                    "runtime/plugins/org.scanbridge.tensorflow.win32.x86_64/META-INF/MANIFEST.MF",
                    "runtime/plugins/org.scanbridge.tensorflow.win32.x86_64/native/tensorflow.dll",
                    "runtime/plugins/org.scanbridge.tensorflow/lib/api.jar", "scanbridge-batch", "scanbridge-batch.cmd",
                    "workflows/W/workflow.knime"),
                zip.stream().map(e -> e.getName().substring(top.length())).toList());
            try (InputStream in = zip.getInputStream(zip.getEntry(top + "runtime/configuration/config.ini"))) {
                assertEquals("osgi.bundles=\\\n  reference\\:file\\:org.scanbridge.tensorflow,\\\n"
                    + "  reference\\:file\\:org.scanbridge.tensorflow.win32.x86_64,\\\n"
                    + "  reference\\:file\\:org.scanbridge.learning\n", new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
    }
}
