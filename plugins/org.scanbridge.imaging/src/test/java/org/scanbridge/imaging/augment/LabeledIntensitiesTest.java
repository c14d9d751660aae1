package org.scanbridge.imaging.augment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import org.junit.jupiter.api.Test;
import org.scanbridge.imaging.ImagingException;
import org.scanbridge.imaging.atlas.ClassIntensity;
import org.scanbridge.imaging.random.SeededRandom;
import org.scanbridge.imaging.volume.Geometry;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.imaging.volume.LabelVolume;
import org.scanbridge.imaging.volume.Volume;
import org.scanbridge.imaging.volume.VolumeInfo;

/** Values by hand and of normal distributions with known parameters. */
class LabeledIntensitiesTest {

    private static final Geometry GRID = Geometry.axial(new int[]{20, 20, 20}, 1, 1, 1);

    private static LabelVolume labels(final byte[] y, final Geometry grid) {
        return new LabelVolume(y, grid, VolumeInfo.UNKNOWN, LabelSet.of("a", "b"));
    }

    /** Slabs: background, rest about 5 and about 50, label 1 about -2 with a tenth of outliers, value 255 left open. */
    @Test
    void findsWhatTheImageWasMadeOf() {
        final float[] x = new float[8000];
        final byte[] y = new byte[8000];
        final SeededRandom random = SeededRandom.of(3);
        for (int v = 0; v < x.length; v++) {
            switch (v / 1600) {
                case 0 -> x[v] = 0;
                case 1 -> x[v] = (float)(5 + 0.5 * random.nextGaussian());
                case 2 -> x[v] = (float)(50 + 2 * random.nextGaussian());
                case 3 -> {
                    x[v] = v % 10 == 0 ? 90 : (float)(-2 + 0.25 * random.nextGaussian());
                    y[v] = 1;
                }
                default -> {
                    x[v] = 1000;
                    y[v] = (byte)255;
                }
            }
        }
        final List<ClassIntensity> found = LabeledIntensities.of(new Volume(x, GRID, VolumeInfo.UNKNOWN), labels(y, GRID),
            new TreeMap<>(Map.of(1, "a", 2, "b")), 2);
        assertEquals(4, found.size());
        // a tenth of outliers on one side moves the median by 0.14 and the deviation by 15 %
        assertEquals(-2, found.get(0).mean(), 0.06);
        assertEquals(0.25, found.get(0).spread(), 0.06);
        assertEquals(0.25, found.get(0).share(), 1e-12);
        assertTrue(Double.isNaN(found.get(1).mean()) && found.get(1).share() == 0, "label b does not occur");
        assertEquals(5, found.get(2).mean(), 0.06);
        assertEquals(0.5, found.get(2).spread(), 0.05);
        assertEquals(50, found.get(3).mean(), 0.2);
        assertEquals(2, found.get(3).spread(), 0.15);
        assertTrue(found.get(2).atlasClass().isRest());
        final LabelVolume other = labels(new byte[8000], Geometry.axial(new int[]{20, 20, 20}, 1, 1, 2));
        assertThrows(ImagingException.class, () -> LabeledIntensities.of(new Volume(x, GRID, VolumeInfo.UNKNOWN), other,
            new TreeMap<>(), 2));
    }

    /** Of mixed parts each may be any but the darkest; the darkest and labels stay what they are. */
    @Test
    void mixedPartsAreDrawnAlike() {
        final ClassColors.Guided.Estimate[] e = new ClassColors.Guided.Estimate[4];
        for (int n = 0; n < 4; n++) {
            e[n] = new ClassColors.Guided.Estimate(10 * n, 0, 0);
        }
        final ClassColors.Guided colors =
            new ClassColors.Guided(new TreeMap<>(Map.of(1, e[3])), List.of(e[0], e[1], e[2])).withMixedParts();
        final Set<Double> drawn = new TreeSet<>();
        for (int seed = 0; seed < 40; seed++) {
            drawn.add(colors.draw(0, 1, SeededRandom.of(seed)).mean());
            assertEquals(0, colors.draw(0, 0, SeededRandom.of(seed)).mean());
            assertEquals(30, colors.draw(1, 0, SeededRandom.of(seed)).mean());
        }
        assertEquals(Set.of(10.0, 20.0), drawn);
    }
}
