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

    /** Networks stored before there were generators, deep supervision and domains. */
    @Test
    void readsWhatEarlierVersionsWrote() {
        assertEquals(NetworkSpec.unet3d(4, 8, 3, 24), NetworkSpec.fromJson("""
            {"kind":"UNET_3D","inputChannels":1,"classes":4,"baseWidth":8,"levels":3,"norm":"GROUP",\
            "patchSize":{"i":24,"j":24,"k":24}}"""));
        final NetworkSpec spec =
            new NetworkSpec(Kind.UNET_3D, 1, 4, 8, 3, Norm.BATCH, PatchSize.cube(24)).withDeepSupervision(true).withDomains(3);
        assertEquals(spec, NetworkSpec.fromJson(spec.toJson()));
    }

    @Test
    void refusesWhatANetworkDoesNotHave() {
        final PatchSize cube = PatchSize.cube(6);
        assertThrows(IllegalArgumentException.class, () -> new NetworkSpec(Kind.DEEP_MEDIC, 1, 2, 3, 2, Norm.BATCH, cube));
        assertThrows(IllegalArgumentException.class, () -> new NetworkSpec(Kind.DEEP_MEDIC, 1, 2, 3, 1, Norm.GROUP, cube));
        assertThrows(IllegalArgumentException.class,
            () -> new NetworkSpec(Kind.DEEP_MEDIC, 1, 2, 3, 1, Norm.BATCH, PatchSize.cube(4)));
        assertThrows(IllegalArgumentException.class, () -> new NetworkSpec(Kind.PATCH_CNN, 1, 2, 3, 1, Norm.BATCH, cube));
        assertThrows(IllegalArgumentException.class, () -> NetworkSpec.unet3d(4, 8, 2, 24).withDeepSupervision(true));
        assertThrows(IllegalArgumentException.class, () -> NetworkSpec.unet3d(4, 8, 2, 24).withDomains(2));
    }

    /** The largest array has 2147483647 numbers: 1290³ is below it, 1291³ above, and 2048³ is 0 in 32 bits. */
    @Test
    void refusesWhatNoArrayHolds() {
        assertEquals(2_146_689_000, PatchSize.cube(1290).voxels());
        for (final int size : new int[]{1291, 2048, 1_000_000_000, Integer.MAX_VALUE}) {
            final String message = assertThrows(IllegalArgumentException.class, () -> PatchSize.cube(size)).getMessage();
            assertTrue(message.contains(size + "×" + size), message);
        }
        final PatchSize large = PatchSize.cube(1000);
        assertEquals(2, new NetworkSpec(Kind.UNET_3D, 2, 2, 8, 1, Norm.GROUP, large).inputChannels());
        for (final int channels : new int[]{3, 1024, 1025, 1_000_000_000}) {
            assertThrows(IllegalArgumentException.class,
                () -> new NetworkSpec(Kind.UNET_3D, channels, 2, 8, 1, Norm.GROUP, large));
        }
        assertTrue(assertThrows(IllegalArgumentException.class,
            () -> new NetworkSpec(Kind.UNET_3D, 1025, 2, 8, 1, Norm.GROUP, PatchSize.cube(8))).getMessage().contains("1025"));
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
