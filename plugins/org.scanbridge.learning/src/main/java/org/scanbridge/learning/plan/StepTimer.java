package org.scanbridge.learning.plan;

import org.scanbridge.learning.architecture.NetworkSpec;

/** How long a step of a supervised training takes on a machine. */
@FunctionalInterface
public interface StepTimer {

    /**
     * @param spec of the network
     * @param batch patches per step
     * @return seconds, positive
     */
    double secondsPerStep(NetworkSpec spec, int batch);
}
