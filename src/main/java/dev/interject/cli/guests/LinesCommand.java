package dev.interject.cli.guests;

import java.io.IOException;
import java.util.List;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.interject.cli.command.BaseCommand;
import dev.interject.cli.output.Console;
import dev.interject.cli.output.JsonOutput;
import dev.interject.cli.output.ListFormat;
import dev.interject.cli.output.Style;
import dev.interject.cli.output.TextPage;
import dev.interject.interrupt.IsaLine;
import dev.interject.interrupt.LineChoice;
import dev.interject.interrupt.Trigger;
import dev.interject.machine.Machine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code interject lines}. */
@Command(name = "lines",
        description = "Lists the 16 lines of a PC's two 8259s: the device that uses each, and whether run refuses it.",
        footer = {
            "", "Examples:", "  interject lines", "  interject run --irq 9 --trigger level"})
public final class LinesCommand extends BaseCommand {

    private final LineChoice lines = new LineChoice(Machine.lineClaims(), IsaLine.values().length);

    @Option(names = "--output", paramLabel = "FORMAT", defaultValue = "text", description = "text (default) or json")
    private ListFormat output;

    public LinesCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() {
        switch (output) {
            case TEXT -> console().write(text(console().style()));
            case JSON -> console().write(out -> JsonOutput.write(out, this::writeTo));
        }
        return 0;
    }

    private String text(Style style) {
        TextPage page = new TextPage(style);
        page.columns("line  chip    trigger       used for");
        for (IsaLine line : IsaLine.values()) {
            String refused = isRefused(line) ? style.bad("  (run refuses it)") : "";
            String use = line.isFree() ? style.good(line.use()) : line.use();
            page.line("%4d  %-6s  %-12s  %s%s".formatted(line.number(), line.number() < 8 ? "master" : "slave",
                    line.canBeLevel() ? "edge, level" : "edge", use, refused));
        }
        page.line("");
        page.line("--irq auto picks %d.".formatted(lines.pickFree()));
        return page.toString();
    }

    private void writeTo(JsonGenerator json) throws IOException {
        JsonOutput.writeObjects(json, List.of(IsaLine.values()), (line, _) -> {
            json.writeNumberField("line", line.number());
            json.writeStringField("use", line.use());
            json.writeBooleanField("free", line.isFree());
            json.writeBooleanField("canBeLevel", line.canBeLevel());
            json.writeBooleanField("refused", isRefused(line));
        });
    }

    private boolean isRefused(IsaLine line) {
        return lines.refusal(line.number(), Trigger.EDGE).isPresent();
    }
}
