package org.scanbridge.knime.data;

import java.awt.Dimension;
import java.awt.Graphics;
import java.awt.image.BufferedImage;
import java.io.UncheckedIOException;

import org.knime.core.data.DataColumnSpec;
import org.knime.core.data.renderer.AbstractDataValueRendererFactory;
import org.knime.core.data.renderer.AbstractPainterDataValueRenderer;
import org.knime.core.data.renderer.DataValueRenderer;
import org.scanbridge.imaging.render.Plane;
import org.scanbridge.imaging.render.SliceRenderer;
import org.scanbridge.imaging.volume.Geometry;

/**
 * Paints the middle one of the acquired slices, upright in radiological orientation. Only that slice is read, so that a
 * table of hundreds of images scrolls.
 */
public final class ThumbnailRenderer extends AbstractPainterDataValueRenderer {

    private static final long serialVersionUID = 1;

    private static final int PIXELS = 96;

    private static final double OPAQUE = 1;

    /** What to paint; null for a missing cell. */
    private transient BufferedImage m_picture;

    /** Why there is no picture; null if there is one. */
    private String m_failure;

    private ThumbnailRenderer() {
        // by the factories
    }

    @Override
    protected void setValue(final Object value) {
        m_picture = null;
        m_failure = null;
        try {
            if (value instanceof VolumeValue v) {
                m_picture = renderer(v.geometry()).render(v.slice(v.geometry().size(2) / 2));
            } else if (value instanceof LabelVolumeValue v) {
                m_picture = renderer(v.geometry()).render(v.slice(v.geometry().size(2) / 2));
            }
        } catch (final UncheckedIOException e) {
            // A table view must stay usable; the nodes that need the voxels fail with the same message.
            m_failure = e.getMessage();
        }
        setToolTipText(m_failure);
    }

    /** The plane of the acquired slices: the one whose normal is nearest to the direction of index axis k. */
    private static SliceRenderer renderer(final Geometry geometry) {
        final double[] direction = geometry.direction();
        final double left = Math.abs(direction[6]);
        final double posterior = Math.abs(direction[7]);
        final double superior = Math.abs(direction[8]);
        final Plane plane = superior >= left && superior >= posterior ? Plane.AXIAL
            : posterior >= left ? Plane.CORONAL : Plane.SAGITTAL;
        return new SliceRenderer(plane, PIXELS, PIXELS, OPAQUE);
    }

    @Override
    public String getDescription() {
        return "Middle slice";
    }

    @Override
    public Dimension getPreferredSize() {
        return new Dimension(PIXELS, PIXELS);
    }

    @Override
    protected void paintComponent(final Graphics g) {
        super.paintComponent(g);
        if (m_picture != null) {
            final double scale = Math.min((double)getWidth() / m_picture.getWidth(),
                (double)getHeight() / m_picture.getHeight());
            final int width = (int)Math.rint(m_picture.getWidth() * scale);
            final int height = (int)Math.rint(m_picture.getHeight() * scale);
            g.drawImage(m_picture, (getWidth() - width) / 2, (getHeight() - height) / 2, width, height, null);
        } else if (m_failure != null) {
            g.drawString("no voxels", 2, getHeight() / 2);
        }
    }

    /** Makes renderers of images. */
    public static final class VolumeFactory extends AbstractDataValueRendererFactory {

        @Override
        public String getDescription() {
            return "Middle slice";
        }

        @Override
        public DataValueRenderer createRenderer(final DataColumnSpec column) {
            return new ThumbnailRenderer();
        }
    }

    /** Makes renderers of segmentations. */
    public static final class LabelVolumeFactory extends AbstractDataValueRendererFactory {

        @Override
        public String getDescription() {
            return "Middle slice";
        }

        @Override
        public DataValueRenderer createRenderer(final DataColumnSpec column) {
            return new ThumbnailRenderer();
        }
    }
}
