package dev.interject.experiment.restore;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UTFDataFormatException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;

import dev.interject.device.Ioapic;
import dev.interject.device.Pic8259Pair;
import dev.interject.experiment.situation.Counted;
import dev.interject.experiment.situation.Expected;
import dev.interject.experiment.situation.PendingSituation;
import dev.interject.guest.Mailbox;
import dev.interject.guest.MemoryMap;
import dev.interject.interrupt.Irqchip;
import dev.interject.machine.snapshot.Piece;
import dev.interject.machine.snapshot.PieceForm;
import dev.interject.machine.snapshot.SavedPiece;
import dev.interject.machine.snapshot.Snapshot;

/**
 * A saved guest as a file: a line with the format's version, and then, compressed and with a checksum, the situation
 * and the pieces.
 */
public final class SavedGuestFile {

    /** The version that is written, and the only one that is read. */
    static final int VERSION = 2;

    private static final String HEADER = "interject saved guest, version ";
    private static final int LONGEST_HEADER = 64;
    private static final String AGAIN = "save the guest again with this version of Interject";
    /** More than any piece but the memory has: MSRs, CPUID and XSAVE have some KiB. */
    private static final int LARGEST_PIECE = 1 << 20;
    private static final int MOST = 1 << 12;

    private final String name;

    private SavedGuestFile(String name) {
        this.name = name;
    }

    /** Writes a guest; does not close the stream. */
    public static void write(SavedGuest saved, OutputStream out) throws IOException {
        out.write((HEADER + VERSION + "\n").getBytes(StandardCharsets.US_ASCII));
        DeflaterOutputStream compressed = new DeflaterOutputStream(out);
        DataOutputStream data = new DataOutputStream(compressed);
        data.writeUTF(saved.situation().label());
        data.writeUTF(saved.irqchip().label());
        data.writeUTF(saved.at());
        writeInts(data, saved.raised().stream().toList());
        writeCounted(data, saved.counted());
        data.writeInt(saved.slower());
        data.writeBoolean(saved.due().isPresent());
        data.writeLong(saved.due().orElse(0));
        data.writeInt(saved.expected().size());
        for (Expected one : saved.expected()) {
            writeInts(data, List.of(one.vcpu(), one.vector(), one.times()));
        }
        data.writeBoolean(saved.anywhere());
        Snapshot snapshot = saved.snapshot();
        data.writeBoolean(snapshot.pit());
        data.writeInt(snapshot.vcpus());
        data.writeInt(snapshot.pieces().size());
        for (SavedPiece piece : snapshot.pieces()) {
            data.writeUTF(piece.piece().label());
            data.writeInt(piece.vcpu());
            data.writeInt(piece.content().length);
            data.write(piece.content());
        }
        data.flush();
        compressed.finish();
    }

    private static void writeCounted(DataOutputStream data, Counted counted) throws IOException {
        data.writeInt(counted.taken().size());
        for (int vcpu = 0; vcpu < counted.taken().size(); vcpu++) {
            data.writeLong(counted.spurious().get(vcpu));
            data.writeInt(counted.taken().get(vcpu).size());
            for (var entry : counted.taken().get(vcpu).entrySet()) {
                data.writeInt(entry.getKey());
                data.writeLong(entry.getValue());
            }
        }
    }

    private static void writeInts(DataOutputStream data, List<Integer> values) throws IOException {
        data.writeInt(values.size());
        for (int value : values) {
            data.writeInt(value);
        }
    }

    /**
     * Reads a file.
     *
     * @throws InvalidSavedGuestException if it cannot be read, or is not a saved guest, or not a whole one
     */
    public static SavedGuest read(Path file) {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new InvalidSavedGuestException(file.toString(), "is not a regular file", "check the path");
        }
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            return read(in, file.toString());
        } catch (NoSuchFileException missing) {
            throw new InvalidSavedGuestException(file.toString(), "no such file", "check the path");
        } catch (IOException unreadable) {
            throw new InvalidSavedGuestException(file.toString(), "cannot be read: " + unreadable.getMessage(),
                    "check the file");
        }
    }

    /**
     * Reads a guest.
     *
     * @param  name                       of the file, for messages
     * @throws InvalidSavedGuestException if it is not one that was written so, or not whole
     * @throws IOException                if the stream cannot be read
     */
    public static SavedGuest read(InputStream in, String name) throws IOException {
        return new SavedGuestFile(name).read(in);
    }

    private SavedGuest read(InputStream in) throws IOException {
        requireHeader(in);
        Inflater inflater = new Inflater();
        try {
            DataInputStream data = new DataInputStream(new InflaterInputStream(in, inflater));
            SavedGuest saved = readGuest(data);
            boolean isWhole = data.read() < 0; // the checksum is compared here
            require(isWhole && inflater.getRemaining() == 0 && in.read() < 0,
                    "has more at its end than a saved guest");
            return saved;
        } catch (EOFException cut) {
            throw invalid("is cut short");
        } catch (ZipException damaged) {
            throw invalid("is damaged: " + damaged.getMessage());
        } catch (UTFDataFormatException text) {
            throw invalid("is damaged: a name is no text");
        } finally {
            inflater.end();
        }
    }

    private void requireHeader(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        int next = in.read();
        while (next >= 0 && next != '\n' && line.length() < LONGEST_HEADER) {
            line.append((char) next);
            next = in.read();
        }
        require(next == '\n' && line.toString().startsWith(HEADER), "is not a saved guest");
        String version = line.substring(HEADER.length());
        require(version.equals(Integer.toString(VERSION)),
                "has version %s of the format, not %d".formatted(printable(version), VERSION));
    }

    private static String printable(String text) {
        return text.chars().allMatch(character -> character > ' ' && character < 0x7f) ? text : "?";
    }

    private SavedGuest readGuest(DataInputStream data) throws IOException {
        String situationName = data.readUTF();
        PendingSituation situation = PendingSituation.of(situationName)
                .orElseThrow(() -> invalid("has a situation that there is not: " + printable(situationName)));
        String irqchipName = data.readUTF();
        Irqchip irqchip = Stream.of(Irqchip.values())
                .filter(one -> one.label().equals(irqchipName) && situation.irqchips().contains(one))
                .findFirst()
                .orElseThrow(() -> invalid("has an irqchip that the situation does not have: "
                        + printable(irqchipName)));
        String at = data.readUTF();
        Set<Integer> raised = new HashSet<>(readInts(data));
        int lines = irqchip == Irqchip.USERSPACE ? Pic8259Pair.LINES : Ioapic.PINS;
        require(raised.stream().allMatch(line -> line >= 0 && line < lines), "has a line that there is not");
        Counted counted = readCounted(data);
        int slower = bounded(data.readInt(), situation.staging().slowest(), "as a timer's factor");
        boolean hasDue = data.readBoolean();
        long due = data.readLong();
        List<Expected> expected = readExpected(data, counted.taken().size());
        boolean anywhere = data.readBoolean();
        boolean pit = data.readBoolean();
        int vcpus = data.readInt();
        require(vcpus >= situation.staging().plan(irqchip, 1).platform().vcpus() && vcpus == counted.taken().size(),
                "has %d vCPUs, which is not what the situation has".formatted(vcpus));
        return new SavedGuest(situation, irqchip, readSnapshot(data, irqchip, pit, vcpus), printable(at), raised,
                counted, slower, hasDue ? OptionalLong.of(due) : OptionalLong.empty(), expected, anywhere);
    }

    private Snapshot readSnapshot(DataInputStream data, Irqchip irqchip, boolean pit, int vcpus) throws IOException {
        List<SavedPiece> pieces = new ArrayList<>();
        int count = bounded(data.readInt(), MOST, "pieces");
        for (int i = 0; i < count; i++) {
            String label = data.readUTF();
            Piece piece = Piece.of(label)
                    .orElseThrow(() -> invalid("has a piece that there is not: " + printable(label)));
            int vcpu = data.readInt();
            require(vcpu >= 0 && vcpu < (piece.isOfVcpu() ? vcpus : 1), "has %s of vCPU %d".formatted(piece, vcpu));
            require(pieces.stream().noneMatch(other -> other.piece() == piece && other.vcpu() == vcpu),
                    "has %s twice".formatted(piece));
            int bytes = data.readInt();
            require(bytes >= 0 && bytes <= (piece == Piece.MEMORY ? 2 * MemoryMap.RAM_BYTES : LARGEST_PIECE),
                    "has %s with %d bytes".formatted(piece, bytes));
            pieces.add(new SavedPiece(piece, vcpu, data.readNBytes(bytes)));
            require(pieces.getLast().content().length == bytes, "is cut short");
            requireForm(pieces.getLast(), irqchip);
        }
        return new Snapshot(irqchip, pit, vcpus, MemoryMap.RAM_BYTES, pieces);
    }

    private void requireForm(SavedPiece saved, Irqchip irqchip) {
        try {
            PieceForm.require(saved, irqchip, MemoryMap.RAM_BYTES);
        } catch (IllegalArgumentException wrong) {
            throw invalid("has a piece %s that cannot be: %s".formatted(saved.piece(), wrong.getMessage()));
        }
    }

    private Counted readCounted(DataInputStream data) throws IOException {
        List<SortedMap<Integer, Long>> taken = new ArrayList<>();
        List<Long> spurious = new ArrayList<>();
        int vcpus = bounded(data.readInt(), MemoryMap.MOST_VCPUS, "vCPUs");
        for (int vcpu = 0; vcpu < vcpus; vcpu++) {
            spurious.add(data.readLong());
            SortedMap<Integer, Long> byVector = new TreeMap<>();
            int vectors = bounded(data.readInt(), Mailbox.VECTORS, "vectors");
            for (int i = 0; i < vectors; i++) {
                byVector.put(bounded(data.readInt(), Mailbox.VECTORS - 1, "as a vector"), data.readLong());
            }
            taken.add(byVector);
        }
        return new Counted(taken, spurious);
    }

    private List<Expected> readExpected(DataInputStream data, int vcpus) throws IOException {
        List<Expected> expected = new ArrayList<>();
        int count = bounded(data.readInt(), MOST, "vectors");
        for (int i = 0; i < count; i++) {
            List<Integer> one = readInts(data);
            require(one.size() == 3 && one.get(0) >= 0 && one.get(0) < vcpus && one.get(1) >= 0
                    && one.get(1) < Mailbox.VECTORS && one.get(2) >= 0, "has an expectation that cannot be");
            expected.add(new Expected(one.get(0), one.get(1), one.get(2)));
        }
        require(!expected.isEmpty(), "has no expectation");
        return expected;
    }

    private List<Integer> readInts(DataInputStream data) throws IOException {
        int[] values = new int[bounded(data.readInt(), MOST, "numbers")];
        for (int i = 0; i < values.length; i++) {
            values[i] = data.readInt();
        }
        return Arrays.stream(values).boxed().toList();
    }

    private int bounded(int value, int most, String what) {
        require(value >= 0 && value <= most, "has %d %s".formatted(value, what));
        return value;
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw invalid(otherwise);
        }
    }

    private InvalidSavedGuestException invalid(String what) {
        return new InvalidSavedGuestException(name, what, AGAIN);
    }
}
