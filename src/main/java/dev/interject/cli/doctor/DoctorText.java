package dev.interject.cli.doctor;

import java.util.List;

import dev.interject.cli.output.Style;
import dev.interject.cli.output.TextPage;
import dev.interject.cli.output.WordWrap;
import dev.interject.experiment.doctor.HostArea;
import dev.interject.experiment.doctor.HostCheck;
import dev.interject.experiment.doctor.HostFix;
import dev.interject.experiment.doctor.HostReport;
import dev.interject.experiment.probe.ConformanceProbe;
import dev.interject.experiment.probe.Finding;

/** The examination of the host as text, 80 columns wide: one line for each check, with its fixes below it. */
final class DoctorText {

    private static final int DETAIL_COLUMN = 40;
    private static final String FIX_INDENT = "        ";
    private static final int REMARK_WIDTH = 72;
    private static final String COMMAND_INDENT = "  ";

    private final Style style;
    private final boolean verbose;
    private final TextPage page;

    DoctorText(Style style, boolean verbose) {
        this.style = style;
        this.verbose = verbose;
        this.page = new TextPage(style);
    }

    String render(HostReport report) {
        for (HostArea area : HostArea.values()) {
            List<HostCheck> checks = report.checks(area);
            if (!checks.isEmpty()) {
                page.section(area.title());
                switch (area) {
                    case HOST, PROBES -> checks.forEach(this::check);
                    case CAPABILITIES -> capabilities(checks);
                    case DEPARTURES -> {
                        report.findings().forEach(this::finding);
                        checks.stream().filter(HostCheck::isBad).forEach(this::check);
                    }
                }
            }
        }
        page.line("");
        if (report.able()) {
            page.line("  " + style.good(report.supportsSplit()
                    ? "This host can run Interject with irqchip kernel, split and userspace."
                    : "This host can run Interject with irqchip kernel and userspace."));
        }
        return page.toString();
    }

    private void capabilities(List<HostCheck> checks) {
        if (verbose) {
            checks.forEach(this::check);
            return;
        }
        long good = checks.stream().filter(check -> !check.isBad()).count();
        page.line("    %s  %d of %d are present (--verbose shows each)".formatted(
                good == 0 ? style.faint("note") : style.good("ok  "), good, checks.size()));
        checks.stream().filter(HostCheck::isBad).forEach(this::check);
    }

    private void check(HostCheck check) {
        String verdict = switch (check.status()) {
            case OK -> style.good("ok  ");
            case NOTE -> style.faint("note");
            case DEPARTS -> style.warning("note");
            case MISSING, FAILED -> check.required() ? style.bad("no  ") : style.warning("note");
        };
        line(verdict, check.name(), check.detail());
        for (int i = 0; i < check.fixes().size(); i++) {
            fix(i == 0 ? "fix" : "or", check.fixes().get(i));
        }
    }

    /** Commands are never wrapped, so that they can be copied; a long command gets lines of its own. */
    private void fix(String word, HostFix fix) {
        String lead = FIX_INDENT + style.bold(fix.where().isEmpty() ? word : word + " " + fix.where()) + ": ";
        List<String> lines = fix.what().lines().toList();
        if (lines.size() == 1) {
            page.line(lead + lines.getFirst());
            return;
        }
        page.line(lead.stripTrailing());
        lines.forEach(command -> page.line(COMMAND_INDENT + command));
    }

    /** A rule that the host follows needs no more than one line. */
    private void finding(ConformanceProbe probe, Finding finding) {
        switch (finding) {
            case Finding.Kept _ -> line(style.good("ok  "), probe.title(), "as the manuals say");
            case Finding.Departs _ -> line(style.warning("note"), probe.title(), "departs from the manuals");
            case Finding.Inconclusive _ -> line(style.faint("note"), probe.title(), "unknown");
        }
        if (verbose) {
            remark("rule", probe.rule() + " (" + probe.source() + ")");
        }
        if (verbose || !(finding instanceof Finding.Kept)) {
            remark(finding instanceof Finding.Inconclusive ? "why" : "observed", finding.evidence());
        }
        if (finding instanceof Finding.Departs) {
            remark("so", probe.consequence());
        }
    }

    private void remark(String word, String content) {
        List<String> lines = WordWrap.fold(word + ": " + content, REMARK_WIDTH);
        page.line(FIX_INDENT + style.bold(word) + lines.getFirst().substring(word.length()));
        lines.stream().skip(1).forEach(rest -> page.line(FIX_INDENT + rest));
    }

    private void line(String verdict, String name, String detail) {
        page.labelled("    %s  %-29s ".formatted(verdict, name), DETAIL_COLUMN, detail);
    }
}
