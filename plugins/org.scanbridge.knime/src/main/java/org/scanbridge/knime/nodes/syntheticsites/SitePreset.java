package org.scanbridge.knime.nodes.syntheticsites;

import java.util.List;

import org.knime.node.parameters.widget.choices.Label;
import org.scanbridge.imaging.phantom.RadiographProtocol;
import org.scanbridge.imaging.phantom.SiteProtocol;
import org.scanbridge.imaging.phantom.SiteProtocols;

/** Which scanners take part. The constants' names are stored in workflows. */
enum SitePreset {

        @Label(value = "A and B: good scan and low-field scan", description = "A: adult T1 contrast, 1 mm, little noise."
            + " B: the same kind of people on a low-field scanner with much noise, thick slices and less contrast. A"
            + " z-score aligns the scales and still leaves a model trained on A helpless; adapting can help.")
        A_B(List.of(SiteProtocols.A, SiteProtocols.B)),

        @Label(value = "A and C: same contrast, other scale", description = "A as above; C has the same tissue contrast"
            + " on another intensity scale. The control: z-scoring alone must carry a model over.")
        A_C(List.of(SiteProtocols.A, SiteProtocols.C)),

        @Label(value = "A and I: adults and infants", description = "A as above; I: infants at the age when gray and"
            + " white matter look alike, gray matter brighter, thick slices. No change of brightness and contrast turns"
            + " I into A: the hardest case.")
        A_I(List.of(SiteProtocols.A, SiteProtocols.INFANT)),

        @Label(value = "A, B and C", description = "Three sites: A as the source, B and C as targets.")
        A_B_C(List.of(SiteProtocols.A, SiteProtocols.B, SiteProtocols.C)),

        @Label(value = "A, C and I", description = "Three sites: adults A, the control C that differs from A in scale"
            + " only, and the infants I.")
        A_C_I(List.of(SiteProtocols.A, SiteProtocols.C, SiteProtocols.INFANT)),

        @Label(value = "S and T: white-matter lesions", description = "FLAIR-like images of people with 5 to 40 lesions of"
            + " 2 to 6 mm in the white matter; the lesions are what is to be segmented. S: 5 mm slices, lesions little"
            + " brighter than gray matter. T: 3 mm slices, another contrast, clearer lesions. For transfer learning with"
            + " few labeled subjects.")
        LESIONS(List.of(SiteProtocols.LESION_SOURCE, SiteProtocols.LESION_TARGET),
            List.of(SiteProtocols.LESION_SOURCE_T1, SiteProtocols.LESION_TARGET_T1)),

        @Label(value = "A and D: T1 and T2 contrast", description = "A as above; D: the same kind of people, as sharp as at"
            + " A, in a T2-like contrast: fluid bright, white matter dark. Where the order of the tissues is inverted, a"
            + " model trained on A takes one for the other, and no normalization helps; an atlas of A's labels does.")
        A_D(List.of(SiteProtocols.A, SiteProtocols.D)),

        @Label(value = "P and Q: lesions, contrasts by physics", description = "White-matter lesions as at S and T, with signals"
            + " that follow from relaxation times. P: a FLAIR that suppresses the fluid (TI 2200 ms), lesions the brightest. Q: the same"
            + " kind of people and slices of 3 mm, but a TI of 1500 ms that leaves the fluid brightest, and lesions between it and gray"
            + " matter. A model trained on P finds fluid instead of lesions at Q.")
        FLAIR(List.of(SiteProtocols.FLAIR_SOURCE, SiteProtocols.FLAIR_TARGET),
            List.of(SiteProtocols.FLAIR_SOURCE_T1, SiteProtocols.FLAIR_TARGET_T1)),

        @Label(value = "V and W: radiographs with fractures", description = "Radiographs of arms and legs, three in ten"
            + " without a fracture, the others with one or two; the fractures are what is to be segmented. V: a digital flat panel, 14"
            + " bits, sharp, little noise, a small lead frame. W: computed radiography from storage plates, 12 bits stored the other"
            + " way round (MONOCHROME1), more noise and scatter, a wide lead frame, edges enhanced by the vendor's software.")
        RADIOGRAPHS(RadiographProtocol.PANEL, RadiographProtocol.PLATES),

        @Label(value = "V, W and X: radiographs of three vendors", description = "V and W as above; X: a flat panel with 16"
            + " bits whose values are proportional to the exposure instead of its logarithm.")
        RADIOGRAPHS_3(RadiographProtocol.PANEL, RadiographProtocol.PLATES, RadiographProtocol.LINEAR);

    private final List<SiteProtocol> m_protocols;

    private final List<SiteProtocol> m_second;

    private final List<RadiographProtocol> m_radiographs;

    SitePreset(final List<SiteProtocol> protocols) {
        this(protocols, List.of());
    }

    SitePreset(final RadiographProtocol... radiographs) {
        m_protocols = List.of();
        m_second = List.of();
        m_radiographs = List.of(radiographs);
    }

    SitePreset(final List<SiteProtocol> protocols, final List<SiteProtocol> second) {
        m_protocols = protocols;
        m_second = second;
        m_radiographs = List.of();
    }

    /** How each site scans; empty if the sites take radiographs. */
    List<SiteProtocol> protocols() {
        return m_protocols;
    }

    /** How each site makes T1-like images beside; empty if it makes none. */
    List<SiteProtocol> second() {
        return m_second;
    }

    /** How each site takes radiographs; empty if the sites scan. */
    List<RadiographProtocol> radiographs() {
        return m_radiographs;
    }

    /** Number of sites. */
    int sites() {
        return m_protocols.size() + m_radiographs.size();
    }
}
