package dev.interject.cli.restore;

import java.io.IOException;
import java.util.List;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.interject.cli.output.Console;
import dev.interject.cli.output.JsonOutput;
import dev.interject.cli.output.Style;
import dev.interject.cli.output.TextPage;
import dev.interject.experiment.situation.PendingSituation;
import dev.interject.interrupt.Irqchip;
import dev.interject.machine.snapshot.Piece;
import dev.interject.machine.snapshot.PieceOrder;

/** The situations in which guests are saved, and the pieces of their state, for {@code interject restore --list}. */
final class RestoreList {

    private static final int COLUMN = 25;
    private static final String INDENT = " ".repeat(COLUMN);
    private static final String NAME = "  %-22s ";

    private RestoreList() {}

    /** Writes the list as text or as one JSON object. */
    static void write(Console console, boolean asJson) {
        if (asJson) {
            console.write(out -> JsonOutput.writeObject(out, RestoreList::writeTo));
        } else {
            console.write(text(console.style()));
        }
    }

    private static String text(Style style) {
        TextPage page = new TextPage(style);
        page.section("Situations in which a guest is saved");
        for (PendingSituation situation : PendingSituation.values()) {
            page.labelled(style.bold(NAME.formatted(situation)), COLUMN, situation.what());
            page.folded(INDENT, "guest %s; irqchip %s".formatted(situation.guest(),
                    String.join(", ", irqchips(situation))), style::faint);
        }
        page.section("Pieces of its state, in the recommended order");
        for (Piece piece : PieceOrder.recommended().pieces()) {
            page.labelled(style.bold(NAME.formatted(piece)), COLUMN, piece.what());
            page.folded(INDENT, piece.call(), style::faint);
        }
        return page.toString();
    }

    private static List<String> irqchips(PendingSituation situation) {
        return situation.irqchips().stream().sorted().map(Irqchip::label).toList();
    }

    private static void writeTo(JsonGenerator json) throws IOException {
        JsonOutput.writeObjects(json, "situations", List.of(PendingSituation.values()), (situation, _) -> {
            json.writeStringField("name", situation.label());
            json.writeStringField("what", situation.what());
            json.writeStringField("guest", situation.guest().label());
            JsonOutput.writeStrings(json, "irqchips", irqchips(situation));
        });
        JsonOutput.writeObjects(json, "pieces", PieceOrder.recommended().pieces(), (piece, _) -> {
            json.writeStringField("name", piece.label());
            json.writeStringField("what", piece.what());
            json.writeStringField("call", piece.call());
            json.writeBooleanField("ofVcpu", piece.isOfVcpu());
        });
    }
}
