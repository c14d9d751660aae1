package org.scanbridge.release;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Which licenses may be shipped, and the file that tells users which there are. A library whose license nobody knows, or one that
 * is not on the list, stops the release. Where a library names several, all of them must be on the list, unless it was
 * written down that one of them was chosen.
 */
final class Licenses {

    private static final String CHOICE = "choice.";

    private final Set<String> m_allowed;

    private final Map<String, String> m_choices;

    /**
     * @param file properties: {@code allowed} lists licenses by SPDX id or name, separated by semicolons;
     *            {@code choice.<group>.<name>} names the one of several that was chosen
     * @throws IOException if it cannot be read
     */
    Licenses(final Path file) throws IOException {
        final Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        }
        m_allowed = Arrays.stream(properties.getProperty("allowed", "").split(";")).map(String::strip).filter(l -> !l.isEmpty())
            .collect(Collectors.toSet());
        m_choices = new TreeMap<>();
        for (final String key : properties.stringPropertyNames()) {
            if (key.startsWith(CHOICE)) {
                m_choices.put(key.substring(CHOICE.length()), properties.getProperty(key).strip());
            }
        }
    }

    /**
     * @param libraries what is shipped
     * @return a line for each library that may not be; empty = all may
     */
    List<String> problems(final Collection<BillOfMaterials.Library> libraries) {
        final List<String> problems = new ArrayList<>();
        for (final BillOfMaterials.Library library : libraries) {
            final List<String> used = used(library);
            if (used.isEmpty()) {
                problems.add(library.url() + ": nobody says which license it has");
            }
            for (final String license : used) {
                if (!m_allowed.contains(license)) {
                    problems.add(library.url() + ": " + license + " may not be shipped; it names " + library.licenses()
                        + ". Take another library, or write the choice or the license into release/licenses.properties");
                }
            }
        }
        return problems;
    }

    /** The license that was chosen, if it is one of those that the library names; else all. */
    private List<String> used(final BillOfMaterials.Library library) {
        final String choice = m_choices.get(library.id().replace(':', '.'));
        return choice != null && library.licenses().contains(choice) ? List.of(choice) : library.licenses();
    }

    /**
     * @param title first line of the text
     * @param libraries what is shipped
     * @param jars among which those of the libraries are
     * @return the libraries with their licenses, and what their jars hold of license texts and notices
     * @throws IOException if a jar cannot be read
     */
    String thirdParty(final String title, final List<BillOfMaterials.Library> libraries, final List<Path> jars) throws IOException {
        final Map<String, Path> byHash = new TreeMap<>();
        for (final Path jar : jars) {
            if (jar.toString().endsWith(".jar") && Files.isRegularFile(jar)) {
                byHash.put(Checksums.of(jar), jar);
            }
        }
        final StringBuilder text = new StringBuilder(title).append("\n\n");
        final Map<String, List<String>> notices = new TreeMap<>();
        for (final BillOfMaterials.Library library : libraries) {
            final List<String> used = used(library);
            text.append(library.id()).append(' ').append(library.version()).append(": ").append(String.join(" and ", used));
            if (used.size() < library.licenses().size()) {
                text.append(" (chosen of ").append(String.join(", ", library.licenses())).append(')');
            }
            text.append("\n    ").append(library.url()).append('\n');
            final Path jar = byHash.get(library.sha256());
            if (jar != null) {
                for (final String notice : notices(jar)) {
                    notices.computeIfAbsent(notice, n -> new ArrayList<>()).add(library.id());
                }
            }
        }
        text.append("\nTexts that came with these libraries:\n");
        notices.forEach((notice, owners) -> text.append("\n--- ").append(String.join(", ", owners)).append("\n\n").append(notice)
            .append('\n'));
        return text.toString();
    }

    private static List<String> notices(final Path jar) throws IOException {
        final List<String> found = new ArrayList<>();
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (final ZipEntry entry : (Iterable<ZipEntry>)zip.stream().map(ZipEntry.class::cast)::iterator) {
                if (entry.getName().matches("(.*/)?(LICENSE|NOTICE|COPYING)(\\.txt|\\.md)?")) {
                    try (InputStream in = zip.getInputStream(entry)) {
                        found.add(new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n").strip());
                    }
                }
            }
        }
        return found;
    }
}
