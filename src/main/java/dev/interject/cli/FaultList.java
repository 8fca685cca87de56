package dev.interject.cli;

import java.io.IOException;
import java.util.List;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.interject.experiment.Fault;

/** The catalogue of situations, for {@code interject guests --faults}. */
final class FaultList {

    private static final int WIDTH = 80;
    private static final int NAME = 22;

    private FaultList() {}

    static String text(Style style) {
        StringBuilder text = new StringBuilder();
        for (Fault fault : Fault.values()) {
            List<String> what = Fold.fold(fault.what(), WIDTH - NAME - 1);
            text.append(style.bold(("%-" + NAME + "s").formatted(fault.word())))
                    .append(' ')
                    .append(what.getFirst())
                    .append('\n');
            what.stream().skip(1).forEach(rest -> text.append(" ".repeat(NAME + 1)).append(rest).append('\n'));
        }
        return text.append("\ninterject explain --fault NAME shows one.\n").toString();
    }

    static void writeTo(JsonGenerator json) throws IOException {
        json.writeStartArray();
        for (Fault fault : Fault.values()) {
            json.writeStartObject();
            json.writeStringField("name", fault.word());
            json.writeStringField("what", fault.what());
            json.writeStringField("guest", fault.setting().run().effectiveGuest().word());
            json.writeStringField("irqchip", fault.setting().run().irqchip().word());
            json.writeStringField("path", fault.setting().run().effectivePath().word());
            json.writeStringField("gate", fault.shows().word());
            json.writeStringField("prediction", fault.fate().word());
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
