package org.scanbridge.imaging.phantom;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.components.ConnectedComponents;
import org.scanbridge.imaging.components.Connectivity;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.VolumeInfo;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class RadiographStudyTest {

    private static final List<RadiographProtocol> ALL =
        List.of(RadiographProtocol.PANEL, RadiographProtocol.PLATES, RadiographProtocol.LINEAR);

    @Property(tries = 20)
    void valuesAreStorableAndFracturesInTheOpenField(@ForAll final long seed, @ForAll @IntRange(min = 16, max = 64) final int size,
        @ForAll @IntRange(min = 0, max = 2) final int site) {
        final RadiographStudy.Subject s = new RadiographStudy(ALL, size, seed).subject(site, 0);
        final int maximum = ALL.get(site).maximum();
        for (int v = 0; v < size * size; v++) {
            final float x = s.image().voxels()[v];
            assertTrue(x >= 0 && x <= maximum && x == Math.rint(x), "value " + x);
            if (s.fractures().voxels()[v] != 0) {
                assertEquals(1, s.fractures().voxels()[v]);
                assertTrue(v % size >= s.field().left() && v % size <= s.field().right() && v / size >= s.field().top()
                    && v / size <= s.field().bottom());
            }
        }
        assertEquals(Geometry.axial(new int[]{size, size, 1}, 102.4 / size, 102.4 / size, 1), s.image().geometry());
    }

    @Test
    void bitsOfTheVendors() {
        assertArrayEquals(new int[]{16383, 4095, 65535}, ALL.stream().mapToInt(RadiographProtocol::maximum).toArray());
        assertEquals(List.of("DX", "CR", "DX"), ALL.stream().map(RadiographProtocol::modality).toList());
    }

    /** PS3.3 C.7.3.1.1.1: CR, DX and others are projections; a rotating XA device also makes volumes, MR never projects. */
    @Test
    void radiographsAreProjections() {
        final RadiographStudy.Subject s = new RadiographStudy(ALL, 16, 5).subject(1, 0);
        assertTrue(s.image().info().isProjection(s.image().geometry()));
        final Geometry stack = Geometry.axial(new int[]{4, 4, 2}, 1, 1, 1);
        assertFalse(new VolumeInfo("XA", "", "", "", "").isProjection(stack));
        assertFalse(new VolumeInfo("MR", "", "", "", "").isProjection(s.image().geometry()));
    }

    @Test
    void subjectsDoNotDependOnOthers() {
        final RadiographStudy.Subject alone = new RadiographStudy(List.of(RadiographProtocol.PANEL), 32, 5).subject(0, 3);
        final RadiographStudy.Subject among = new RadiographStudy(ALL, 32, 5).subject(0, 3);
        assertArrayEquals(alone.image().voxels(), among.image().voxels());
        assertArrayEquals(alone.fractures().voxels(), among.fractures().voxels());
        assertEquals("V-004", among.image().info().subject());
        assertFalse(Arrays.equals(among.image().voxels(), new RadiographStudy(ALL, 32, 6).subject(0, 3).image().voxels()));
    }

    /** Where a bone is broken it lets more through than the whole bone beside it: the line is dark. */
    @Test
    void fracturesAreWhereTheBoneIsThinner() {
        final LimbPhantom phantom = new LimbPhantom(128);
        int broken = 0;
        int thinner = 0;
        int whole = 0;
        for (int seed = 0; seed < 40; seed++) {
            final LimbPhantom.Limb limb = phantom.generate(seed, VolumeInfo.UNKNOWN);
            final byte[] labels = limb.fractures().voxels();
            for (int v = 0; v < labels.length; v++) {
                assertTrue(labels[v] == 0 || limb.bone()[v] > 0, "a fracture of no bone");
            }
            final int parts = ConnectedComponents.of(limb.fractures(), 1, Connectivity.CORNERS).count();
            assertTrue(parts <= 6, parts + " parts of at most two fractures");
            whole += parts == 0 ? 1 : 0;
            double in = 0;
            double beside = 0;
            for (int v = 0; v < labels.length; v++) {
                if (labels[v] != 0) {
                    in += limb.bone()[v];
                    // 8 mm further along the limb, within the same bone if not at its end
                    beside += limb.bone()[v >= 10 * 128 ? v - 10 * 128 : v + 10 * 128];
                }
            }
            if (parts > 0) {
                broken++;
                thinner += in < beside ? 1 : 0;
            }
        }
        // three of ten are whole: of 40, 3 to 22 with a probability above 1 − 1e-3; the seeds are fixed
        assertTrue(whole >= 3 && whole <= 22, whole + " of 40 without a fracture");
        assertTrue(thinner >= 0.9 * broken, thinner + " of " + broken + " fractures are darker than the bone");
    }

    @Test
    void nonsenseIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new RadiographStudy(List.of(), 32, 1));
        assertThrows(IllegalArgumentException.class,
            () -> new RadiographStudy(List.of(RadiographProtocol.PANEL, RadiographProtocol.PANEL), 32, 1));
        assertThrows(IllegalArgumentException.class, () -> new RadiographStudy(ALL, 15, 1));
    }
}
