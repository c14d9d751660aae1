package org.scanbridge.learning.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.scanbridge.learning.architecture.NetworkSpec;

class EnsembleTest {

    private static final NetworkSpec TINY = NetworkSpec.unet3d(2, 2, 1, 8);

    @TempDir
    Path m_folder;

    private static Ensemble ensemble() {
        return new Ensemble(List.of(Ensemble.Member.of(Network.untrained(TINY, 1), "1", List.of("anna", "ben")),
            Ensemble.Member.of(Network.untrained(TINY, 2), "2", List.of("anna", "carl"))));
    }

    @Test
    void knowsWhomAMemberHasNotSeen() {
        assertEquals(List.of(), ensemble().unseen("anna"));
        assertEquals(List.of(1), ensemble().unseen("ben"));
        assertEquals(List.of(0), ensemble().unseen("carl"));
        assertEquals(List.of(0, 1), ensemble().unseen("dora"));
        assertThrows(IllegalArgumentException.class, () -> new Ensemble(ensemble().members().subList(0, 1)));
    }

    /** SHA-256 of "scanbridge-subject\nanna" by {@code sha256sum}. */
    @Test
    void isReadAsItWasWrittenAndHoldsNoIds() throws Exception {
        ensemble().save(m_folder);
        assertTrue(Ensemble.isIn(m_folder));
        final String json = Files.readString(m_folder.resolve("ensemble.json"));
        assertFalse(json.contains("anna"));
        assertTrue(json.contains("0c358bd983af2b372074c647dda76008da0b8697f235169e64be96c335e9a4a6"), json);
        final Ensemble read = Ensemble.load(m_folder);
        assertEquals(ensemble().hash(), read.hash());
        assertEquals(List.of(1), read.unseen("ben"));
        assertEquals(List.of("1", "2"), read.members().stream().map(Ensemble.Member::fold).toList());
        assertEquals(Network.untrained(TINY, 2).weights().hash(),
            Network.load(Ensemble.directory(m_folder, 1)).weights().hash());
        // nobody takes it for a single network
        assertThrows(IOException.class, () -> Network.load(m_folder));
    }

    @Test
    void whatIsNoEnsembleIsRefused() throws Exception {
        final Path json = m_folder.resolve("ensemble.json");
        for (final String text : List.of("{", "null", "{\"format\":\"other\",\"members\":[]}",
            "{\"format\":\"scanbridge-ensemble\",\"version\":1,\"members\":[]}",
            "{\"format\":\"scanbridge-ensemble\",\"version\":1,\"members\":[{\"directory\":\"../up\"}]}")) {
            Files.writeString(json, text);
            assertThrows(IOException.class, () -> Ensemble.load(m_folder), text);
        }
        Files.writeString(json, "{\"format\":\"scanbridge-ensemble\",\"version\":2,\"members\":[]}");
        assertTrue(assertThrows(IOException.class, () -> Ensemble.load(m_folder)).getMessage().contains("Update ScanBridge"));
    }

    /** A blank behind an id, as spreadsheets have them, makes nobody a new person. */
    @Test
    void blanksAroundAnIdDoNotCount() {
        assertEquals(List.of(1), ensemble().unseen("ben "));
        assertEquals(List.of(0), ensemble().unseen(" carl"));
    }
}
