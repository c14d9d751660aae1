package org.scanbridge.knime.util;

import org.knime.node.parameters.updates.ParameterReference;

/** Stands for the setting of a dialog that chooses the column of sites; {@link KnownSites} follows it. */
public final class SiteColumn implements ParameterReference<String> {
}
