package dev.interject.cli.restore;

import static dev.interject.cli.option.UsageException.require;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.interject.cli.output.Console;
import dev.interject.cli.output.FileOutput;
import dev.interject.cli.output.JsonOutput;
import dev.interject.cli.output.OutputFormat;
import dev.interject.cli.output.TextPage;
import dev.interject.experiment.restore.SavedGuest;
import dev.interject.experiment.restore.SavedGuestFile;
import dev.interject.experiment.situation.PendingSituation;
import dev.interject.interrupt.Irqchip;
import dev.interject.machine.snapshot.SavedPiece;
import picocli.CommandLine.Option;

/** The options that name a file with a saved guest: one that is written, or one that is read. */
final class SavedGuestOptions {

    @Option(names = "--save", paramLabel = "FILE",
            description = "save a guest in the one --situation into this file, and do nothing else")
    private Path save;

    @Option(names = "--load", paramLabel = "FILE",
            description = "restore the guest that --save has written to this file, on this host or another one")
    private Path load;

    boolean isSave() {
        return save != null;
    }

    boolean isLoad() {
        return load != null;
    }

    /** To be called first, since saving takes some time. */
    void check() {
        require(save == null || load == null, "--save and --load exclude each other");
        if (save != null) {
            Path absolute = save.toAbsolutePath();
            require(!Files.isDirectory(absolute), "--save " + save + ": is a directory");
            require(Files.isDirectory(absolute.getParent()), "--save " + save + ": no such directory");
        }
    }

    /** The irqchip of a guest that is saved. */
    static Irqchip irqchip(PendingSituation situation, Irqchip wanted) {
        Set<Irqchip> possible = situation.irqchips();
        return wanted != null ? wanted
                : possible.contains(Irqchip.KERNEL) ? Irqchip.KERNEL
                        : possible.stream()
                                .sorted()
                                .findFirst()
                                .orElseThrow();
    }

    SavedGuest read() {
        return SavedGuestFile.read(load);
    }

    void write(SavedGuest saved) {
        new FileOutput(save).write(out -> SavedGuestFile.write(saved, out));
    }

    /** What was saved. */
    void show(SavedGuest saved, OutputFormat format, Console console) {
        if (format == OutputFormat.JSON) {
            console.write(out -> JsonOutput.writeObject(out, json -> {
                json.writeStringField("outcome", "saved");
                json.writeStringField("reason", null);
                json.writeStringField("file", save.toString());
                json.writeStringField("situation", saved.situation().label());
                json.writeStringField("irqchip", saved.irqchip().label());
                json.writeStringField("savedAt", saved.at());
                JsonOutput.writeObjects(json, "pieces", saved.snapshot().pieces(), SavedGuestOptions::write);
            }));
            return;
        }
        TextPage page = new TextPage(console.style());
        page.line("");
        page.line("  Saved %s, %s at %s: %d pieces, %,d bytes in %s.".formatted(saved.situation(), saved.irqchip(),
                saved.at(), saved.snapshot().pieces().size(), size(), save.getFileName()));
        console.write(page.toString());
    }

    private long size() {
        try {
            return Files.size(save);
        } catch (IOException gone) {
            return 0; // another process has removed it
        }
    }

    private static void write(SavedPiece piece, JsonGenerator json) throws IOException {
        json.writeStringField("piece", piece.piece().label());
        json.writeNumberField("vcpu", piece.vcpu());
        json.writeNumberField("bytes", piece.content().length);
    }
}
