package org.scanbridge.dicom.series;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.scanbridge.dicom.data.DataSet;
import org.scanbridge.dicom.data.DicomException;
import org.scanbridge.dicom.data.Tag;
import org.scanbridge.dicom.data.VR;

/**
 * Diffusion weighting of a frame, as text to tell volumes apart: from the standard's attributes (PS3.3 C.8.13.5.9), which
 * may also stand at the top level, else from where vendors kept it. The private attributes are those that dcm2niix reads
 * and the vendors' DICOM conformance statements list.
 *
 * @param b b-value in s/mm²; empty if unknown
 * @param direction three numbers; empty if unknown
 */
record DiffusionGradient(String b, String direction) {

    /** Canon and Toshiba write {@code b=1000(0.1,0.2,0.97)} into Image Comments (0020,4000). */
    private static final Pattern COMMENT = Pattern.compile("b=\\s*([0-9.]+)\\s*\\(([^)]*)\\)");

    /** GE adds 1e9 and more to b-values of some protocols: what counts are the last five digits. */
    private static final double GE_MODULUS = 1e5;

    private static final int IMAGE_COMMENTS = 0x00204000;

    /**
     * @param diffusion item of the MR Diffusion Sequence, or the data set itself
     * @throws DicomException if a value of a standard attribute is no number
     */
    static DiffusionGradient of(final DataSet data, final DataSet diffusion) throws DicomException {
        final String b = text(diffusion.numbers(Tag.DIFFUSION_B_VALUE));
        final DataSet item = diffusion.item(Tag.DIFFUSION_GRADIENT_DIRECTION_SEQUENCE).orElse(diffusion);
        final String direction = text(item.numbers(Tag.DIFFUSION_GRADIENT_ORIENTATION));
        if (!b.isEmpty() && !direction.isEmpty()) {
            return new DiffusionGradient(b, direction);
        }
        final DiffusionGradient vendor = vendor(data);
        return new DiffusionGradient(b.isEmpty() ? vendor.b : b, direction.isEmpty() ? vendor.direction : direction);
    }

    private static DiffusionGradient vendor(final DataSet data) {
        final Optional<PrivateBlock> siemens = PrivateBlock.find(data, 0x0019, "SIEMENS MR HEADER");
        if (siemens.isPresent()) {
            final String b = first(siemens.get().numbers(0x0C, VR.IS));
            if (!b.isEmpty()) {
                return new DiffusionGradient(b, three(siemens.get().numbers(0x0E, VR.FD)));
            }
        }
        if (PrivateBlock.find(data, 0x0029, "SIEMENS CSA HEADER").isPresent()) {
            final SiemensCsa csa = Mosaic.csa(data);
            return new DiffusionGradient(first(csa.numbers("B_value")), three(csa.numbers("DiffusionGradientDirection")));
        }
        final Optional<PrivateBlock> ge = PrivateBlock.find(data, 0x0043, "GEMS_PARM_01");
        if (ge.isPresent()) {
            final double[] b = ge.get().numbers(0x39, VR.IS);
            final Optional<PrivateBlock> acquisition = PrivateBlock.find(data, 0x0019, "GEMS_ACQU_01");
            final double[] g = new double[3];
            boolean known = acquisition.isPresent();
            for (int c = 0; c < 3 && known; c++) {
                final double[] part = acquisition.get().numbers(0xBB + c, VR.DS);
                known = part.length > 0;
                g[c] = known ? part[0] : 0;
            }
            return new DiffusionGradient(b.length == 0 ? "" : plain(b[0] % GE_MODULUS), known ? three(g) : "");
        }
        final Optional<PrivateBlock> philips = PrivateBlock.find(data, 0x2001, "Philips Imaging DD 001");
        if (philips.isPresent()) {
            final double[] g = new double[3];
            final Optional<PrivateBlock> mr = PrivateBlock.find(data, 0x2005, "Philips MR Imaging DD 001");
            boolean known = mr.isPresent();
            for (int c = 0; c < 3 && known; c++) {
                final double[] part = mr.get().numbers(0xB0 + c, VR.FL);
                known = part.length > 0;
                g[c] = known ? part[0] : 0;
            }
            return new DiffusionGradient(first(philips.get().numbers(0x03, VR.FL)), known ? three(g) : "");
        }
        final Optional<PrivateBlock> uih = PrivateBlock.find(data, 0x0065, "Image Private Header");
        if (uih.isPresent()) {
            return new DiffusionGradient(first(uih.get().numbers(0x09, VR.FD)), three(uih.get().numbers(0x37, VR.FD)));
        }
        final Matcher comment = COMMENT.matcher(data.text(IMAGE_COMMENTS));
        return comment.find() ? new DiffusionGradient(comment.group(1), comment.group(2).replace(" ", ""))
            : new DiffusionGradient("", "");
    }

    private static String first(final double[] numbers) {
        return numbers.length == 0 ? "" : plain(numbers[0]);
    }

    private static String three(final double[] numbers) {
        return numbers.length == 3 ? text(numbers) : "";
    }

    private static String text(final double[] numbers) {
        return numbers.length == 0 ? "" : numbers.length == 1 ? plain(numbers[0]) : Arrays.toString(numbers);
    }

    private static String plain(final double v) {
        return VolumeParts.plain(v);
    }
}
