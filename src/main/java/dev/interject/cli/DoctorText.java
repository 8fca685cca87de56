package dev.interject.cli;

import java.util.List;

import dev.interject.experiment.host.HostArea;
import dev.interject.experiment.host.HostCheck;
import dev.interject.experiment.host.HostMend;
import dev.interject.experiment.host.HostReport;

/** The examination of the host for people: a line a check, and its mend right under it. 80 columns wide. */
final class DoctorText {

    private static final int WIDTH = 80;
    private static final int DETAIL_COLUMN = 40;
    private static final String MEND_INDENT = "        ";
    private static final String COMMAND_INDENT = "  ";

    private final Style style;
    private final boolean verbose;
    private final StringBuilder text = new StringBuilder();

    DoctorText(Style style, boolean verbose) {
        this.style = style;
        this.verbose = verbose;
    }

    String render(HostReport report) {
        for (HostArea area : HostArea.values()) {
            List<HostCheck> checks = report.checks(area);
            if (!checks.isEmpty()) {
                line("");
                line("  " + style.bold(area.title()));
                show(area, checks);
            }
        }
        line("");
        if (report.able()) {
            line("  " + style.good("This host can run Interject, with the irqchip in the kernel and without."));
        }
        return text.toString();
    }

    private void show(HostArea area, List<HostCheck> checks) {
        if (area != HostArea.CAPABILITIES || verbose) {
            checks.forEach(this::check);
            return;
        }
        long good = checks.stream().filter(check -> !check.isBad()).count();
        line("    %s  %d of %d are there (--verbose shows each)".formatted(
                good == 0 ? style.faint("note") : style.good("ok  "), good, checks.size()));
        checks.stream().filter(HostCheck::isBad).forEach(this::check);
    }

    private void check(HostCheck check) {
        String verdict = switch (check.status()) {
            case OK -> style.good("ok  ");
            case NOTE -> style.faint("note");
            case MISSING, FAILED -> check.required() ? style.bad("no  ") : style.warning("note");
        };
        List<String> detail = Fold.fold(check.detail(), WIDTH - DETAIL_COLUMN);
        line("    %s  %-29s %s".formatted(verdict, check.name(), detail.getFirst()));
        detail.stream().skip(1).forEach(rest -> line(" ".repeat(DETAIL_COLUMN) + rest));
        for (int i = 0; i < check.mends().size(); i++) {
            mend(i == 0 ? "mend" : "or", check.mends().get(i));
        }
    }

    /** Commands are never folded, so that they can be copied; one that is long has lines of its own. */
    private void mend(String word, HostMend mend) {
        String lead = MEND_INDENT + style.bold(mend.where().isEmpty() ? word : word + " " + mend.where()) + ": ";
        List<String> lines = mend.what().lines().toList();
        if (lines.size() == 1) {
            line(lead + lines.getFirst());
            return;
        }
        line(lead.stripTrailing());
        lines.forEach(command -> line(COMMAND_INDENT + command));
    }

    private void line(String content) {
        text.append(content).append('\n');
    }
}
