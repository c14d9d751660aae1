package org.scanbridge.learning.onnx;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.scanbridge.learning.architecture.PatchSize;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

/**
 * The {@code metadata.json} beside an ONNX file: the keys of the bundles of MONAI (MONAI documentation, <i>MONAI Bundle
 * Specification</i>, and its schema {@code meta_schema_20240725.json}) as far as they fit a file that is no PyTorch module,
 * and our {@link NetworkDescription} under {@code scanbridge}.
 */
final class BundleMetadata {

    private BundleMetadata() {
    }

    /** The file's text. */
    static String of(final NetworkDescription d, final String inputName, final String outputName) {
        final Map<String, Object> all = new LinkedHashMap<>();
        all.put("version", "1.0.0");
        all.put("changelog", Map.of("1.0.0", "Written by " + d.software()));
        all.put("task", NetworkDescription.IMAGE.equals(d.output()) ? "Normalization of images" : "Segmentation");
        all.put("description", "A network written by " + d.software() + "; trained: " + d.method() + ".");
        all.put("intended_use", orNotStated(d.intendedUse()));
        all.put("network_data_format", Map.of("inputs", Map.of(inputName, input(d)), "outputs",
            Map.of(outputName, output(d))));
        final JsonObject json = new GsonBuilder().create().toJsonTree(all).getAsJsonObject();
        json.add(NetworkDescription.KEY, JsonParser.parseString(d.toJson()));
        return new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(json);
    }

    private static String orNotStated(final String text) {
        return text.isEmpty() ? "not stated" : text;
    }

    private static Map<String, Object> input(final NetworkDescription d) {
        final Map<String, Object> in = values(d, d.channelNames());
        in.put("format", "magnitude");
        final PatchSize p = d.margin().around(d.patch());
        in.put("patch_shape", shape(d, p));
        final PatchSize m = d.sizeMultiple();
        in.put("spatial_shape", d.axes().length() == 4 ? List.of(m.j() + "*n", m.i() + "*n")
            : List.of(m.k() + "*n", m.j() + "*n", m.i() + "*n"));
        return in;
    }

    private static Map<String, Object> output(final NetworkDescription d) {
        final Map<String, Object> out = values(d, d.outputs());
        out.put("format", NetworkDescription.IMAGE.equals(d.output()) ? "magnitude" : "segmentation");
        out.put("patch_shape", shape(d, d.patch()));
        if (!NetworkDescription.IMAGE.equals(d.output())) {
            out.put("value_range", List.of(0, 1));
        }
        return out;
    }

    private static Map<String, Object> values(final NetworkDescription d, final List<String> names) {
        final Map<String, Object> v = new LinkedHashMap<>();
        v.put("type", "image");
        v.put("num_channels", names.size());
        v.put("dtype", "float32");
        v.put("is_patch_data", true);
        final Map<String, String> channels = new LinkedHashMap<>();
        for (int c = 0; c < names.size(); c++) {
            channels.put("" + c, names.get(c));
        }
        v.put("channel_def", channels);
        return v;
    }

    /** In the order of the arrays. */
    private static List<Integer> shape(final NetworkDescription d, final PatchSize p) {
        final List<Integer> sizes = new ArrayList<>(List.of(p.k(), p.j(), p.i()));
        return d.axes().length() == 4 ? sizes.subList(1, 3) : sizes;
    }
}
