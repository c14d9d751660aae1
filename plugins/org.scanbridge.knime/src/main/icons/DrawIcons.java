import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.GeneralPath;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

import javax.imageio.ImageIO;

/**
 * Draws the 16×16 icons of nodes and categories; the PNG files are committed. Run in the bundle's folder:
 * {@code java src/main/icons/DrawIcons.java}.
 */
final class DrawIcons {

    private static final Color INK = new Color(0x26323c);
    private static final Color PALE = new Color(0xb8c4cc);
    private static final Color TEAL = new Color(0x1f9e89);
    private static final Color CORAL = new Color(0xe07a5f);
    private static final Color GOLD = new Color(0xe9b44c);

    private interface Picture {
        void draw(Graphics2D g);
    }

    public static void main(final String[] arguments) throws IOException {
        final Path resources = Path.of("src/main/resources");
        final Map<String, Picture> icons = new LinkedHashMap<>();
        icons.put("icons/scanbridge.png", DrawIcons::bridge);
        icons.put("icons/io.png", g -> folder(g, PALE));
        icons.put("icons/preprocess.png", DrawIcons::curve);
        icons.put("icons/learn.png", DrawIcons::network);
        icons.put("icons/adapt.png", DrawIcons::bridge);
        icons.put("icons/evaluate.png", DrawIcons::bars);
        final String nodes = "org/scanbridge/knime/nodes/";
        icons.put(nodes + "syntheticsites/icon.png", DrawIcons::twoHeads);
        icons.put(nodes + "dicomreader/icon.png", g -> {
            folder(g, PALE);
            head(g, 4.5, 5.5, 7.5, TEAL);
        });
        icons.put(nodes + "segmentationwriter/icon.png", g -> {
            folder(g, PALE);
            head(g, 4.5, 5.5, 7.5, CORAL);
        });
        icons.put(nodes + "niftireader/icon.png", g -> {
            folder(g, GOLD);
            head(g, 4.5, 5.5, 7.5, TEAL);
        });
        icons.put(nodes + "volumewriter/icon.png", g -> {
            folder(g, PALE);
            head(g, 4.5, 5.5, 7.5, GOLD);
        });
        icons.put(nodes + "dicomarchivequery/icon.png", g -> {
            drum(g);
            dot(g, GOLD, 12, 12);
        });
        icons.put(nodes + "dicomarchivereader/icon.png", g -> {
            drum(g);
            head(g, 7, 6.5, 7.5, TEAL);
        });
        icons.put(nodes + "dicomarchivewriter/icon.png", g -> {
            drum(g);
            head(g, 7, 6.5, 7.5, CORAL);
        });
        icons.put(nodes + "networkreader/icon.png", g -> storedNetwork(g, TEAL));
        icons.put(nodes + "networkwriter/icon.png", g -> storedNetwork(g, CORAL));
        icons.put(nodes + "volumenormalizer/icon.png", DrawIcons::curve);
        icons.put(nodes + "volumeresampler/icon.png", DrawIcons::grids);
        icons.put(nodes + "volumeaugmenter/icon.png", DrawIcons::variants);
        icons.put(nodes + "imageregistration/icon.png", g -> {
            head(g, 1.5, 3.5, 8, CORAL);
            head(g, 5.5, 5.5, 8, TEAL);
        });
        icons.put(nodes + "atlasbuilder/icon.png", g -> {
            page(g);
            head(g, 4.5, 5.5, 7.5, GOLD);
        });
        icons.put(nodes + "atlassegmenter/icon.png", g -> {
            segmented(g);
            dot(g, GOLD, 13, 3);
        });
        icons.put(nodes + "anomalylearner/icon.png", g -> {
            network(g);
            dot(g, CORAL, 13, 3);
        });
        icons.put(nodes + "anomalydetector/icon.png", g -> {
            page(g);
            dot(g, CORAL, 9.5, 8.5);
        });
        icons.put(nodes + "labelfusion/icon.png", g -> {
            overlap(g);
            dot(g, GOLD, 13, 3);
        });
        icons.put(nodes + "segmentationrefiner/icon.png", g -> {
            segmented(g);
            dot(g, TEAL, 13, 3);
        });
        icons.put(nodes + "lesionscorer/icon.png", g -> {
            bars(g);
            dot(g, CORAL, 13, 3);
        });
        icons.put(nodes + "subjectsplitter/icon.png", DrawIcons::split);
        icons.put(nodes + "networkbuilder/icon.png", DrawIcons::uShape);
        icons.put(nodes + "segmentationlearner/icon.png", DrawIcons::network);
        icons.put(nodes + "domainadaptationlearner/icon.png", DrawIcons::bridge);
        icons.put(nodes + "domaingeneralizationlearner/icon.png", g -> {
            bridge(g);
            dot(g, CORAL, 13, 3);
        });
        icons.put(nodes + "transferstudy/icon.png", DrawIcons::heatMap);
        icons.put(nodes + "sitecurriculum/icon.png", g -> {
            heatMap(g);
            dot(g, CORAL, 13, 3);
        });
        icons.put(nodes + "segmentationpredictor/icon.png", DrawIcons::segmented);
        icons.put(nodes + "segmentationscorer/icon.png", DrawIcons::overlap);
        icons.put(nodes + "intensitydivergencescorer/icon.png", DrawIcons::humps);
        icons.put(nodes + "adaptationreport/icon.png", DrawIcons::page);
        icons.put(nodes + "adversarialnormalizationlearner/icon.png", g -> {
            network(g);
            dot(g, CORAL, 13, 3);
        });
        icons.put(nodes + "imagetranslationlearner/icon.png", DrawIcons::thereAndBack);
        icons.put(nodes + "learnednormalizer/icon.png", g -> {
            curve(g);
            dot(g, CORAL, 3, 3);
        });
        icons.put(nodes + "normalizationstudy/icon.png", g -> {
            page(g);
            dot(g, CORAL, 12, 12);
        });
        for (final Map.Entry<String, Picture> icon : icons.entrySet()) {
            final Path file = resources.resolve(icon.getKey());
            Files.createDirectories(file.getParent());
            final BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_INT_ARGB);
            final Graphics2D g = image.createGraphics();
            g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
            g.setStroke(new BasicStroke(1.4f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
            icon.getValue().draw(g);
            g.dispose();
            ImageIO.write(image, "png", file.toFile());
        }
    }

    /** A head at either side, an arrow there and one back. */
    private static void thereAndBack(final Graphics2D g) {
        head(g, 0.8, 5, 6, TEAL);
        head(g, 10, 5, 6, CORAL);
        line(g, INK, 3.5, 2.5, 12.5, 2.5, 10.5, 0.8);
        line(g, INK, 12.5, 13.5, 3.5, 13.5, 5.5, 15.2);
    }

    private static void heatMap(final Graphics2D g) {
        final Color[][] cells = {{PALE, GOLD, CORAL}, {PALE, PALE, GOLD}, {TEAL, PALE, PALE}};
        for (int row = 0; row < 3; row++) {
            for (int column = 0; column < 3; column++) {
                g.setColor(cells[row][column]);
                g.fill(new Rectangle2D.Double(2 + 4.2 * column, 1.6 + 4.2 * row, 3.7, 3.7));
            }
        }
        line(g, INK, 1.2, 14.6, 14.8, 14.6);
    }

    private static void head(final Graphics2D g, final double x, final double y, final double size, final Color color) {
        g.setColor(color);
        g.fill(new Ellipse2D.Double(x, y, size * 0.85, size));
        g.setColor(INK);
        g.draw(new Ellipse2D.Double(x, y, size * 0.85, size));
    }

    private static void line(final Graphics2D g, final Color color, final double... xy) {
        final GeneralPath path = new GeneralPath();
        path.moveTo(xy[0], xy[1]);
        for (int n = 2; n < xy.length; n += 2) {
            path.lineTo(xy[n], xy[n + 1]);
        }
        g.setColor(color);
        g.draw(path);
    }

    private static void dot(final Graphics2D g, final Color color, final double x, final double y) {
        g.setColor(color);
        g.fill(new Ellipse2D.Double(x - 1.8, y - 1.8, 3.6, 3.6));
    }

    /** A store of images, drawn as a drum. */
    private static void drum(final Graphics2D g) {
        g.setColor(PALE);
        g.fill(new Rectangle2D.Double(1.5, 3, 9, 10));
        g.fill(new Ellipse2D.Double(1.5, 11, 9, 4));
        g.setColor(INK);
        g.fill(new Ellipse2D.Double(1.5, 1, 9, 4));
    }

    private static void folder(final Graphics2D g, final Color color) {
        g.setColor(color);
        g.fill(new Rectangle2D.Double(1, 4, 14, 10));
        g.fill(new Rectangle2D.Double(1, 2, 6, 3));
    }

    private static void storedNetwork(final Graphics2D g, final Color color) {
        folder(g, PALE);
        line(g, INK, 4, 7, 11.5, 9, 4, 11.5);
        dot(g, color, 4, 7);
        dot(g, color, 4, 11.5);
        dot(g, color, 11.5, 9);
    }

    private static void twoHeads(final Graphics2D g) {
        head(g, 0.9, 3, 10, TEAL);
        head(g, 8, 5, 8, CORAL);
    }

    private static void curve(final Graphics2D g) {
        line(g, PALE, 2, 1.5, 2, 14, 14.5, 14);
        line(g, TEAL, 3, 13, 5, 12, 7, 8, 8.5, 4.5, 10, 3, 14, 2.5);
    }

    private static void grids(final Graphics2D g) {
        for (final double at : new double[]{1.5, 6, 10.5}) {
            line(g, PALE, at, 1.5, at, 10.5);
            line(g, PALE, 1.5, at, 10.5, at);
        }
        for (final double at : new double[]{5.5, 8.5, 11.5, 14.5}) {
            line(g, TEAL, at, 5.5, at, 14.5);
            line(g, TEAL, 5.5, at, 14.5, at);
        }
    }

    private static void variants(final Graphics2D g) {
        head(g, 1, 1.5, 7, PALE);
        head(g, 9, 1, 7, TEAL);
        final AffineTransform upright = g.getTransform();
        g.rotate(Math.PI / 5, 4, 12);
        head(g, 1.5, 8.5, 6.5, GOLD);
        g.setTransform(upright);
        g.rotate(-Math.PI / 4, 12, 12);
        head(g, 9.5, 9, 5.5, CORAL);
        g.setTransform(upright);
    }

    private static void split(final Graphics2D g) {
        line(g, INK, 1.5, 8, 6, 8, 13, 2.5);
        line(g, INK, 6, 8, 13, 8);
        line(g, INK, 6, 8, 13, 13.5);
        dot(g, TEAL, 13.5, 2.5);
        dot(g, GOLD, 13.5, 8);
        dot(g, CORAL, 13.5, 13.5);
    }

    private static void uShape(final Graphics2D g) {
        line(g, INK, 3, 2.5, 3, 10, 6, 13.5, 10, 13.5, 13, 10, 13, 2.5);
        line(g, TEAL, 3, 4, 13, 4);
        line(g, TEAL, 3, 8, 13, 8);
    }

    private static void network(final Graphics2D g) {
        for (final double left : new double[]{3, 13}) {
            for (final double right : new double[]{2.5, 8, 13.5}) {
                line(g, PALE, 2.5, left, 8, right, 13.5, 8);
            }
        }
        dot(g, TEAL, 2.5, 3);
        dot(g, TEAL, 2.5, 13);
        dot(g, INK, 8, 2.5);
        dot(g, INK, 8, 8);
        dot(g, INK, 8, 13.5);
        dot(g, CORAL, 13.5, 8);
    }

    private static void bridge(final Graphics2D g) {
        line(g, INK, 1, 11, 15, 11);
        line(g, INK, 4, 4, 4, 14);
        line(g, INK, 12, 4, 12, 14);
        line(g, TEAL, 1, 9, 4, 4, 6, 8, 8, 9, 10, 8, 12, 4, 15, 9);
    }

    private static void segmented(final Graphics2D g) {
        head(g, 2, 1.5, 13, PALE);
        g.setColor(CORAL);
        g.fill(new Ellipse2D.Double(5, 6, 5, 5));
    }

    private static void overlap(final Graphics2D g) {
        g.setColor(TEAL);
        g.fill(new Ellipse2D.Double(0.5, 3, 10, 10));
        g.setColor(new Color(CORAL.getRed(), CORAL.getGreen(), CORAL.getBlue(), 170));
        g.fill(new Ellipse2D.Double(5.5, 3, 10, 10));
    }

    private static void humps(final Graphics2D g) {
        line(g, PALE, 1, 14, 15, 14);
        line(g, TEAL, 1, 13, 3, 11, 5, 3, 7, 11, 9, 13);
        line(g, CORAL, 6, 13, 9, 10, 11, 5, 13, 10, 15, 13);
    }

    private static void bars(final Graphics2D g) {
        g.setColor(PALE);
        g.fill(new Rectangle2D.Double(2, 8, 3, 6));
        g.setColor(GOLD);
        g.fill(new Rectangle2D.Double(6.5, 5, 3, 9));
        g.setColor(TEAL);
        g.fill(new Rectangle2D.Double(11, 2, 3, 12));
    }

    private static void page(final Graphics2D g) {
        g.setColor(Color.WHITE);
        g.fill(new Rectangle2D.Double(2.5, 1.5, 11, 13));
        g.setColor(INK);
        g.draw(new Rectangle2D.Double(2.5, 1.5, 11, 13));
        g.draw(new Line2D.Double(5, 4.5, 11, 4.5));
        g.setColor(TEAL);
        g.fill(new Rectangle2D.Double(5, 9, 2, 3.5));
        g.setColor(CORAL);
        g.fill(new Rectangle2D.Double(8.5, 7, 2, 5.5));
    }
}
