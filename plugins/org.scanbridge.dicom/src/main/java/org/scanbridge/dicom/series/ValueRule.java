package org.scanbridge.dicom.series;

/** Which of a header's value mappings makes voxel values of stored ones. */
public enum ValueRule {
        /** Modality LUT or Rescale Slope and Intercept (PS3.3 C.11.1), as viewers show them. */
        MODALITY,
        /**
         * The first Real World Value Mapping (PS3.3 C.7.6.16.2.11) where there is one, such as SUV or ADC with their
         * units; else as {@link #MODALITY}. Stored values outside the mapping's range take the background.
         */
        REAL_WORLD
}
