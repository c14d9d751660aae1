package org.scanbridge.dicom.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.Base64;
import java.util.zip.CRC32;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.scanbridge.dicom.TestEncoder;
import org.scanbridge.dicom.TestSlices;
import org.scanbridge.dicom.data.ByteSource;
import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.DicomFile;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.data.TransferSyntax;
import org.scanbridge.dicom.pixel.DecodedFrame;
import org.scanbridge.dicom.pixel.DicomDecoders;
import org.scanbridge.dicom.pixel.PixelFormat;

/**
 * Streams by encoders of others: libjpeg-turbo 3.1.3 (lossless JPEG: colors with predictors 1 and 5, 12 bits with predictors 1 and 7) and
 * CharLS 2.4.3 (JPEG-LS: colors interleaved by sample, 12 bits; lossless and near-lossless), by way of imagecodecs 2026.3.6, four components by way
 * of pyjpegls. Checksums are of what the same libraries decode.
 */
class PeerStreamsTest {

    private static final int COLUMNS = 23;

    private static final int ROWS = 11;

    /** A flat part, then steep slopes that wrap around, with some texture. */
    private static int sample(final int i, final int j, final int color, final int max) {
        return j < 3 ? 5 * color + 7
            : i * i * (3 + color) + i * j * j * (7 + 2 * color) + (i * 31 + j * 17 + color * 5) % 13 & max;
    }

    @ParameterizedTest
    @CsvSource({
        "JPEG_LOSSLESS, 3, 8, 0, 496968526, "
            + "/9j/7gAOQWRvYmUAZAAAAAAA/8MAEQgACwAXA1IRAEcRAEIRAP/EABwAAAIDAQEBAQAAAAAAAAAAAAAHBQYIBAMCAf/aAAwDUgBHAEIAAQAAQy"
            + "LSAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAHrz896bTgZrVe7GzSgMsPJ/N92pRsIFI5qfuqXIk"
            + "VlnZMq9+6V2PnVU1DRKxpqO1bCaIoMCml54aUqP2pttCsqkvqaJlFxCWtY+N1on1cub05nxozXTxUFDQeqaBopR1dBLjcSV2DXtOLvlSlQ4tUU"
            + "vqUEBKLOIkddQeJ1lvmy0Xjvi+6WNUcIZC2x2NqoWFyQdpzBE2R8QV5zpy3TRnp6emt9uzqv4ZqhRlx159XundV4qnrk6mzTMgMKOOs2rNkZcn"
            + "VvO2oCLYWi/zJKH9WLp/5bSbkcqLLBLq17OvJc2PNlQnNBU2358hLRpKO9Ob05mbonqZCf8Atu6qlsyKaccC9lc6Ue0P3YtuzvW7Po2sY5Q8fc"
            + "9O+LGUnMzE/wB2RNa9bYV9iaNEtmY6ZaXVsjH7jrjKzrCMd+V/LudORt83p6N/YUw5V5b8u1G2PGmMN1QOTM+bqZWg4Rw578cuo7keuiOrPyak"
            + "n5qHtSSZxDp1WWpM6zsqwVd61cvrrRNcZJp1KaVLqDN3HScw1+uN3m9PTm2RfNlUBo0apsyu0zMEPX3TCbmzH5158+3CgPvnfk1wJCX9NGW74U"
            + "F4kNU40llGzO9cMnEKzy/N7JdVuqDnulLz7bYDRDAiEJkWD056c3pctxaFYsSgWXCaZyH4pVr8mrWh1LbMUks3T20pxWLZGdMOV53XKIQF6hdD"
            + "3X4z+yvfSeUfRMM2bSLimNS5cxcnXleVhnm7a3erNV6JyTzenpsTRrJpKHcFC07lyqpd6bP1bn2BWj7h1ekYCiac49mpjxo+sOKuKz2q9D/Iym"
            + "yXJsuYj4GR9a9ZDlw5Klwnfi7TEpb7bPMK64a//9k=",
        "JPEG_LOSSLESS, 3, 8, 0, 496968526, "
            + "/9j/7gAOQWRvYmUAZAAAAAAA/8MAEQgACwAXA1IRAEcRAEIRAP/EAB0AAAMBAAMBAQEAAAAAAAAAAAAHCAYDBAUJAQL/2gAMA1IARwBCAAUAAE"
            + "Mi0gAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABy9fr7ptOBmtV7saaUBLDyfzfdqUbCBSM1P2qXI"
            + "kVlOyZV79pWx51VOQolY41HVb4lEYHwU0vOClMj/AGpraFZlPXqbyfUXHiatY8O1wn9bLrcnWbbfoplzsiJgvT9t6akxKaC+jE0/QD1rnn1QzF"
            + "2Pau382UxJZYcHqal7duQPLqPZoH02X0dWykPE8g/QVPNri27ZSG0lbvbJx9reS16mzefJycj7pdfzvotx+phovfYM/va7DdpSS/P+8aPrxY6k"
            + "KxJn91hOD6M7meEc0L303zNnXRMugffa08ajGel8nXJSG1cSH2MsaHTvBI76YNXrXwqOTrcibzz72TPSWic9JLeY0TtW2odXOWhYLwp/feaqt0"
            + "+NHIc3Lpc0Pumgg1izeJlSFSa7bKCajJ9tp55L4puUfMTS07imdRuBy6Ka5gVbk63JyOSnMm4Ew35cUeWc3tvBuLGbZy+mDmd6m/Jk303z2rqJ"
            + "utjIZA4N/v7dpec5Rpbt49KUOzU+g2xTHdZ6woP5y69MuRTes27ARc47HRuPE8nJ1qZzVfI55q/SuPDpSesMqnxv/pR87ssnaHyu0QbU2NBZ9W"
            + "Itsbeg/PViad7D+jHzmYCOf61UzxktLQRvKvojI6ygGeokuxV167b3CUlda1DydbkxtiaBy4FPOFfVVLrKULnwFd5xsLic8qsHgzcS5vDrufJU"
            + "ybs8vIoJ1Yl/+A450fHgUZOuf7DzdaE/nwqOnT59oOjH0mkT0aXoGi+6l/n31uTkqv3OdTpKn07VcIbRNVTUlZxOuVfUG3Uy3Vi+rfBV5GjA3V"
            + "grvBrhjLrILvJY9pY+yMcx8+xc9kW3jvJ+ZTndLh8PwG82+DJ9Lrup4Tr/AP/Z",
        "JPEG_LOSSLESS, 1, 12, 0, 3664384326, "
            + "/9j/4AAQSkZJRgABAQAAAQABAAD/wwALDAALABcBAREA/8QAHAAAAwEBAAMBAAAAAAAAAAAAAAkKCAwDBwsE/9oACAEBAAEAAPgFgAAAAAAAAA"
            + "AAAAAAAAAAAAB+f217V91e8vdugvfuktNaV1VrLVuwte7S21tXdW5d9MC8mjNQ6p1JrnYOvNo7M3Duncm+d6MJYiwxkPCUMkZyzTybd3lu1gTC"
            + "mCsaYqypmTLWhNKaLwrLVW1Nyba4JvrkvzNNaQ11srYG6t9bw41xDneGkdA7V2DxXmvIe6+Xh336+R4TvXpPNfE+p8r+uH0oKoSoNoioqolo64"
            + "jSkqlKk2mKl3yUeUo0mUw000ycTxUDT5UjUZVDVTxUdXNWlZNaPFl1w101yfmrirqrlr6r14wmxKw2yKx3jMbOrNbSrUuNMtitdtyt643S4ryX"
            + "G3EXO3McdZdrdheLx5l5F7t7HH2X634fQF4//wCgr9B36DHIWfQ1/9k=",
        "JPEG_LOSSLESS, 1, 12, 0, 3664384326, "
            + "/9j/4AAQSkZJRgABAQAAAQABAAD/wwALDAALABcBAREA/8QAHQAAAwEBAQEBAQEAAAAAAAAAAAoLCQwIAwcEBf/aAAgBAQAHAACAWAAAAAAAAA"
            + "AAAAAAAAAAAAAH8/6t+/evvfel+vW2zBTLbUbgTr72dB+j3Tuqv1x7I9re59fD+n7D6S9a+zPfmkGnus+vu126O9DDDF7L7QbTLZXF2TCZmc0r"
            + "6emfZnuzSXVLXHavcpgRjBlBolrZtzjDpls2ecm9o/bQNojfze2tA9Rde9o95mG2Smhmr28eMmmnTkXun/aGVFuk7TT5QFT36aParbN7mMMMrN"
            + "ENp8YJNPnHPgUDKJVIKmPyfCoawS2dgCxj9NXdst7GQWiGw+MWmvPQP3UKKPtMTk/lUlja8VirmY8uM/8AyB/NuAwgy01i3rxqL0b81ESkPyci"
            + "mivFdaxPzOGY/gq7Te55/wA/Wvow8zW2i49xwb71CqkjydKnlZ2vVzJ+VOet13nqP9D9p9bRG9dv/9k=",
        "JPEG_LS_LOSSLESS, 3, 8, 0, 496968526, "
            + "/9j/6AAgU1BJRkYAAgAAAwAAAAsAAAAXCggGAQAAASwAAAEs/+gACAAAAAH/2P/3ABEIAAsAFwMBEQACEQADEQD/2gAMAwEAAgADAAACAAwgKl"
            + "f/f/9//3//f5X/fhr/YAAALkAAADZgAAA3oAAAMwZxpQrLe6lAAAB5narWO6k6/XkwXGAAAPV7kWTXci2crsAAABcWuwvJ/rD2eQAWxH4hsRoI"
            + "qQbG1Eq4NQqgzrdVUFqgqjlR0H89En5hSBwAAAXsAAAFrOQAAANiAAAD9sJ6IPH8TyAAADZDyAAADLXzz+lxioyWdEQAAAC/IcAAAFbOi+esXg"
            + "bAAAAX5P05xxi2mqBfAAABdtEogAAAzL6/AAAAwqcvgAAA2aMigVLZTAAABwdgAAOYqYAAALiAAADHgAAAsAAAALOAAADZoVwSArE1/F7r81zC"
            + "0k0Qn8uW3tjGtPOIAAAMtFkEAAAHFAAABYk0XNy6AAADVzr+AAADvZlkc2UAAKMrmSBccS+I3lgyWQAAAckRdY6EbuNQAAANzpPxSWx3+AAAAs"
            + "R6AAAB8kFoIoAAAO8LkMnm2KAAADcjcwQAAAcku4QAAAat0UQAAAd9X7tMf0TuXAAAAZgZ2JPCm6AAAAxTyXAAAAYoxGQAAAGXt+gAAAX4AAAH"
            + "fPgAAANeRMv6lObEccI7LkAAAHzGY8Oo5sAAAAPcaMg3jY8wAAAbgNiAAAAb0bBeAAAByWP4AAADdjGVB7Ja+PjweQvp5AFWlAF17OFvzxlGoc"
            + "wAAAeFO/QAAAfZYNcAAAHGNz2GPW3xNOk20yA7uuWwFsuDLDUHFt2GVaD0/zuyAAAAbiRzi2k+VCpNflQe8souphPx6cGVxg5gF6aXR/1LQdOF"
            + "F4mJZPZnlNxruriV1k8q6SlsVtvIUZy2KLfe7cx4V/TA6kNmM7BVYIlILxqrdFIN49tX0M7ZNC6IlM1KQngAAAxDBUQAAAZZnvYAAAFoX7ejx5"
            + "ekoUWFeAAAB9kpEAAAA9q4LAAAAPi7rj6cmF3NdNk8kvz9fxBdyqjONyfzqexK3VlME5TdVHpbPowvISBljAAAA4Z+JarXaCPL7gAAABthisFE"
            + "c3T+GVCTo6MExGKkAAAAFfYieAAACxMn488vPv6TaD0SVk0xRDmpBMMTs8TkltF8Fm0A/9k=",
        "JPEG_LS_LOSSLESS, 4, 8, 0, 1794590052, "
            + "/9j/9wAUCAALABcEAREAAhEAAxEABBEA/9oADgQBAAIAAwAEAAACAAwgKOSp73//f/9//3//f/9lT/9w1/5kAAAFyAAABswAAAb0AAAH+AAA8A"
            + "KgAFwABAJQKwG4AAAPYCUAAqAtAoN4kjQJRhH0biwI40gB0hHcZDUQBhFo2BIbxiAAABcSownho5DoYGaOMQAY6SRsduiCIT5CBASkyuvmINUS"
            + "iVkRBJ5ktexBfsjOBWTIr2KrRRcR8CkDkAAABewAAAWs5AAAA3gAAANiAAAD8iAAAADNjkhcmWdTydTsPIAAAMtfMzyQ0xliWRqAAAAM0MUp9E"
            + "smrywcDsPsm8LbgAAAC/AAAA0qpsTaAAADN4SfSQAAAc5LbYAAALtFrZNAAABmQAAAZtA/QAAAMKL6ovgAAA2bCwv4FQAAAOkbE0AAAHBfeQAA"
            + "OpCvLAAABcQAAAY8cwAAAWAAAAFnAAABswAAAVFCuQEhpEtpjsWtZ3QNMrgAAA53aQz8AAADmP6Y3AAAA/3l+VI5lZlAAABlndT/YAAAOKcwAA"
            + "AWJBFwy/E8AAAGrFPH+gAAA7z5xK48jgrgABRX8eJIF5fd5fEDx3YLhaxgAAA5J3eLo+vTRlHxeF6ufiEj7Ix7GyAAACxHoAAVfeN4tAgAAA7w"
            + "uCXQJ5bnVQAAAbl4PJjgAAA5JL3TwAAAatxI0EAAAHfaSnlbL7eaFuJjSAAADMCqqJ6eP7QLoAAAMU9lBXAAABiiwWm4AAADL5eBRAAABfheOQ"
            + "lAAAA171PAAAB8P1AcQAAAPlYLesSRzXoAAAPm3j6ulVeimrAAAA9zSVlocXkNg5gAAA3GOGxGAAAA3o2OJWAAAA5KHyEkAAAG7cZKEEWSr9AA"
            + "ABrBhdD0Ek8rLsAAADJG+RHAqO7ubrU57LjxDA8wAAAeFlu6OAAAD7fy0aYAAAONZMTsGFcd3CJqgspTRoOim6RysrZWHFeHGf3REtrjVK/qom"
            + "jc/nIU0oAAAG4njdiC0NJ7p1JIyHRFpCed4V2l2MBheTqyL7e96D1aAXpAz8R/uIxVDpiUl13lYpKh8OYAAALxBbjh+Ul9MeSqE3WhVXCx89sv"
            + "YXc6Eqmfu4Xu4MuNGZeZUFqCnNWK7vIqiKJQAAAMmgvIaqzRWPbQirMNHgII0NUtL4dXbCahjRmaAAADEOy/XSqqs10AAAAtHEvXlFmEeXNyMw"
            + "osBGOYAAAPsgIoYxwUhO4AAAAfFNI2M+nNrAABnc10yAAACwspTNAAd9v8lrye2/F5uurwJzcfRAJXCsqkYnIJbao9IqMXxr1vQSBvooYAAAOG"
            + "dqVtVbKX5SNIIptIAAAG2H2n+I8eTu4eAz1KAnxlPq94SA1qm4AAAFfMTATQAAAWIR2LueY7d999M8l/hkdCGtMpvkiPnXkk8SpecjJHSk1xjD"
            + "CCza9A/9k=",
        "JPEG_LS_NEAR_LOSSLESS, 3, 8, 2, 3099333763, "
            + "/9j/6AAgU1BJRkYAAgAAAwAAAAsAAAAXCggGAQAAASwAAAEs/+gACAAAAAH/2P/3ABEIAAsAFwMBEQACEQADEQD/2gAMAwEAAgADAAICACIVf/"
            + "9//3//f/99f/9BeAAACAAAAxgAAIAAyJ1syJoQAAA16NOw9ZsFK0AAABiQrki1ckWnAAJWo4EkWzAAAABjuZ+XKvJF2UCQAADAgwrSTU+VIuQX"
            + "WmrpgAQAIAACAAAgAAAHEsId2rlQAAYiAAPzbIAARlyx6QAG6AEULCMQLAsB7gAA/OgZAAYAP40AA22n0lQAALgMEFkQAACsBkpgAgABADABAA"
            + "AKSAAQSZEntr6TVAAMwy8CW8AADILgAHF0AAAgA/gAABYDgAAV2QAAB4LFVQM+u4cXAAGYWpSoAABG1nmtng7ZZ5ET4AMoAAABpzYAAAYAAAKY"
            + "ABl4gAAQgZAAAERyAABHqgAAAkWlxIAA8KOiahI6wAAZ5IABkCQAAp8AAQMLAAATW2UBAYrU0TEDRRlgoAAADCrAAAAYkAAABgAAAMhSAAAQgc"
            + "AAAErwAABH3AAAAm1TggeZotH6QOiR07EAAAMQYgAABE9iIcZAAAZQSAAAA7nwAAGiudaZYzLKixGKA83R1MdAAAAcWFxWZQnBMAANJnqB+r5w"
            + "syAAAA9KvnYHpkxPCYS1MAAADILBJORxKRXfSNq/RNn2RmSh8+InM5T1BSFsjxsqaTKtL1+QEm9Gj5IgAACmGCAAABgAMv8AAZlmAGlVIgAAAb"
            + "Os4kkAAAA5ecAAAAcVDgk2gJrKnlfqttZgyZbN+XmkTIAAABycTAAArOlpDrIkdEgAACPwAAARY2AADToAAZViAAD+g6IvJA/xEgpFhKYAlGwB"
            + "qfC9b393rNABLxfq9w0wpTqp0AACSP/Z",
        "JPEG_LS_LOSSLESS, 1, 12, 0, 3664384326, "
            + "/9j/6AAgU1BJRkYAAgAAAQAAAAsAAAAXChAGAQAAASwAAAEs/+gACAAAAAH/2P/3AAsQAAsAFwEBEQD/+AANAf//ABIAQwEUAED/2gAIAQEAAA"
            + "AAQXgBAEAQCAQCAQEBAQEBAQEBAgQIECBAgB//YQOOkqZo2/NmgN647leP6OqqkrisrGs2x7btW6bwwIjZQSqVRtusFXbnuS7ryO8+T2EAIOQE"
            + "ioAA8eP0fIyQIlRo3mf1fz8EMIMRokJGyXk2JgAAN3oSXkoT+nBN8ckgnODbkmag0pure26mJMGZcAAWHKybq4bv3jPAeo9sAirMaBE8rubE8F"
            + "673nsPsAIZ0CuVXEhQhshUikB7nALksks0S4gRPrEDEkHkrkogOa4Kl+T8TwUYUmA3LkF0k9muwqVx5AqGQTqYmS3LKLbgTwIWN6OEOBBOmkiF"
            + "kWnNwmdSJCTqzr4Sm6RAbWlIXqaHCTb/N5N6cIo1FdRe6CGNREpNThB2rigJPgLqAP/Z",
        "JPEG_LS_NEAR_LOSSLESS, 1, 12, 5, 3266856819, "
            + "/9j/6AAgU1BJRkYAAgAAAQAAAAsAAAAXChAGAQAAASwAAAEs/+gACAAAAAH/2P/3AAsQAAsAFwEBEQD/+AANAf//ACEAXAE3AED/2gAIAQEABQ"
            + "AAQMBAggghCEIQiIiIiIiID/9wgFRsnTk69Xnvn331D+jSo06dSrgoiYnr2KixZs2hQqWKlzBgyAAAGsVMioCQntXDds5bunTp48dgA2zMI8ls"
            + "bGyoGWRNiD4gISAhIiUAFuQlSOqWppa2wCRkIKWrEDS2NjW3AR9aq/uLi4uYEHY0oi+7oCW4JHF3dge+/c9vT4+A7+s2iQAdPW1iBnvGl2IYrX"
            + "CRiORga/XLCJgNPjkiCeDLvQMHza+ClbpTKwLv1VlcFr9y+AWP3ndd+P/Z"
    })
    void pixelsAreThoseOfTheLibraries(final String syntax, final int colors, final int bits, final int near, final long checksum,
        final String base64) throws IOException {
        final DataSet data = TestSlices.axial(0, 0).numbers(Tag.COLUMNS, COLUMNS).numbers(Tag.ROWS, ROWS)
            .numbers(Tag.SAMPLES_PER_PIXEL, colors).text(Tag.PHOTOMETRIC_INTERPRETATION, colors == 1 ? "MONOCHROME2" : "RGB")
            .numbers(Tag.PLANAR_CONFIGURATION, 0).numbers(Tag.BITS_ALLOCATED, bits > 8 ? 16 : 8).numbers(Tag.BITS_STORED, bits)
            .numbers(Tag.HIGH_BIT, bits - 1).build();
        final TransferSyntax transfer = switch (syntax) {
            case "JPEG_LOSSLESS" -> TransferSyntax.JPEG_LOSSLESS;
            case "JPEG_LS_LOSSLESS" -> TransferSyntax.JPEG_LS_LOSSLESS;
            default -> TransferSyntax.JPEG_LS_NEAR_LOSSLESS;
        };
        final byte[] file = TestEncoder.file(data, transfer, Base64.getDecoder().decode(base64));
        final DecodedFrame frame;
        try (DicomFile dicom = DicomFile.parse(ByteSource.of(file))) {
            frame = DicomDecoders.standard().decode(dicom, PixelFormat.of(dicom.data()), 0);
        }
        final byte[] bytes = frame.bytes();
        final int unit = bits > 8 ? 2 : 1;
        for (int n = 0; n < colors * ROWS * COLUMNS; n++) {
            final int color = colors == 1 ? 1 : n / (ROWS * COLUMNS);
            final int value = unit == 1 ? bytes[n] & 0xff : bytes[2 * n] & 0xff | (bytes[2 * n + 1] & 0xff) << 8;
            assertEquals(sample(n % COLUMNS, n / COLUMNS % ROWS, color, (1 << bits) - 1), value, near, "sample " + n);
        }
        final CRC32 sum = new CRC32();
        sum.update(bytes, 0, unit * colors * ROWS * COLUMNS);
        assertEquals(checksum, sum.getValue());
    }
}
