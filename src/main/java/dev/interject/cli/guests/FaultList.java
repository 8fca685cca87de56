package dev.interject.cli.guests;

import java.io.IOException;
import java.util.List;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.interject.cli.output.JsonOutput;
import dev.interject.cli.output.Style;
import dev.interject.cli.output.TextPage;
import dev.interject.experiment.explain.Fault;

/** The catalogue of faults, for {@code interject guests --faults}. */
final class FaultList {

    private static final int COLUMN = 23;

    private FaultList() {}

    static String text(Style style) {
        TextPage page = new TextPage(style);
        for (Fault fault : Fault.values()) {
            page.labelled(style.bold("%-22s".formatted(fault.label())) + " ", COLUMN, fault.what());
        }
        page.line("");
        page.line("interject explain --fault NAME explains one.");
        return page.toString();
    }

    static void writeTo(JsonGenerator json) throws IOException {
        JsonOutput.writeObjects(json, List.of(Fault.values()), (fault, _) -> {
            json.writeStringField("name", fault.label());
            json.writeStringField("what", fault.what());
            json.writeStringField("guest", fault.scenario().run().effectiveGuest().label());
            json.writeStringField("irqchip", fault.scenario().run().machine().irqchip().label());
            json.writeStringField("path", fault.scenario().run().effectivePath().label());
            json.writeStringField("gate", fault.shows().label());
            json.writeStringField("prediction", fault.fate().label());
        });
    }
}
