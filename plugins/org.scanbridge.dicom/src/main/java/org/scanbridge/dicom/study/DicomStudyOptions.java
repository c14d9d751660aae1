package org.scanbridge.dicom.study;

import java.util.Objects;
import java.util.Set;

import org.scanbridge.dicom.seg.StructureChoice;
import org.scanbridge.dicom.series.GapRule;
import org.scanbridge.dicom.series.HeaderAttribute;
import org.scanbridge.dicom.series.ImageRules;
import org.scanbridge.dicom.series.Raters;
import org.scanbridge.dicom.series.SiteFolder;
import org.scanbridge.dicom.series.SiteRule;
import org.scanbridge.dicom.series.SubjectRule;

/**
 * How a folder of DICOM files is read.
 *
 * @param siteRule what tells the site of a series
 * @param images how the images of a series become a volume: gaps, tilt, values, padding
 * @param pseudonymKey key of the keyed hash that makes subject and series ids; with the same key the same patient gets
 *            the same id in every study. Keep it secret where ids leave the hospital.
 * @param modalities modalities to read such as {@code MR}; empty for all
 * @param minimumSlices series with fewer slices are left out; at least 1
 * @param descriptionPattern Series Description to read, with the wildcards * and ?, whatever the case; empty for all
 * @param attributes header attributes to keep, see {@link StudySeries#attributes()}; none by default
 * @param nifti whether label maps in NIfTI files below the folder join the series on whose grid they lie
 * @param structures which structures of RT Structure Sets become labels
 * @param hash whether to compute {@link Study#inputHash()}, for which every file must be read to its end
 * @param siteFolder which folder names the site, if folders do
 * @param subjectRule what tells the subject of a series
 * @param raters whether several segmentations of a series are joined or belong to several raters
 */
public record DicomStudyOptions(SiteRule siteRule, ImageRules images, String pseudonymKey, Set<String> modalities,
    int minimumSlices, String descriptionPattern, Set<HeaderAttribute> attributes, boolean nifti,
    StructureChoice structures, boolean hash, SiteFolder siteFolder, SubjectRule subjectRule, Raters raters) {

    /** @throws IllegalArgumentException if the key is empty or the minimum is below 1 */
    public DicomStudyOptions {
        Objects.requireNonNull(siteRule, "siteRule");
        Objects.requireNonNull(images, "images");
        if (pseudonymKey.isEmpty()) {
            throw new IllegalArgumentException("The pseudonym key is empty; give any text.");
        }
        if (minimumSlices < 1) {
            throw new IllegalArgumentException("Minimum of " + minimumSlices + " slices: must be at least 1.");
        }
        Objects.requireNonNull(descriptionPattern, "descriptionPattern");
        Objects.requireNonNull(structures, "structures");
        Objects.requireNonNull(siteFolder, "siteFolder");
        Objects.requireNonNull(subjectRule, "subjectRule");
        Objects.requireNonNull(raters, "raters");
        modalities = Set.copyOf(modalities);
        attributes = Set.copyOf(attributes);
    }

    /** Sites are first-level sub-folders, series with gaps are left out, every modality is read, with hash. */
    public static DicomStudyOptions defaults() {
        return new DicomStudyOptions(SiteRule.FOLDER, ImageRules.defaults(), "ScanBridge", Set.of(), 1, "", Set.of(),
            true, StructureChoice.ALL, true, SiteFolder.FIRST, SubjectRule.PATIENT, Raters.ONE);
    }

    /** What to do with stacks in which slices are missing. */
    public GapRule gapRule() {
        return images.gaps();
    }

    /** These options with another site rule. */
    public DicomStudyOptions withSiteRule(final SiteRule rule) {
        return new DicomStudyOptions(rule, images, pseudonymKey, modalities, minimumSlices, descriptionPattern,
            attributes, nifti, structures, hash, siteFolder, subjectRule, raters);
    }

    /** These options with other rules for images. */
    public DicomStudyOptions withImages(final ImageRules rules) {
        return new DicomStudyOptions(siteRule, rules, pseudonymKey, modalities, minimumSlices, descriptionPattern,
            attributes, nifti, structures, hash, siteFolder, subjectRule, raters);
    }

    /** These options with another gap rule. */
    public DicomStudyOptions withGapRule(final GapRule rule) {
        return new DicomStudyOptions(siteRule, images.withGaps(rule), pseudonymKey, modalities, minimumSlices,
            descriptionPattern, attributes, nifti, structures, hash, siteFolder, subjectRule, raters);
    }

    /** These options with another pseudonym key. */
    public DicomStudyOptions withPseudonymKey(final String key) {
        return new DicomStudyOptions(siteRule, images, key, modalities, minimumSlices, descriptionPattern,
            attributes, nifti, structures, hash, siteFolder, subjectRule, raters);
    }

    /** These options with other modalities; empty for all. */
    public DicomStudyOptions withModalities(final Set<String> set) {
        return new DicomStudyOptions(siteRule, images, pseudonymKey, set, minimumSlices, descriptionPattern,
            attributes, nifti, structures, hash, siteFolder, subjectRule, raters);
    }

    /** These options with another minimum number of slices. */
    public DicomStudyOptions withMinimumSlices(final int minimum) {
        return new DicomStudyOptions(siteRule, images, pseudonymKey, modalities, minimum, descriptionPattern,
            attributes, nifti, structures, hash, siteFolder, subjectRule, raters);
    }

    /** These options with another pattern of Series Descriptions; empty for all. */
    public DicomStudyOptions withDescriptionPattern(final String pattern) {
        return new DicomStudyOptions(siteRule, images, pseudonymKey, modalities, minimumSlices, pattern, attributes,
            nifti, structures, hash, siteFolder, subjectRule, raters);
    }

    /** These options with other header attributes to keep. */
    public DicomStudyOptions withAttributes(final Set<HeaderAttribute> set) {
        return new DicomStudyOptions(siteRule, images, pseudonymKey, modalities, minimumSlices, descriptionPattern,
            set, nifti, structures, hash, siteFolder, subjectRule, raters);
    }

    /** These options with or without label maps in NIfTI files. */
    public DicomStudyOptions withNifti(final boolean on) {
        return new DicomStudyOptions(siteRule, images, pseudonymKey, modalities, minimumSlices, descriptionPattern,
            attributes, on, structures, hash, siteFolder, subjectRule, raters);
    }

    /** These options with another choice of structures of RT Structure Sets. */
    public DicomStudyOptions withStructures(final StructureChoice choice) {
        return new DicomStudyOptions(siteRule, images, pseudonymKey, modalities, minimumSlices, descriptionPattern,
            attributes, nifti, choice, hash, siteFolder, subjectRule, raters);
    }

    /** These options with or without the input hash. */
    public DicomStudyOptions withHash(final boolean on) {
        return new DicomStudyOptions(siteRule, images, pseudonymKey, modalities, minimumSlices, descriptionPattern,
            attributes, nifti, structures, on, siteFolder, subjectRule, raters);
    }

    /** These options with sites named by folders of another level, if folders name them. */
    public DicomStudyOptions withSiteFolder(final SiteFolder folder) {
        return new DicomStudyOptions(siteRule, images, pseudonymKey, modalities, minimumSlices, descriptionPattern,
            attributes, nifti, structures, hash, folder, subjectRule, raters);
    }

    /** These options with another rule for subjects. */
    public DicomStudyOptions withSubjectRule(final SubjectRule rule) {
        return new DicomStudyOptions(siteRule, images, pseudonymKey, modalities, minimumSlices, descriptionPattern,
            attributes, nifti, structures, hash, siteFolder, rule, raters);
    }

    /** These options with another way to hand on several segmentations of a series. */
    public DicomStudyOptions withRaters(final Raters other) {
        return new DicomStudyOptions(siteRule, images, pseudonymKey, modalities, minimumSlices, descriptionPattern,
            attributes, nifti, structures, hash, siteFolder, subjectRule, other);
    }
}
