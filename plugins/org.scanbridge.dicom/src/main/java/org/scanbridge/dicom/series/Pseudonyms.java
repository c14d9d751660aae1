package org.scanbridge.dicom.series;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Short ids in place of identifiers: the first 32 bits of HMAC-SHA256 (RFC 2104) under a key. The same key gives the
 * same id for the same patient in every study; without the key ids cannot be traced back by trying candidates.
 */
public final class Pseudonyms {

    private static final int BYTES = 4;

    private final SecretKeySpec m_key;

    /** @param key any text but the empty one */
    public Pseudonyms(final String key) {
        m_key = new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256");
    }

    /** A subject's id such as {@code S-3F9A21C4}. */
    public String subject(final String identifier) {
        return "S-" + hash("subject\0" + identifier);
    }

    /** A series' id such as {@code R-0B51D7E9}. */
    public String series(final String identifier) {
        return "R-" + hash("series\0" + identifier);
    }

    private String hash(final String text) {
        try {
            final Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(m_key);
            final byte[] hash = mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().withUpperCase().formatHex(hash, 0, BYTES);
        } catch (final GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has HmacSHA256", e);
        }
    }
}
