package dev.interject.cli.restore;

import static dev.interject.cli.option.UsageException.require;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

import dev.interject.cli.option.UsageException;
import dev.interject.experiment.NearWord;
import dev.interject.machine.snapshot.Piece;
import dev.interject.machine.snapshot.PieceOrder;

/** Reads an order of pieces: the word for the recommended one, their names, or a file with their names. */
final class OrderOption {

    /** The recommended order. */
    static final String KERNEL = "kernel";

    private static final String OPTION = "--order";
    /** Far more than the names of all pieces, each with a comment. */
    private static final int LARGEST_FILE = 65_536;
    private static final int LONGEST_QUOTED = 40;
    private static final List<String> NAMES = Stream.of(Piece.values()).map(Piece::label).toList();

    private final List<Piece> pieces = new ArrayList<>();
    private final Set<Piece> seen = EnumSet.noneOf(Piece.class);

    private OrderOption() {}

    /** @throws UsageException if it is none, with the piece that was probably meant */
    static PieceOrder read(String text) {
        if (text.equalsIgnoreCase(KERNEL)) {
            return PieceOrder.recommended();
        }
        require(!text.isBlank(), "--order must name a piece or a file");
        OrderOption order = new OrderOption();
        if (text.contains(",") || Piece.of(text.toLowerCase(Locale.ROOT)).isPresent()) {
            order.add(text, OPTION);
        } else {
            order.addFile(text);
        }
        require(!order.pieces.isEmpty(), "%s names no piece".formatted(OPTION));
        return new PieceOrder(order.pieces);
    }

    private void addFile(String name) {
        String[] lines = content(name).split("\\R", -1);
        for (int i = 0; i < lines.length; i++) {
            add(lines[i].replaceFirst("#.*", ""), "%s, line %d".formatted(name, i + 1));
        }
        require(!pieces.isEmpty(), "%s names no piece".formatted(name));
    }

    private static String content(String name) {
        try {
            Path file = Path.of(name);
            require(!Files.isDirectory(file), "%s %s: is a directory".formatted(OPTION, name));
            require(!Files.exists(file) || Files.isRegularFile(file),
                    "%s %s: is not a regular file".formatted(OPTION, name));
            try (InputStream in = Files.newInputStream(file)) {
                byte[] bytes = in.readNBytes(LARGEST_FILE + 1);
                require(bytes.length <= LARGEST_FILE, "%s %s: is no list of pieces: more than %,d bytes"
                        .formatted(OPTION, name, LARGEST_FILE));
                return new String(bytes, StandardCharsets.UTF_8);
            }
        } catch (NoSuchFileException | InvalidPathException _) {
            throw new UsageException("%s: there is no piece and no file '%s'%s".formatted(OPTION, name, near(name)));
        } catch (IOException unreadable) {
            throw new UsageException("%s %s: cannot be read: %s".formatted(OPTION, name,
                    unreadable.getClass().getSimpleName().replace("Exception", "")));
        }
    }

    private void add(String names, String where) {
        for (String name : names.split("[\\s,]+")) {
            if (!name.isEmpty()) {
                Piece piece = Piece.of(name.toLowerCase(Locale.ROOT)).orElseThrow(() -> unknown(name, where));
                require(seen.add(piece), "%s: '%s' is there twice".formatted(where, piece));
                pieces.add(piece);
            }
        }
    }

    private static UsageException unknown(String name, String where) {
        String shown = name.length() > LONGEST_QUOTED ? name.substring(0, LONGEST_QUOTED) + "..." : name;
        return new UsageException("%s: there is no piece '%s'%s".formatted(where, shown, near(name)));
    }

    private static String near(String name) {
        return NearWord.of(name, NAMES)
                .map("; did you mean '%s'?"::formatted)
                .orElse("; list the pieces with: interject restore --list");
    }
}
