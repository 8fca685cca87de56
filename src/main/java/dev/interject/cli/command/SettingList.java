package dev.interject.cli.command;

import java.io.IOException;
import java.util.List;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.interject.cli.output.Console;
import dev.interject.cli.output.JsonOutput;
import dev.interject.cli.output.Style;
import dev.interject.cli.output.TextPage;
import dev.interject.experiment.setting.SettingCatalogue;
import dev.interject.experiment.setting.SettingKind;
import dev.interject.interrupt.Irqchip;

/** The values that {@code --set} can set, for {@code --list-settings}. */
public final class SettingList {

    private static final int COLUMN = 24;

    private SettingList() {}

    /** Writes the list as text or as one JSON object. */
    public static void write(Console console, boolean asJson) {
        if (asJson) {
            console.write(out -> JsonOutput.write(out, SettingList::writeTo));
        } else {
            console.write(text(console.style()));
        }
    }

    private static String text(Style style) {
        TextPage page = new TextPage(style);
        String group = "";
        for (SettingKind<?> kind : SettingCatalogue.all()) {
            if (!group(kind).equals(group)) {
                group = group(kind);
                page.line("");
            }
            page.labelled(style.bold("%-23s".formatted(kind.name())) + " ", COLUMN, kind.what());
            String indent = " ".repeat(COLUMN);
            page.folded(indent, "%s: %s%s".formatted(kind.form().unit(), kind.form().range(), irqchips(kind)));
            kind.name()
                    .index()
                    .ifPresent(index -> page.folded(indent, "%s: %s".formatted(index.label(), index.range())));
            page.folded(indent, kind.reference(), style::faint);
        }
        page.line("");
        page.folded("", "vcpu[N]. before a name: of vCPU N, not of the target; not before pic, ioapic, route and pit,"
                + " which are the machine's. Numbers are decimal or 0x... A shell wants quotes around brackets:"
                + " --set 'vcpu[1].cpu.if=0'.");
        return page.toString();
    }

    /** The first part of the name. */
    private static String group(SettingKind<?> kind) {
        String before = kind.name().before();
        return before.contains(".") ? before.substring(0, before.lastIndexOf('.')) : before;
    }

    private static String irqchips(SettingKind<?> kind) {
        return kind.irqchips().size() == Irqchip.values().length ? ""
                : " (irqchip " + String.join(" or ", names(kind)) + ")";
    }

    private static List<String> names(SettingKind<?> kind) {
        return kind.irqchips().stream().sorted().map(Irqchip::label).toList();
    }

    private static void writeTo(JsonGenerator json) throws IOException {
        JsonOutput.writeObjects(json, SettingCatalogue.all(), (kind, _) -> {
            json.writeStringField("name", kind.name().toString());
            json.writeStringField("what", kind.what());
            json.writeStringField("unit", kind.form().unit());
            json.writeStringField("range", kind.form().range());
            if (kind.name().index().isPresent()) {
                json.writeStringField("index", kind.name().index().get().range());
            } else {
                json.writeNullField("index");
            }
            json.writeBooleanField("ofVcpu", kind.isOfVcpu());
            JsonOutput.writeStrings(json, "irqchips", names(kind));
            json.writeStringField("reference", kind.reference());
        });
    }
}
