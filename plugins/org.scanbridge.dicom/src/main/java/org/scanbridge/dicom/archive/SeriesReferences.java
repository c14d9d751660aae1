package org.scanbridge.dicom.archive;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;

import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Names of series that only who has the key can read: UIDs lead to the patient in the archive, so they are encrypted where
 * they would stand in a table. AES-GCM (NIST SP 800-38D) under a key made of the pseudonym key by HMAC-SHA256, with a nonce
 * made of the UIDs in the same way, so that the same series has the same reference in every run.
 */
public final class SeriesReferences {

    private static final String PREFIX = "A-";

    private static final int NONCE = 12;

    private static final int TAG_BITS = 128;

    private final byte[] m_key;

    /** @param key the pseudonym key: any text but the empty one */
    public SeriesReferences(final String key) {
        m_key = key.getBytes(StandardCharsets.UTF_8);
    }

    /** The reference to a series. */
    public String of(final SeriesKey series) {
        final byte[] plain = (series.study() + " " + series.series()).getBytes(StandardCharsets.US_ASCII);
        try {
            final byte[] nonce = Arrays.copyOf(mac("archive reference nonce\0", plain), NONCE);
            final byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce).doFinal(plain);
            final byte[] all = Arrays.copyOf(nonce, NONCE + sealed.length);
            System.arraycopy(sealed, 0, all, NONCE, sealed.length);
            return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(all);
        } catch (final GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has AES-GCM", e);
        }
    }

    /**
     * The series of a reference.
     *
     * @throws IllegalArgumentException if it is none, or of another key
     */
    public SeriesKey series(final String reference) {
        try {
            final byte[] all = Base64.getUrlDecoder().decode(reference.startsWith(PREFIX) ? reference.substring(PREFIX.length())
                : "");
            if (all.length > NONCE) {
                final String[] uids = new String(cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(all, NONCE)).doFinal(all, NONCE,
                    all.length - NONCE), StandardCharsets.US_ASCII).split(" ");
                return new SeriesKey(uids[0], uids[1]);
            }
        } catch (final GeneralSecurityException | IllegalArgumentException e) {
            // as for what is no reference at all
        }
        throw new IllegalArgumentException("It is no reference to a series, or was made with another pseudonym key. Take column"
            + " \"Reference\" of the DICOM Archive Query, and the same \"Pseudonym key\" in both nodes.");
    }

    private Cipher cipher(final int mode, final byte[] nonce) throws GeneralSecurityException {
        final Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(mac("archive reference key\0", new byte[0]), "AES"),
            new GCMParameterSpec(TAG_BITS, nonce));
        return cipher;
    }

    private byte[] mac(final String purpose, final byte[] text) throws GeneralSecurityException {
        final Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(m_key, "HmacSHA256"));
        mac.update(purpose.getBytes(StandardCharsets.UTF_8));
        return mac.doFinal(text);
    }
}
