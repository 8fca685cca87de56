package dev.interject.cli.guests;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.interject.cli.command.BaseCommand;
import dev.interject.cli.output.Console;
import dev.interject.cli.output.JsonOutput;
import dev.interject.cli.output.ListFormat;
import dev.interject.cli.output.Style;
import dev.interject.cli.output.TextPage;
import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.route.Route;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code interject guests}. */
@Command(name = "guests",
        description = "Lists the built-in guests, what each shows, and which paths it supports.", footer = {
            "", "Examples:", "  interject guests", "  interject run --guest real"})
public final class GuestsCommand extends BaseCommand {

    private static final String INDENT = " ".repeat(13);

    @Option(names = "--output", paramLabel = "FORMAT", defaultValue = "text", description = "text (default) or json")
    private ListFormat output;

    @Option(names = "--faults", description = "list the faults that explain can show instead of the guests")
    private boolean faults;

    public GuestsCommand(Console console) {
        super(console);
    }

    @Override
    public Integer call() {
        if (faults) {
            showFaults();
            return 0;
        }
        switch (output) {
            case TEXT -> console().write(text(console().style()));
            case JSON -> console().write(out -> JsonOutput.write(out, GuestsCommand::writeTo));
        }
        return 0;
    }

    private void showFaults() {
        switch (output) {
            case TEXT -> console().write(FaultList.text(console().style()));
            case JSON -> console().write(out -> JsonOutput.write(out, FaultList::writeTo));
        }
    }

    private static String text(Style style) {
        TextPage page = new TextPage(style);
        for (BuiltinGuest guest : BuiltinGuest.values()) {
            page.labelled(style.bold("%-11s".formatted(guest.label())) + "  ", INDENT.length(), guest.what());
            page.folded(INDENT, "shows " + guest.shows());
            page.folded(INDENT, "paths " + paths(guest), style::faint);
        }
        return page.toString();
    }

    private static String paths(BuiltinGuest guest) {
        return Route.of(guest).stream().map(Route::label).collect(Collectors.joining(", "));
    }

    private static void writeTo(JsonGenerator json) throws IOException {
        JsonOutput.writeObjects(json, List.of(BuiltinGuest.values()), (guest, _) -> {
            json.writeStringField("name", guest.label());
            json.writeStringField("mode", guest.bootMode().label());
            json.writeStringField("what", guest.what());
            json.writeStringField("shows", guest.shows());
            JsonOutput.writeStrings(json, "paths", Route.of(guest).stream().map(Route::label).toList());
        });
    }
}
