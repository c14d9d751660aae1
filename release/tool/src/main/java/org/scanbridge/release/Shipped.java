package org.scanbridge.release;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;

/**
 * What of others an update site holds: whole jars nested in bundles, and single classes and native libraries taken out of jars.
 */
final class Shipped {

    private static final String OURS = "org/scanbridge/";

    /** Where each nested jar lies, by its SHA-256. */
    private final Map<String, String> m_jars = new TreeMap<>();

    /** Where each single file lies, by its SHA-256. */
    private final Map<String, String> m_files = new TreeMap<>();

    /**
     * @param site the zipped update site
     * @throws IOException if it cannot be read
     */
    Shipped(final Path site) throws IOException {
        try (ZipFile zip = new ZipFile(site.toFile())) {
            for (final ZipEntry bundle : (Iterable<ZipEntry>)zip.stream().map(ZipEntry.class::cast)::iterator) {
                if (bundle.getName().startsWith("plugins/") && bundle.getName().endsWith(".jar")) {
                    try (InputStream in = zip.getInputStream(bundle)) {
                        look(bundle.getName(), new ZipInputStream(in));
                    }
                }
            }
        }
    }

    private void look(final String bundle, final ZipInputStream in) throws IOException {
        for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
            final String name = entry.getName();
            if (name.endsWith(".jar")) {
                m_jars.put(Checksums.of(in), bundle + "!/" + name);
            } else if (isOfOthers(name)) {
                m_files.put(Checksums.of(in), bundle + "!/" + name);
            }
        }
    }

    private static boolean isOfOthers(final String name) {
        return isNative(name) || name.endsWith(".class") && !name.startsWith(OURS);
    }

    private static boolean isNative(final String name) {
        return name.matches(".*\\.(dll|dylib|jnilib|exe|node|wasm|so(\\.\\d+)*)");
    }

    /**
     * @param bill what is said to be in the site
     * @param jars the jars that were there when it was built, among which those of the bill must be
     * @return what the site holds and the bill does not name, and what the bill names and the site does not hold; empty = they
     *         agree
     * @throws IOException if a jar cannot be read
     */
    List<String> compare(final BillOfMaterials bill, final List<Path> jars) throws IOException {
        final List<String> problems = new ArrayList<>();
        m_jars.forEach((hash, where) -> {
            if (!bill.names(hash)) {
                problems.add("not named: " + where);
            }
        });
        final Map<String, Set<String>> origins = origins(bill, jars);
        final Set<String> used = new HashSet<>(m_jars.keySet());
        m_files.forEach((hash, where) -> {
            final Set<String> from = origins.get(hash);
            if (from == null) {
                problems.add("of no library that is named: " + where);
            } else {
                used.addAll(from);
            }
        });
        for (final BillOfMaterials.Library library : bill.libraries()) {
            if (!used.contains(library.sha256())) {
                problems.add("named, but not shipped: " + library.url());
            }
        }
        return problems;
    }

    /** SHA-256 of the libraries of the bill that hold a file, by the SHA-256 of the file; only for files that the site holds. */
    private Map<String, Set<String>> origins(final BillOfMaterials bill, final List<Path> jars) throws IOException {
        final Map<String, Set<String>> found = new HashMap<>();
        for (final Path jar : jars) {
            if (!jar.toString().endsWith(".jar") || !Files.isRegularFile(jar)) {
                continue;
            }
            final String library = Checksums.of(jar);
            if (!bill.names(library)) {
                continue;
            }
            try (ZipInputStream in = new ZipInputStream(Files.newInputStream(jar))) {
                for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                    if (isOfOthers(entry.getName())) {
                        final String hash = Checksums.of(in);
                        if (m_files.containsKey(hash)) {
                            found.computeIfAbsent(hash, h -> new TreeSet<>()).add(library);
                        }
                    }
                }
            }
        }
        return found;
    }
}
