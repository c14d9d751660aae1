package org.scanbridge.learning.study;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import org.scanbridge.learning.method.TransferStudy.Row;
import org.scanbridge.learning.method.TransferStudy.Start;

/**
 * What Ghafoorian et al. (MICCAI 2017) found, as statements with limits that were fixed before any network was trained on
 * the lesion phantom: their source network had a Dice of 0.76 at home and 0.005 at the new site; with two cases the
 * fine-tuned network had 0.63, that from scratch 0.15. No depth is chosen by its result: all depths are averaged.
 */
public final class TransferVerdicts {

    private static final double COLLAPSE = 0.5;

    private static final double FAR = 0.1;

    private static final int SHALLOW = 3;

    private final TransferResults m_results;

    private TransferVerdicts(final TransferResults results) {
        m_results = results;
    }

    /** The verdicts T1 to T4, without those that need networks which the study did not train. */
    public static List<Verdict> of(final TransferResults results) {
        final TransferVerdicts verdicts = new TransferVerdicts(results);
        final List<Verdict> all = new ArrayList<>();
        if (results.home().isPresent()) {
            all.add(verdicts.collapse(results.home().get()));
        }
        if (results.hasScratch() && !results.depths().isEmpty()) {
            all.add(verdicts.fewCases());
            if (results.many() > results.few()) {
                all.add(verdicts.manyCases());
            }
            if (results.depths().contains(results.blocks().getAsInt()) && results.depths().get(0) <= SHALLOW) {
                all.add(verdicts.depth());
            }
        }
        return all;
    }

    private Verdict collapse(final Row home) {
        final double away = m_results.source().dice();
        return new Verdict("T1", "The source network fails at the new site: its Dice there is at most half of that at its "
            + "own site", text("%.3f at the new site, %.3f at its own", away, home.dice()),
            away <= COLLAPSE * home.dice());
    }

    private Verdict fewCases() {
        final int few = m_results.few();
        final double tuned = TransferResults.dice(m_results.of(Start.FINE_TUNED, few, 0));
        final double scratch = TransferResults.dice(m_results.of(Start.SCRATCH, few, 0));
        final long above = m_results.seeds().stream().filter(this::isAbove).count();
        final int seeds = m_results.seeds().size();
        return new Verdict("T2", "With " + cases(few) + " fine-tuning is far better than training from scratch: the mean Dice "
            + "over all depths is at least 0.10 higher, and higher in every repetition",
            text("fine-tuned %.3f, from scratch %.3f; higher in %d of %d repetitions", tuned, scratch, above, seeds),
            tuned - scratch >= FAR && above == seeds);
    }

    private boolean isAbove(final long seed) {
        final int few = m_results.few();
        return TransferResults.dice(ofSeed(m_results.of(Start.FINE_TUNED, few, 0), seed)) > TransferResults
            .dice(ofSeed(m_results.of(Start.SCRATCH, few, 0), seed));
    }

    private static List<Row> ofSeed(final List<Row> rows, final long seed) {
        return rows.stream().filter(r -> r.seed() == seed).toList();
    }

    private Verdict manyCases() {
        final double few = advantage(m_results.few());
        final double many = advantage(m_results.many());
        return new Verdict("T3", "The advantage shrinks with the number of cases: mean Dice over all depths less that from "
            + "scratch, with " + cases(m_results.many()) + " below that with " + cases(m_results.few()),
            text("%+.3f with %d, %+.3f with %d", many, m_results.many(), few, m_results.few()), many < few);
    }

    private double advantage(final int cases) {
        return TransferResults.dice(m_results.of(Start.FINE_TUNED, cases, 0))
            - TransferResults.dice(m_results.of(Start.SCRATCH, cases, 0));
    }

    private Verdict depth() {
        final int few = m_results.few();
        final double last = TransferResults
            .dice(m_results.of(Start.FINE_TUNED, few, 0).stream().filter(r -> r.tuned() <= SHALLOW).toList());
        final double all = TransferResults.dice(m_results.of(Start.FINE_TUNED, few, m_results.blocks().getAsInt()));
        return new Verdict("T4", "With " + cases(few) + " it is enough to train the last blocks: the mean Dice over depths of at "
            + "most 3 is at least that of training all blocks", text("%.3f, all blocks %.3f", last, all), last >= all);
    }

    private static String cases(final int n) {
        return n == 1 ? "1 case" : n + " cases";
    }

    private static String text(final String format, final Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
