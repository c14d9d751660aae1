package org.scanbridge.learning.method;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.scanbridge.imaging.Progress;
import org.scanbridge.learning.train.TrainingListener;

/** The same seed gives the same bits in another JVM. */
@Timeout(200)
class FreshJvmTest {

    /** Prints the hash of a network that was trained and adapted. */
    public static final class Main {

        private Main() {
        }

        public static void main(final String[] arguments) {
            System.out.println("hash " + hash());
        }
    }

    private static String hash() {
        final TinyStudy study = new TinyStudy();
        final DomainAdversarialOptions options = DomainAdversarialOptions.defaults()
            .withSegmentation(DomainAdversarialOptions.defaults().segmentation().withSteps(10));
        return DomainAdversarialTraining.run(study.untrained(),
            TinyStudy.together(study.training(0, true), study.training(1, false)), options, Progress.NONE,
            TrainingListener.NONE).network().weights().hash();
    }

    @Test
    void sameSeedGivesTheSameBits() throws Exception {
        final Process process = ChildJvm.of(Main.class).start();
        final String here = hash();
        final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        assertEquals("hash " + here, output.lines().filter(l -> l.startsWith("hash ")).findFirst().orElse(output));
    }
}
