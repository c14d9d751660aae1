package org.scanbridge.knime.util;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class NameListsTest {

    @Test
    void aListGrowsByOneName() {
        final List<String> names = List.of("CSF", "GM", "WM");
        assertEquals(names, NameLists.next("", names, ','));
        assertEquals(names, NameLists.next(null, names, ','));
        assertEquals(List.of("gm, CSF", "gm, WM"), NameLists.next(" gm ,, ", names, ','));
        assertEquals(List.of(), NameLists.next("WM,GM,CSF", names, ','));
        // what only the user knows stays
        assertEquals(List.of("mine, CSF", "mine, GM", "mine, WM"), NameLists.next("mine", names, ','));
        assertEquals(List.of("a = 1; b = 2"), NameLists.next("a = 1", List.of("a = 1", "b = 2"), ';'));
    }

    @Test
    void aNameWithTheSeparatorInItCannotBeListed() {
        assertEquals(List.of("liver"), NameLists.next("", List.of("tumor, necrotic", "liver", "Liver "), ','));
        assertEquals(List.of("tumor, necrotic"), NameLists.next("", List.of("tumor, necrotic"), ';'));
    }

    @Test
    void fewNamesAreUnitedInAllWays() {
        assertEquals(List.of(), NameLists.unions(List.of()));
        assertEquals(List.of("a"), NameLists.unions(List.of("a")));
        assertEquals(List.of("a", "b", "c", "a, b", "a, c", "b, c", "a, b, c"), NameLists.unions(List.of("a", "b", "c")));
        // 2^4 - 1 sets that are not empty
        assertEquals(15, Set.copyOf(NameLists.unions(List.of("a", "b", "c", "d"))).size());
        assertEquals(List.of("a", "b", "c", "d", "e", "a, b, c, d, e"), NameLists.unions(List.of("a", "b", "c", "d", "e")));
    }

    @Provide
    Arbitrary<List<String>> names() {
        return Arbitraries.strings().withChars("aAbB ,;").ofMaxLength(4).list().ofMaxSize(8);
    }

    private static Set<String> parsed(final String text) {
        return Arrays.stream(text.split(",")).map(s -> s.strip().toLowerCase(Locale.ROOT)).filter(s -> !s.isEmpty())
            .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Choosing again and again ends, with all names that can be listed, and loses nothing on the way. */
    @Property(tries = 200)
    void choosingEndsWithAllNames(@ForAll("names") final List<String> names, @ForAll("names") final List<String> typed) {
        String text = String.join(",", typed);
        final Set<String> all = parsed(text);
        names.stream().filter(name -> !name.contains(",")).forEach(name -> all.addAll(parsed(name)));
        for (int n = 0; n <= names.size(); n++) {
            final List<String> next = NameLists.next(text, names, ',');
            if (next.isEmpty()) {
                break;
            }
            final Set<String> before = parsed(text);
            text = next.get(next.size() - 1);
            assertTrue(parsed(text).containsAll(before));
            assertEquals(before.size() + 1, parsed(text).size());
        }
        assertEquals(all, parsed(text));
    }

    @Test
    void namesAreStrippedAndEmptyOnesLeftOut() {
        assertEquals(List.of("liver", "left kidney"), NameLists.names(" liver,, left kidney , "));
        assertEquals(List.of(), NameLists.names(null));
        assertEquals(List.of(), NameLists.names(" "));
    }
}
