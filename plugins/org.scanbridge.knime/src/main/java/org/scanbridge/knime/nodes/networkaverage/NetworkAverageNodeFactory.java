package org.scanbridge.knime.nodes.networkaverage;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.knime.core.node.CanceledExecutionException;
import org.knime.core.node.InvalidSettingsException;
import org.knime.core.node.KNIMEException;
import org.knime.core.node.NodeFactory.NodeType;
import org.knime.core.node.port.PortObject;
import org.knime.core.node.port.PortObjectSpec;
import org.knime.core.node.port.PortType;
import org.knime.core.node.port.PortTypeRegistry;
import org.knime.node.DefaultModel.ConfigureInput;
import org.knime.node.DefaultModel.ConfigureOutput;
import org.knime.node.DefaultModel.ExecuteInput;
import org.knime.node.DefaultModel.ExecuteOutput;
import org.knime.node.DefaultNode;
import org.knime.node.DefaultNodeFactory;
import org.scanbridge.imaging.Progress;
import org.scanbridge.imaging.volume.LabelSet;
import org.scanbridge.knime.nodes.networkaverage.NetworkAverageParameters.Weighting;
import org.scanbridge.knime.port.NetworkPortObject;
import org.scanbridge.knime.port.NetworkPortObjectSpec;
import org.scanbridge.knime.util.Execution;
import org.scanbridge.knime.util.KnimeProgress;
import org.scanbridge.knime.util.UnusedSettings;
import org.scanbridge.learning.LearningException;
import org.scanbridge.learning.data.IntensityRanges;
import org.scanbridge.learning.network.AlikeNetworks;
import org.scanbridge.learning.network.Network;
import org.scanbridge.learning.network.NetworkAverage;

/** Makes one network of several by averaging their weights. */
public final class NetworkAverageNodeFactory extends DefaultNodeFactory {

    private static final PortType OPTIONAL_NETWORK =
        PortTypeRegistry.getInstance().getPortType(NetworkPortObject.class, true);

    private static final String FURTHER = "Optional, as the second.";

    private static final DefaultNode NODE = DefaultNode.create() //
        .name("Network Average") //
        .icon("icon.png") //
        .shortDescription("Makes one network of several by averaging their weights.") //
        .fullDescription("""
                <p>Averages the weights of networks of one architecture. What comes out is one ordinary network, which takes no \
                longer to segment than each of them.</p>
                <h3>Learning without sharing images</h3>
                <p>Hospitals that must not give images away train copies of one network at home (<b>Segmentation Learner</b>), \
                exchange the files of the <b>Network Writer</b> only, average them here, and train the average further in the \
                next round: federated averaging. By default each network counts as many times as it had training cases. The \
                same files give the same bits in any order of the ports, on any computer.</p>
                <p>All must have started from the same weights, such as one file of the <b>Network Builder</b>: others have \
                other things in the same channels, and their average segments nothing. The node warns of it, unless norms are \
                kept. Sites must also normalize their images alike; the node warns where intensities were quite different.</p>
                <h3>Keeping the source</h3>
                <p><b>Interpolation</b> between a network and what it was adapted to, connected in this order, keeps more of the old site and \
                gives up more of the new one. Where the contrast of the two differs much, what lies between may be good at neither: \
                score it at both. Taking for each image the network that suits it, with <b>Label Fusion</b>, kept more in our trials.</p>
                <h3>Norms</h3>
                <p>Sites whose images look different may keep their own normalization of features and share all other weights. \
                The average is then for the site whose norms are kept; each site makes its own.</p>
                <h3>What has to be the same</h3>
                <p>Architecture, patch size, classes, regions and the order of image columns; a class that one site has no \
                segmentations of may be without a name there. Networks of other software cannot be averaged; the <b>Segmentation \
                Predictor</b> averages their probabilities. For more than eight networks put one node behind the other, \
                <b>By training cases</b>: the result counts as many cases as its networks together. An ensemble counts as its \
                networks one by one.</p>
                <h3>Privacy</h3>
                <p>No image is read. The network says of each network it was made of: the names of its sites, hashes of weights \
                and of training data, the number of its training cases and its share. Weights themselves can betray something of the \
                images they were trained on.</p>
                """) //
        .sinceVersion(5, 8, 0) //
        .ports(p -> p //
            .addInputPort("Network 1", "A trained network; in an interpolation the one before the adaptation.",
                NetworkPortObject.TYPE) //
            .addInputPort("Network 2", "A network of the same architecture; in an interpolation the one after the adaptation.",
                NetworkPortObject.TYPE) //
            .addInputPort("Network 3", FURTHER, OPTIONAL_NETWORK) //
            .addInputPort("Network 4", FURTHER, OPTIONAL_NETWORK) //
            .addInputPort("Network 5", FURTHER, OPTIONAL_NETWORK) //
            .addInputPort("Network 6", FURTHER, OPTIONAL_NETWORK) //
            .addInputPort("Network 7", FURTHER, OPTIONAL_NETWORK) //
            .addInputPort("Network 8", FURTHER, OPTIONAL_NETWORK) //
            .addOutputPort("Average", "One network with the averaged weights.", NetworkPortObject.TYPE)) //
        .model(m -> m.parametersClass(NetworkAverageParameters.class) //
            .configure(NetworkAverageNodeFactory::configure) //
            .execute(UnusedSettings.told(NetworkAverageNodeFactory::execute))) //
        .nodeType(NodeType.Manipulator) //
        .keywords("federated", "FedAvg", "FedBN", "model soup", "WiSE-FT", "interpolation", "merge", "ensemble", "privacy") //
        .addExternalResource("https://proceedings.mlr.press/v54/mcmahan17a.html",
            "McMahan et al.: Communication-Efficient Learning of Deep Networks from Decentralized Data (AISTATS 2017)") //
        .addExternalResource("https://openreview.net/forum?id=6YEQUn0QICG",
            "Li et al.: FedBN: Federated Learning on Non-IID Features via Local Batch Normalization (ICLR 2021)") //
        .addExternalResource("https://doi.org/10.1109/CVPR52688.2022.00780",
            "Wortsman et al.: Robust fine-tuning of zero-shot models (CVPR 2022)");

    /** For KNIME. */
    public NetworkAverageNodeFactory() {
        super(NODE);
    }

    private static void configure(final ConfigureInput in, final ConfigureOutput out) throws InvalidSettingsException {
        final NetworkAverageParameters parameters = in.getParameters();
        final List<AlikeNetworks.Facts> facts = new ArrayList<>();
        NetworkPortObjectSpec first = null;
        boolean trained = false;
        int networks = 0;
        final PortObjectSpec[] specs = in.getInPortSpecs();
        for (int port = 0; port < specs.length; port++) {
            if (specs[port] instanceof NetworkPortObjectSpec spec) {
                facts.add(new AlikeNetworks.Facts(name(port), spec.architecture(), spec.labels(), spec.channels()));
                first = first == null ? spec : first;
                trained |= spec.trained();
                networks += spec.members();
            }
        }
        if (first == null) {
            return;
        }
        final LabelSet labels;
        try {
            labels = AlikeNetworks.require(facts);
        } catch (final LearningException e) {
            throw new InvalidSettingsException(e.getMessage(), e);
        }
        parameters.check(networks, first.architecture().norm());
        final List<String> channels = facts.stream().map(AlikeNetworks.Facts::channels).filter(c -> !c.isEmpty()).findFirst()
            .orElse(List.of());
        out.setOutSpec(0, new NetworkPortObjectSpec(first.architecture(), labels, first.parameterCount(), trained,
            parameters.m_weighting == Weighting.INTERPOLATION ? NetworkAverage.INTERPOLATION : NetworkAverage.AVERAGE, "")
                .withChannels(channels));
    }

    private static void execute(final ExecuteInput in, final ExecuteOutput out)
        throws CanceledExecutionException, KNIMEException {
        Execution.run(() -> {
            final NetworkAverageParameters parameters = in.getParameters();
            final Progress progress = new KnimeProgress(in.getExecutionContext());
            final List<String> names = new ArrayList<>();
            final List<Network> networks = new ArrayList<>();
            final PortObject[] inputs = in.getInPortObjects();
            for (int port = 0; port < inputs.length; port++) {
                if (inputs[port] instanceof NetworkPortObject object) {
                    progress.report((double)port / inputs.length, "Reading " + name(port));
                    final List<Network> members = object.networks();
                    for (int m = 0; m < members.size(); m++) {
                        names.add(name(port) + (members.size() == 1 ? "" : ", member " + (m + 1)));
                        networks.add(members.get(m));
                    }
                }
            }
            parameters.check(networks.size(), networks.get(0).spec().norm());
            progress.report(0.9, "Averaging " + networks.size() + " networks");
            final Network average = average(parameters, names, networks);
            out.setOutData(0, NetworkPortObject.create(in.getExecutionContext(), average));
            final List<String> warnings = warnings(parameters, names, networks);
            if (!warnings.isEmpty()) {
                out.setWarningMessage(String.join(" ", warnings));
            }
            progress.report(1, "Averaged " + networks.size() + " networks");
        });
    }

    private static Network average(final NetworkAverageParameters parameters, final List<String> names,
        final List<Network> networks) throws InvalidSettingsException {
        final int keeper = parameters.m_keeper - 1;
        if (parameters.m_weighting == Weighting.INTERPOLATION) {
            return NetworkAverage.interpolate(networks.get(0), networks.get(1), parameters.m_alpha, parameters.norms(),
                keeper == 0);
        }
        final List<Double> weights = switch (parameters.m_weighting) {
            case CASES -> NetworkAverage.caseWeights(names, networks);
            case GIVEN -> parameters.weights();
            default -> networks.stream().map(n -> 1.0).toList();
        };
        final List<NetworkAverage.Member> members = new ArrayList<>();
        for (int n = 0; n < networks.size(); n++) {
            members.add(new NetworkAverage.Member(names.get(n), networks.get(n), weights.get(n)));
        }
        return NetworkAverage.of(members, parameters.norms(), keeper);
    }

    private static List<String> warnings(final NetworkAverageParameters parameters, final List<String> names,
        final List<Network> networks) {
        return Stream.of(ancestry(parameters, names, networks),
            NetworkAverage.otherScales(names, networks).map(pair -> "The images of " + pair.get(0) + " and of " + pair.get(1)
                + " had intensities unlike each other (" + IntensityRanges.MEANING + "), so the average knows"
                + " neither well. Let all sites normalize alike before they train.")).flatMap(Optional::stream).toList();
    }

    private static Optional<String> ancestry(final NetworkAverageParameters parameters, final List<String> names,
        final List<Network> networks) {
        for (int n = 0; n < networks.size(); n++) {
            if (!networks.get(n).provenance().trained()) {
                return Optional.of(names.get(n) + " is not trained, so random weights go into the average. Connect the output of"
                    + " a learner.");
            }
        }
        if (parameters.m_norms != NetworkAverageParameters.Norms.AVERAGED) {
            // from the second round on, each site starts from an average with norms of its own
            return Optional.empty();
        }
        return NetworkAverage.strangers(names, networks).map(pair -> pair.get(0) + " and " + pair.get(1)
            + " are not known to have started from the same weights, without which an average usually segments nothing. Score it"
            + " before use, and train copies of one network of the Network Builder.");
    }

    private static String name(final int port) {
        return "Network " + (port + 1);
    }
}
