package dev.interject.cli.bench;

import java.util.Locale;

import dev.interject.cli.output.Style;
import dev.interject.cli.output.TextPage;
import dev.interject.experiment.bench.VmsReport;

/** Many VMs at once, as a table. */
final class VmsText {

    private static final String COLUMNS = "  %6s %14s %16s %16s %16s";
    private static final double BYTES_PER_KIB = 1024;

    private VmsText() {}

    static String render(VmsReport report, Style style) {
        TextPage page = new TextPage(style);
        page.line("");
        page.columns(COLUMNS.formatted("VMs", "ms per VM", "KiB per VM", "kernel, per VM", "one each, ms"));
        for (VmsReport.Row row : report.rows()) {
            page.line(COLUMNS.formatted(row.vms(), millis(row.nanosEach()), kibibytes(row.bytesEach()),
                    kibibytes(row.kernelBytesEach()), millis(row.togetherNanos())));
        }
        return page + """

                  ms per VM:  from opening /dev/kvm to the first interrupt taken; median of the
                              VMs created since the row above
                  KiB per VM: of this process; kernel: includes the host's other activity
                  one each:   one interrupt for each VM, injected without waiting
                """;
    }

    private static String millis(long nanos) {
        return String.format(Locale.ROOT, "%.2f", nanos / 1e6);
    }

    private static String kibibytes(long bytes) {
        return "%,.0f".formatted(bytes / BYTES_PER_KIB);
    }
}
