package org.scanbridge.dicom.series;

import java.util.Collection;
import java.util.Objects;
import java.util.Optional;

import org.scanbridge.dicom.series.Problem.Effect;
import org.scanbridge.dicom.series.Problem.Kind;

/**
 * How several segmentations of one image are handed on: joined into one label map, or one for each rater.
 *
 * @param rule what tells raters apart
 * @param columns how many raters there are at most; 1 where segmentations are joined
 * @param folders what folders of raters are called, see {@link RaterFolderNames}; of no meaning where they do not tell
 */
public record Raters(Rule rule, int columns, String folders) {

    /** Segmentations of an image are joined if their classes differ; else one is taken. */
    public static final Raters ONE = new Raters(Rule.ONE, 1);

    /** As many as a table takes. */
    public static final int MAX = 20;

    /** What tells raters apart. */
    public enum Rule {
            /** Nothing: there is one segmentation per image. */
            ONE,
            /**
             * The order of the files: what has a class of the same name as those before belongs to the next rater, what
             * differs in all classes to the same one.
             */
            ORDER,
            /** The name of the folder of a rater that a file lies in, see {@link RaterFolderNames}. */
            FOLDER,
            /** The name of the file, as far as it is not that of the image. */
            NAME,
            /** Series Description (0008,103E) of the segmentation. */
            DESCRIPTION,
            /** Content Creator's Name (0070,0084), else Operators' Name (0008,1070), of the segmentation. */
            CREATOR
    }

    /** @throws IllegalArgumentException if the number does not fit the rule */
    public Raters {
        Objects.requireNonNull(rule, "rule");
        Objects.requireNonNull(folders, "folders");
        if (rule == Rule.ONE ? columns != 1 : columns < 2 || columns > MAX) {
            throw new IllegalArgumentException(
                columns + " columns of segmentations: 1 where they are joined, else 2 to " + MAX + ".");
        }
    }

    /** Raters whose folders are called as is usual. */
    public Raters(final Rule rule, final int columns) {
        this(rule, columns, "");
    }

    /** What their folders are called. */
    public RaterFolderNames folderNames() {
        return new RaterFolderNames(folders);
    }

    /** The row of the problems table that says that folders were named of which there is none; empty if all is well. */
    public Optional<Problem> unmatched(final Collection<String> paths) {
        final RaterFolderNames names = folderNames();
        return rule != Rule.FOLDER || names.isUsual() || names.isEach()
            || paths.stream().anyMatch(p -> names.split(p).isPresent()) ? Optional.empty()
                : Optional.of(new Problem(Kind.SEVERAL_SEGMENTATIONS, Effect.KEPT, "", "", "\"Folders of raters\" is \"" + folders
                    + "\", but no folder of the study is called so.", "Correct the names; * stands for any characters and ? for"
                    + " one, and * alone for the folder that a file lies in."));
    }
}
