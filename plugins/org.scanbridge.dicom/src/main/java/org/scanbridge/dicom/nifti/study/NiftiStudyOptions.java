package org.scanbridge.dicom.nifti.study;

import java.util.Collections;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

import org.scanbridge.dicom.series.Raters;
import org.scanbridge.dicom.series.SiteFolder;
import org.scanbridge.imaging.labels.OverlapRule;
import org.scanbridge.imaging.volume.LabelSet;

/**
 * How a folder of NIfTI files is read.
 *
 * @param layout how images and label maps lie in the folder
 * @param images pattern of images; {@code *} for all. See {@link NiftiLayout#PATTERNS}; in other layouts it chooses among
 *            the images
 * @param labels pattern of label maps, for {@link NiftiLayout#PATTERNS} only
 * @param site name of the one site that everything comes from; empty if folders are sites
 * @param subjectFolders whether all images of a folder are of one subject; else names tell
 * @param showNames whether ids are the names of files instead of pseudonyms
 * @param pseudonymKey key of the keyed hash that makes subject and series ids
 * @param modality modality of all images; empty to guess it
 * @param classes names of the label values; empty to look for files that name them
 * @param siteFolder which folder names the site, if folders do
 * @param volumes which volumes of files of four dimensions are read
 * @param largeClasses names of values above 255, which {@code classes} cannot hold
 * @param overlap which class has a voxel that several files of one class each claim
 * @param raters whether several segmentations of an image belong to several raters; by {@link Raters.Rule#ORDER},
 *            {@link Raters.Rule#FOLDER} or {@link Raters.Rule#NAME}
 */
public record NiftiStudyOptions(NiftiLayout layout, String images, String labels, String site, boolean subjectFolders,
    boolean showNames, String pseudonymKey, String modality, LabelSet classes,
    SiteFolder siteFolder, VolumeChoice volumes, SortedMap<Integer, String> largeClasses, OverlapRule overlap,
    Raters raters) {

    private static final int MAX_LABEL = 255;

    /** @throws IllegalArgumentException if a pattern or the key is empty */
    public NiftiStudyOptions {
        Objects.requireNonNull(layout, "layout");
        Objects.requireNonNull(site, "site");
        Objects.requireNonNull(modality, "modality");
        Objects.requireNonNull(classes, "classes");
        Objects.requireNonNull(siteFolder, "siteFolder");
        Objects.requireNonNull(volumes, "volumes");
        Objects.requireNonNull(overlap, "overlap");
        if (raters.rule() == Raters.Rule.DESCRIPTION || raters.rule() == Raters.Rule.CREATOR) {
            throw new IllegalArgumentException("NIfTI files do not tell their " + raters.rule() + ".");
        }
        largeClasses = Collections.unmodifiableSortedMap(new TreeMap<>(largeClasses));
        if (images.isBlank() || labels.isBlank()) {
            throw new IllegalArgumentException("A pattern of file names is blank; * stands for all.");
        }
        if (pseudonymKey.isEmpty()) {
            throw new IllegalArgumentException("The pseudonym key is empty; give any text.");
        }
    }

    /** As the record's constructor, with first-level folders as sites if folders are, and each volume an image. */
    public NiftiStudyOptions(final NiftiLayout layout, final String images, final String labels, final String site,
        final boolean subjectFolders, final boolean showNames, final String pseudonymKey, final String modality,
        final LabelSet classes) {
        this(layout, images, labels, site, subjectFolders, showNames, pseudonymKey, modality, classes, SiteFolder.FIRST,
            VolumeChoice.EACH, new TreeMap<>(), OverlapRule.SMALLER, Raters.ONE);
    }

    /** Layout found automatically, all images, first-level folders are sites, pseudonyms. */
    public static NiftiStudyOptions defaults() {
        return new NiftiStudyOptions(NiftiLayout.AUTOMATIC, "*", "*_seg", "", false, false, "ScanBridge", "",
            LabelSet.of());
    }

    /** These options with another layout. */
    public NiftiStudyOptions withLayout(final NiftiLayout other) {
        return new NiftiStudyOptions(other, images, labels, site, subjectFolders, showNames, pseudonymKey, modality,
            classes, siteFolder, volumes, largeClasses, overlap, raters);
    }

    /** These options with other patterns. */
    public NiftiStudyOptions withPatterns(final String imagePattern, final String labelPattern) {
        return new NiftiStudyOptions(layout, imagePattern, labelPattern, site, subjectFolders, showNames, pseudonymKey,
            modality, classes, siteFolder, volumes, largeClasses, overlap, raters);
    }

    /** These options with names of files as ids, or with pseudonyms. */
    public NiftiStudyOptions withNames(final boolean shown) {
        return new NiftiStudyOptions(layout, images, labels, site, subjectFolders, shown, pseudonymKey, modality,
            classes, siteFolder, volumes, largeClasses, overlap, raters);
    }

    /** These options with sites named by folders of another level. */
    public NiftiStudyOptions withSiteFolder(final SiteFolder folder) {
        return new NiftiStudyOptions(layout, images, labels, site, subjectFolders, showNames, pseudonymKey, modality,
            classes, folder, volumes, largeClasses, overlap, raters);
    }

    /** These options with another choice of volumes of files of four dimensions. */
    public NiftiStudyOptions withVolumes(final VolumeChoice choice) {
        return new NiftiStudyOptions(layout, images, labels, site, subjectFolders, showNames, pseudonymKey, modality,
            classes, siteFolder, choice, largeClasses, overlap, raters);
    }

    /** These options with another rule for voxels that several files of one class each claim. */
    public NiftiStudyOptions withOverlap(final OverlapRule rule) {
        return new NiftiStudyOptions(layout, images, labels, site, subjectFolders, showNames, pseudonymKey, modality,
            classes, siteFolder, volumes, largeClasses, rule, raters);
    }

    /** These options with another way to hand on several segmentations of an image. */
    public NiftiStudyOptions withRaters(final Raters other) {
        return new NiftiStudyOptions(layout, images, labels, site, subjectFolders, showNames, pseudonymKey, modality,
            classes, siteFolder, volumes, largeClasses, overlap, other);
    }

    /** These options with names of label values, also of such above 255. */
    public NiftiStudyOptions withClasses(final SortedMap<Integer, String> names) {
        return new NiftiStudyOptions(layout, images, labels, site, subjectFolders, showNames, pseudonymKey, modality,
            new LabelSet(names.headMap(MAX_LABEL + 1)), siteFolder, volumes, names.tailMap(MAX_LABEL + 1), overlap,
            raters);
    }

    /** Names by value, whatever the value. */
    SortedMap<Integer, String> names() {
        final SortedMap<Integer, String> names = new TreeMap<>(classes.names());
        names.putAll(largeClasses);
        return names;
    }
}
