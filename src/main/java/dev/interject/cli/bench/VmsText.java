package dev.interject.cli.bench;

import java.util.Locale;

import dev.interject.cli.output.Style;
import dev.interject.experiment.bench.VmsReport;

/** Many VMs at once, as a table. */
final class VmsText {

    private static final String COLUMNS = "  %6s %14s %16s %16s %16s%n";
    private static final double BYTES_PER_KIB = 1024;

    private VmsText() {}

    static String render(VmsReport report, Style style) {
        StringBuilder text = new StringBuilder("\n");
        text.append(style.bold(COLUMNS.formatted("VMs", "ms for each", "KiB for each", "kernel, KiB each",
                "one each, ms").stripTrailing())).append('\n');
        for (VmsReport.Row row : report.rows()) {
            text.append(COLUMNS.formatted(row.vms(), millis(row.nanosEach()), kibibytes(row.bytesEach()),
                    kibibytes(row.kernelBytesEach()), millis(row.togetherNanos())));
        }
        return text.append("""

                  ms for each: from opening /dev/kvm to the first interrupt taken; median of
                               those made since there were half as many
                  KiB for each: of this process; kernel: what else the host does is in it
                  one each: an interrupt for every one of them, all at once
                """).toString();
    }

    private static String millis(long nanos) {
        return String.format(Locale.ROOT, "%.2f", nanos / 1e6);
    }

    private static String kibibytes(long bytes) {
        return "%,.0f".formatted(bytes / BYTES_PER_KIB);
    }
}
