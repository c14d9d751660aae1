package org.scanbridge.release;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

/**
 * The libraries that a software bill of materials names, in the JSON form of CycloneDX.
 *
 * @param libraries sorted by their package URL; our own bundles are not among them
 */
record BillOfMaterials(List<Library> libraries) {

    private static final String OURS = "org.scanbridge";

    /**
     * One library.
     *
     * @param id group and name, as in {@code org.slf4j:slf4j-api}
     * @param version its version
     * @param url its package URL, which also tells its platform
     * @param sha256 of its jar, in lower-case hexadecimal digits
     * @param licenses SPDX ids, or names where there is none; of several nobody says here whether all of them hold or one is chosen
     */
    record Library(String id, String version, String url, String sha256, List<String> licenses) {
    }

    /**
     * @param file the JSON file
     * @return what it names
     * @throws IOException if the file cannot be read or a library in it has no SHA-256
     */
    static BillOfMaterials read(final Path file) throws IOException {
        final List<Library> libraries = new ArrayList<>();
        try (Reader reader = Files.newBufferedReader(file)) {
            for (final JsonElement each : JsonParser.parseReader(reader).getAsJsonObject().getAsJsonArray("components")) {
                final JsonObject component = each.getAsJsonObject();
                final String group = component.get("group").getAsString();
                if (!group.startsWith(OURS)) {
                    libraries.add(new Library(group + ":" + component.get("name").getAsString(),
                        component.get("version").getAsString(), component.get("purl").getAsString(), hash(component, file),
                        licenses(component)));
                }
            }
        }
        libraries.sort(Comparator.comparing(Library::url));
        return new BillOfMaterials(List.copyOf(libraries));
    }

    private static List<String> licenses(final JsonObject component) {
        final List<String> found = new ArrayList<>();
        final JsonArray licenses = component.getAsJsonArray("licenses");
        for (final JsonElement each : licenses == null ? new JsonArray() : licenses) {
            final JsonObject choice = each.getAsJsonObject();
            if (choice.has("expression")) {
                found.add(choice.get("expression").getAsString());
            } else {
                final JsonObject license = choice.getAsJsonObject("license");
                found.add(license.get(license.has("id") ? "id" : "name").getAsString());
            }
        }
        return List.copyOf(found);
    }

    private static String hash(final JsonObject component, final Path file) throws IOException {
        if (component.has("hashes")) {
            for (final JsonElement each : component.getAsJsonArray("hashes")) {
                final JsonObject hash = each.getAsJsonObject();
                if (hash.get("alg").getAsString().equals("SHA-256")) {
                    return hash.get("content").getAsString();
                }
            }
        }
        throw new IOException(file.getFileName() + ": " + component.get("purl").getAsString() + " has no SHA-256");
    }

    /**
     * @param sha256 of a jar
     * @return whether a library of the bill has it
     */
    boolean names(final String sha256) {
        return libraries.stream().anyMatch(library -> library.sha256().equals(sha256));
    }
}
