package org.scanbridge.learning.foreign;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;

import com.google.protobuf.CodedOutputStream;

/**
 * Small networks of other software: made by {@code onnx.helper} of onnx 1.23.2 (opset 17), accepted by its checker with
 * {@code full_check}.
 */
public final class TinyOnnx {

    /** Logits 0.5 - x and x - 0.5 of [n, 1, d, h, w]: the second class where x > 0.5. */
    public static final String THRESHOLD = "CAgSC29ubnguaGVscGVyOpkBChcKAXgKAXcKAWISBmxvZ2l0cyIEQ29udhIBZyoZCAIIAQgBCAEIARABQgF3SggAAIC/AACAPyoR"
        + "CAIQAUIBYkoIAAAAPwAAAL9aIwoBeBIeChwIARIYCgMSAW4KAggBCgMSAWQKAxIBaAoDEgF3YigKBmxvZ2l0cxIeChwIARIYCgMS"
        + "AW4KAggCCgMSAWQKAxIBaAoDEgF3QgQKABAR";

    /** Of exactly [2, 6, 5, 4, 1]: the sigmoid of the value before along the axis of 6, of 0 at its beginning. */
    public static final String SHIFT = "CAgSC29ubnguaGVscGVyOu0BCiYKAXgSAXQiCVRyYW5zcG9zZSoTCgRwZXJtQABABEABQAJAA6ABBwomCgF0CgFrEgFjIgRDb252"
        + "KhUKBHBhZHNAAUAAQABAAUAAQACgAQcKJgoBYxIBdSIJVHJhbnNwb3NlKhMKBHBlcm1AAEACQANABEABoAEHCg8KAXUSAXkiB1Np"
        + "Z21vaWQSAWcqHQgBCAEIAwgBCAEQAUIBa0oMAACAPwAAAAAAAAAAWh8KAXgSGgoYCAESFAoCCAIKAggGCgIIBQoCCAQKAggBYh8K"
        + "AXkSGgoYCAESFAoCCAIKAggGCgIIBQoCCAQKAggBQgQKABAR";

    /** Of [n, 2, h, w] with the values x and y of a place: the softmax of x, y and -x - y. */
    public static final String SLICES = "CAgSC29ubnguaGVscGVyOpsBCg8KAXgKAXcSAWMiBENvbnYKHAoBYxIBeSIHU29mdG1heCoLCgRheGlzGAGgAQISAWcqJwgDCAII"
        + "AQgBEAFCAXdKGAAAgD8AAAAAAAAAAAAAgD8AAIC/AACAv1oeCgF4EhkKFwgBEhMKAxIBbgoCCAIKAxIBaAoDEgF3Yh4KAXkSGQoX"
        + "CAESEwoDEgFuCgIIAwoDEgFoCgMSAXdCBAoAEBE=";

    /** As {@link #THRESHOLD}, but of every other voxel. */
    public static final String HALF = "CAgSC29ubnguaGVscGVyOq0BCisKAXgKAXcKAWISBmxvZ2l0cyIEQ29udioSCgdzdHJpZGVzQAJAAkACoAEHEgFnKhkIAggBCAEI"
        + "AQgBEAFCAXdKCAAAgL8AAIA/KhEIAhABQgFiSggAAAA/AAAAv1ojCgF4Eh4KHAgBEhgKAxIBbgoCCAEKAxIBZAoDEgFoCgMSAXdi"
        + "KAoGbG9naXRzEh4KHAgBEhgKAxIBbgoCCAIKAxIBZQoDEgFmCgMSAWdCBAoAEBE=";

    /** The sum of two inputs. */
    public static final String TWO_INPUTS = "CAgSC29ubnguaGVscGVyOnYKDgoBeAoBeRIBeiIDQWRkEgFnWh8KAXgSGgoYCAESFAoCCAEKAggBCgIIBAoCCAQKAggEWh8KAXkS"
        + "GgoYCAESFAoCCAEKAggBCgIIBAoCCAQKAggEYh8KAXoSGgoYCAESFAoCCAEKAggBCgIIBAoCCAQKAggEQgQKABAR";

    /** As {@link #THRESHOLD}, with weights in another file. */
    public static final String EXTERNAL = "CAgSC29ubnguaGVscGVyOq8BChcKAXgKAXcKAWISBmxvZ2l0cyIEQ29udhIBZyovCAIIAQgBCAEIARABQgF3ahwKCGxvY2F0aW9u"
        + "EhAuLi8uLi9ldGMvcGFzc3dkcAEqEQgCEAFCAWJKCAAAAD8AAAC/WiMKAXgSHgocCAESGAoDEgFuCgIIAQoDEgFkCgMSAWgKAxIB"
        + "d2IoCgZsb2dpdHMSHgocCAESGAoDEgFuCgIIAgoDEgFkCgMSAWgKAxIBd0IECgAQEQ==";

    /** As {@link #THRESHOLD}, in 16-bit floats. */
    public static final String HALF_PRECISION = "CAgSC29ubnguaGVscGVyOpEBChcKAXgKAXcKAWISBmxvZ2l0cyIEQ29udhIBZyoVCAIIAQgBCAEIARAKQgF3SgQAvAA8Kg0IAhAKQgFi"
        + "SgQAOAC4WiMKAXgSHgocCAoSGAoDEgFuCgIIAQoDEgFkCgMSAWgKAxIBd2IoCgZsb2dpdHMSHgocCAoSGAoDEgFuCgIIAgoDEgFkCgMS"
        + "AWgKAxIBd0IECgAQEQ==";

    /** As {@link #THRESHOLD}, of and to 64-bit floats. */
    public static final String DOUBLE_PRECISION = "CAgSC29ubnguaGVscGVyOssBChcKAXgSAXkiBENhc3QqCQoCdG8YAaABAgoSCgF5CgF3CgFiEgF6IgRDb252ChwKAXoSBmxvZ2l0cyIE"
        + "Q2FzdCoJCgJ0bxgLoAECEgFnKhkIAggBCAEIAQgBEAFCAXdKCAAAgL8AAIA/KhEIAhABQgFiSggAAAA/AAAAv1ojCgF4Eh4KHAgLEhgK"
        + "AxIBbgoCCAEKAxIBZAoDEgFoCgMSAXdiKAoGbG9naXRzEh4KHAgLEhgKAxIBbgoCCAIKAxIBZAoDEgFoCgMSAXdCBAoAEBE=";

    /** As {@link #THRESHOLD}, but recorded with one block of 2×3×4, though it claims to take any number. */
    public static final String RECORDED_WITH_ONE = "CAgSC29ubnguaGVscGVyOtoBChIKAXgKAXMSAXkiB1Jlc2hhcGUKFwoBeQoBdwoBYhIGbG9naXRzIgRDb252EgFnKhkIAggBCAEIAQgB"
        + "EAFCAXdKCAAAgL8AAIA/KhEIAhABQgFiSggAAAA/AAAAvyoxCAUQB0IBc0ooAQAAAAAAAAABAAAAAAAAAAIAAAAAAAAAAwAAAAAAAAAE"
        + "AAAAAAAAAFogCgF4EhsKGQgBEhUKAxIBbgoCCAEKAggCCgIIAwoCCARiJQoGbG9naXRzEhsKGQgBEhUKAxIBbQoCCAIKAggCCgIIAwoC"
        + "CARCBAoAEBE=";

    /** As {@link #THRESHOLD} of x less its mean over all blocks of a call, as batch normalization in training. */
    public static final String OVER_ALL_BLOCKS = "CAgSC29ubnguaGVscGVyOtQBCiYKAXgSBG1lYW4iClJlZHVjZU1lYW4qDwoIa2VlcGRpbXMYAaABAgoRCgF4CgRtZWFuEgF5IgNTdWIK"
        + "FwoBeQoBdwoBYhIGbG9naXRzIgRDb252EgFnKhkIAggBCAEIAQgBEAFCAXdKCAAAgL8AAIA/KhEIAhABQgFiSggAAAA/AAAAv1ojCgF4"
        + "Eh4KHAgBEhgKAxIBbgoCCAEKAxIBZAoDEgFoCgMSAXdiKAoGbG9naXRzEh4KHAgBEhgKAxIBbgoCCAIKAxIBZAoDEgFoCgMSAXdCBAoA"
        + "EBE=";

    /** As {@link #THRESHOLD}, with dropout as in training. */
    public static final String DROPOUT = "CAgSC29ubnguaGVscGVyOscBChUKAXgKAXIKAXQSAXkiB0Ryb3BvdXQKFwoBeQoBdwoBYhIGbG9naXRzIgRDb252EgFnKhkIAggBCAEI"
        + "AQgBEAFCAXdKCAAAgL8AAIA/KhEIAhABQgFiSggAAAA/AAAAvyoLEAFCAXJKBAAAAD8qCBAJQgF0SgEBWiMKAXgSHgocCAESGAoDEgFu"
        + "CgIIAQoDEgFkCgMSAWgKAxIBd2IoCgZsb2dpdHMSHgocCAESGAoDEgFuCgIIAgoDEgFkCgMSAWgKAxIBd0IECgAQEQ==";

    /** As {@link #THRESHOLD} of 2×4×4, after its labels and its logits at every other voxel. */
    public static final String SEVERAL_OUTPUTS = "CAgSC29ubnguaGVscGVyOrECChcKAXgKAXcKAWISBmxvZ2l0cyIEQ29udgolCgZsb2dpdHMSBmxhYmVscyIGQXJnTWF4KgsKBGF4aXMY"
        + "AaABAgopCgF4CgF3CgFiEgRkZWVwIgRDb252KhIKB3N0cmlkZXNAAkACQAKgAQcSAWcqGQgCCAEIAQgBCAEQAUIBd0oIAACAvwAAgD8q"
        + "EQgCEAFCAWJKCAAAAD8AAAC/WiAKAXgSGwoZCAESFQoDEgFuCgIIAQoCCAIKAggECgIIBGIlCgZsYWJlbHMSGwoZCAcSFQoDEgFuCgII"
        + "AQoCCAIKAggECgIIBGIjCgRkZWVwEhsKGQgBEhUKAxIBbgoCCAIKAggBCgIIAgoCCAJiJQoGbG9naXRzEhsKGQgBEhUKAxIBbgoCCAIK"
        + "AggCCgIIBAoCCARCBAoAEBE=";

    /** The square root of x: not a number for negative values. */
    public static final String NOT_FINITE = "CAgSC29ubnguaGVscGVyOlsKDAoBeBIBeSIEU3FydBIBZ1ojCgF4Eh4KHAgBEhgKAxIBbgoCCAEKAxIBZAoDEgFoCgMSAXdiIwoBeRIe"
        + "ChwIARIYCgMSAW4KAggBCgMSAWQKAxIBaAoDEgF3QgQKABAR";

    /** {@link #THRESHOLD} without its weights w. */
    private static final String WITHOUT_WEIGHTS = "CAgSC29ubnguaGVscGVyOn4KFwoBeAoBdwoBYhIGbG9naXRzIgRDb252EgFnKhEIAhABQgFiSggAAAA/AAAAv1ojCgF4Eh4KHAgBEhgK"
        + "AxIBbgoCCAEKAxIBZAoDEgFoCgMSAXdiKAoGbG9naXRzEh4KHAgBEhgKAxIBbgoCCAIKAxIBZAoDEgFoCgMSAXdCBAoAEBE=";

    private TinyOnnx() {
    }

    /** -1 and 1, little-endian: what {@link #inParts} has in its other file. */
    public static byte[] weights() {
        return new byte[]{0, 0, -128, -65, 0, 0, -128, 63};
    }

    /** The bytes of a file. */
    public static byte[] bytes(final String base64) {
        return Base64.getDecoder().decode(base64);
    }

    /**
     * As {@link #THRESHOLD}, with its {@link #weights} in another file.
     *
     * @param where keys and values of {@code external_data} (onnx.proto): location, offset, length
     */
    public static byte[] inParts(final Map<String, String> where) throws IOException {
        final ByteArrayOutputStream tensor = new ByteArrayOutputStream();
        final CodedOutputStream out = CodedOutputStream.newInstance(tensor);
        for (final int size : new int[]{2, 1, 1, 1, 1}) {
            out.writeInt64(1, size);
        }
        out.writeInt32(2, 1);
        out.writeString(8, "w");
        for (final Map.Entry<String, String> entry : where.entrySet()) {
            final ByteArrayOutputStream pair = new ByteArrayOutputStream();
            final CodedOutputStream texts = CodedOutputStream.newInstance(pair);
            texts.writeString(1, entry.getKey());
            texts.writeString(2, entry.getValue());
            texts.flush();
            out.writeByteArray(13, pair.toByteArray());
        }
        out.writeInt32(14, 1);
        out.flush();
        // the graph comes twice: readers of protobuf put the second to the first
        final ByteArrayOutputStream model = new ByteArrayOutputStream();
        model.write(bytes(WITHOUT_WEIGHTS));
        model.write(field(7, field(5, tensor.toByteArray())));
        return model.toByteArray();
    }

    private static byte[] field(final int number, final byte[] content) throws IOException {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        final CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        out.writeByteArray(number, content);
        out.flush();
        return bytes.toByteArray();
    }

    /** Writes a file into a folder. */
    public static Path write(final String base64, final Path folder) throws IOException {
        return Files.write(Files.createTempFile(folder, "tiny", ".onnx"), bytes(base64));
    }
}
