package org.scanbridge.dicom.series;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.DicomException;
import org.scanbridge.dicom.data.Tag;

/**
 * Tells apart the volumes that one series may hold: echoes, diffusion weightings, time points, kinds of image. Slices of
 * one volume lie at different places; where several lie at the same place, the first attribute that divides them is the
 * one that tells the volumes apart, and so on until every place is taken once.
 */
public final class VolumeParts {

    /** Positions closer than this, in mm, are the same. */
    private static final double SAME_PLACE = 1e-2;

    /** Siemens and GE keep the b-value in private attributes: block creator, element, group. */
    private static final int SIEMENS_GROUP = 0x0019;

    private static final int SIEMENS_B_VALUE = 0x0C;

    private VolumeParts() {
    }

    /**
     * What may tell the volume of a frame from others of its series, in the order in which it is asked.
     *
     * @throws DicomException if a value is no number
     */
    static Map<String, String> of(final DataSet data, final FunctionalGroups groups, final int frame)
        throws DicomException {
        final Map<String, String> parts = new LinkedHashMap<>();
        final DataSet content = groups.group(frame, Tag.FRAME_CONTENT_SEQUENCE);
        if (content != data) {
            put(parts, "stack", content.text(Tag.STACK_ID));
        }
        put(parts, "type", type(data, groups, frame));
        final DataSet echo = groups.group(frame, Tag.MR_ECHO_SEQUENCE);
        put(parts, "TE", echo == data ? data.text(Tag.ECHO_TIME) : numbers(echo, Tag.EFFECTIVE_ECHO_TIME));
        put(parts, "echo", data.text(Tag.ECHO_NUMBERS));
        put(parts, "TI", data.text(Tag.INVERSION_TIME));
        final DataSet diffusion = groups.group(frame, Tag.MR_DIFFUSION_SEQUENCE);
        final String b = numbers(diffusion, Tag.DIFFUSION_B_VALUE);
        put(parts, "b", b.isEmpty() ? siemensBValue(data) : b);
        final DataSet direction = diffusion.item(Tag.DIFFUSION_GRADIENT_DIRECTION_SEQUENCE).orElse(diffusion);
        put(parts, "g", numbers(direction, Tag.DIFFUSION_GRADIENT_ORIENTATION));
        put(parts, "t", content == data ? data.text(Tag.TEMPORAL_POSITION_IDENTIFIER)
            : numbers(content, Tag.TEMPORAL_POSITION_INDEX));
        put(parts, "acquisition", data.text(Tag.ACQUISITION_NUMBER));
        put(parts, "trigger", data.text(Tag.TRIGGER_TIME));
        put(parts, "time", data.text(Tag.ACQUISITION_TIME));
        return Collections.unmodifiableMap(parts);
    }

    /** Image Type of the object or, where it has functional groups, of the frame: magnitude, phase, in phase, … */
    private static String type(final DataSet data, final FunctionalGroups groups, final int frame)
        throws DicomException {
        for (final int group : new int[]{Tag.MR_IMAGE_FRAME_TYPE_SEQUENCE, Tag.CT_IMAGE_FRAME_TYPE_SEQUENCE}) {
            final DataSet item = groups.group(frame, group);
            if (item != data) {
                return item.text(Tag.FRAME_TYPE);
            }
        }
        return data.text(Tag.IMAGE_TYPE);
    }

    private static String siemensBValue(final DataSet data) {
        for (int block = 0x10; block <= 0xff; block++) {
            final int creator = SIEMENS_GROUP << 16 | block;
            if (!data.hasValue(creator)) {
                return "";
            }
            if (data.text(creator).equals("SIEMENS MR HEADER")) {
                return data.element(SIEMENS_GROUP << 16 | block << 8 | SIEMENS_B_VALUE)
                    .map(e -> new String(e.bytes(), StandardCharsets.US_ASCII).strip()).orElse("");
            }
        }
        return "";
    }

    private static String numbers(final DataSet data, final int tag) throws DicomException {
        final double[] numbers = data.numbers(tag);
        return numbers.length == 0 ? "" : numbers.length == 1 ? plain(numbers[0]) : Arrays.toString(numbers);
    }

    private static String plain(final double v) {
        return v == Math.rint(v) && Math.abs(v) < 1e9 ? Long.toString((long)v) : Double.toString(v);
    }

    private static void put(final Map<String, String> parts, final String name, final String value) {
        if (!value.isEmpty()) {
            parts.put(name, value);
        }
    }

    /**
     * Divides slices of one orientation into volumes.
     *
     * @param slices slices with planes
     * @return by what tells them apart, such as {@code TE=4.6}; the empty text if there is one volume only
     */
    public static Map<String, List<Slice>> divide(final List<Slice> slices) {
        final Map<String, List<Slice>> volumes = new TreeMap<>();
        divide("", slices, volumes);
        return volumes;
    }

    private static void divide(final String name, final List<Slice> slices, final Map<String, List<Slice>> volumes) {
        final int most = repeats(slices);
        if (most > 1) {
            for (final String attribute : attributes(slices)) {
                final Map<String, List<Slice>> classes = new TreeMap<>();
                for (final Slice slice : slices) {
                    classes.computeIfAbsent(slice.parts().getOrDefault(attribute, ""), c -> new ArrayList<>())
                        .add(slice);
                }
                if (isDivision(classes, most)) {
                    classes.forEach((value, members) -> divide(
                        name + (name.isEmpty() ? "" : " ") + attribute + "=" + value, members, volumes));
                    return;
                }
            }
        }
        volumes.put(name, slices);
    }

    /**
     * Whether values make volumes: no more of them than slices at a place, and with fewer slices at the same place in
     * each. An attribute that differs from slice to slice, such as the time, does not.
     */
    private static boolean isDivision(final Map<String, List<Slice>> classes, final int most) {
        return classes.size() > 1 && classes.size() <= most
            && classes.values().stream().allMatch(c -> repeats(c) < most);
    }

    private static Set<String> attributes(final List<Slice> slices) {
        final Set<String> names = new LinkedHashSet<>();
        slices.forEach(s -> names.addAll(s.parts().keySet()));
        return names;
    }

    /** The largest number of different slices at one place; copies of an object count once. */
    private static int repeats(final List<Slice> slices) {
        final Map<String, Set<String>> places = new HashMap<>();
        int most = 0;
        for (final Slice slice : slices) {
            final Plane p = slice.plane().orElseThrow();
            final Set<String> there = places.computeIfAbsent(Math.round(p.x() / SAME_PLACE) + " "
                + Math.round(p.y() / SAME_PLACE) + " " + Math.round(p.z() / SAME_PLACE), k -> new LinkedHashSet<>());
            there.add(slice.sopInstance() + "#" + slice.frame());
            most = Math.max(most, there.size());
        }
        return most;
    }
}
