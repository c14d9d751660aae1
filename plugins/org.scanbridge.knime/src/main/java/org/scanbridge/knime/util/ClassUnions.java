package org.scanbridge.knime.util;

import java.util.List;

import org.knime.node.parameters.NodeParametersInput;
import org.knime.node.parameters.widget.choices.StringChoicesProvider;

/** Offers the classes of the tables' segmentations, and unions of them, for the regions of a dialog. */
public final class ClassUnions implements StringChoicesProvider {

    @Override
    public List<String> choices(final NodeParametersInput context) {
        return NameLists.unions(KnownNames.classNames(context));
    }
}
