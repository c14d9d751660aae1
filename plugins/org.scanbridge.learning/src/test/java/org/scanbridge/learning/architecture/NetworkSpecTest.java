package org.scanbridge.learning.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.scanbridge.learning.architecture.NetworkSpec.Kind;

class NetworkSpecTest {

    @Test
    void survivesJson() {
        final NetworkSpec spec =
            new NetworkSpec(Kind.UNET_2D, 2, 5, 12, 4, Norm.BATCH, new PatchSize(32, 40, 1));
        assertEquals(spec, NetworkSpec.fromJson(spec.toJson()));
    }

    @Test
    void refusesAPatchThatDoesNotHalveEvenly() {
        final String message =
            assertThrows(IllegalArgumentException.class, () -> NetworkSpec.unet3d(4, 8, 4, 20)).getMessage();
        assertTrue(message.contains("20×20×20") && message.contains("8"), message);
    }

    @Test
    void refusesDepthInTwoDimensions() {
        assertThrows(IllegalArgumentException.class,
            () -> new NetworkSpec(Kind.UNET_2D, 1, 4, 8, 3, Norm.GROUP, PatchSize.cube(16)));
    }

    @Test
    void refusesTextThatIsNoSpecification() {
        for (final String text : new String[]{"", "{}", "[]", "nonsense", "{\"kind\":\"RESNET\"}",
            NetworkSpec.unet3d(4, 8, 3, 24).toJson().replace("\"classes\": 4", "\"classes\": 1")}) {
            assertThrows(IllegalArgumentException.class, () -> NetworkSpec.fromJson(text), text);
        }
    }
}
