package dev.interject.cli.guests;

import java.io.IOException;
import java.util.List;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.interject.cli.output.Style;
import dev.interject.cli.output.WordWrap;
import dev.interject.experiment.explain.Fault;

/** The catalogue of faults, for {@code interject guests --faults}. */
final class FaultList {

    private static final int WIDTH = 80;
    private static final int NAME = 22;

    private FaultList() {}

    static String text(Style style) {
        StringBuilder text = new StringBuilder();
        for (Fault fault : Fault.values()) {
            List<String> what = WordWrap.fold(fault.what(), WIDTH - NAME - 1);
            text.append(style.bold(("%-" + NAME + "s").formatted(fault.label())))
                    .append(' ')
                    .append(what.getFirst())
                    .append('\n');
            what.stream().skip(1).forEach(rest -> text.append(" ".repeat(NAME + 1)).append(rest).append('\n'));
        }
        return text.append("\ninterject explain --fault NAME explains one.\n").toString();
    }

    static void writeTo(JsonGenerator json) throws IOException {
        json.writeStartArray();
        for (Fault fault : Fault.values()) {
            json.writeStartObject();
            json.writeStringField("name", fault.label());
            json.writeStringField("what", fault.what());
            json.writeStringField("guest", fault.scenario().run().effectiveGuest().label());
            json.writeStringField("irqchip", fault.scenario().run().machine().irqchip().label());
            json.writeStringField("path", fault.scenario().run().effectivePath().label());
            json.writeStringField("gate", fault.shows().label());
            json.writeStringField("prediction", fault.fate().label());
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
