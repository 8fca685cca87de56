package dev.interject.cli;

import java.io.IOException;
import java.util.concurrent.Callable;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.interject.guest.BuiltinGuest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code interject guests}. */
@Command(name = "guests", mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false, description = "Lists the built-in guests and what each shows.", footer = {
    "", "Example:", "  interject guests", "  interject run --guest real"})
final class GuestsCommand implements Callable<Integer> {

    @Option(names = "--output", paramLabel = "FORMAT", defaultValue = "text", description = "text (default) or json")
    private ListFormat output;

    @Override
    public Integer call() {
        switch (output) {
            case TEXT -> StandardOutput.write(text(Style.ofStandardOutput()));
            case JSON -> StandardOutput.write(out -> JsonOutput.write(out, GuestsCommand::writeTo));
        }
        return 0;
    }

    private static String text(Style style) {
        StringBuilder text = new StringBuilder();
        for (BuiltinGuest guest : BuiltinGuest.values()) {
            text.append("%s  %s%n".formatted(style.bold("%-8s".formatted(guest.word())), guest.what()));
            text.append("          shows %s%n".formatted(guest.shows()));
        }
        return text.toString();
    }

    private static void writeTo(JsonGenerator json) throws IOException {
        json.writeStartArray();
        for (BuiltinGuest guest : BuiltinGuest.values()) {
            json.writeStartObject();
            json.writeStringField("name", guest.word());
            json.writeStringField("mode", guest.bootMode().word());
            json.writeStringField("what", guest.what());
            json.writeStringField("shows", guest.shows());
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
