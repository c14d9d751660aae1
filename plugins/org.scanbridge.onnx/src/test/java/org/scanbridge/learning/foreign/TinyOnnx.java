package org.scanbridge.learning.foreign;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

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

    private TinyOnnx() {
    }

    /** The bytes of a file. */
    public static byte[] bytes(final String base64) {
        return Base64.getDecoder().decode(base64);
    }

    /** Writes a file into a folder. */
    public static Path write(final String base64, final Path folder) throws IOException {
        return Files.write(Files.createTempFile(folder, "tiny", ".onnx"), bytes(base64));
    }
}
