package dev.interject.experiment.state;

import java.io.ByteArrayOutputStream;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

import dev.interject.interrupt.delivery.DeliveryAddresses;
import dev.interject.interrupt.state.CpuState;
import dev.interject.interrupt.state.DescriptorTables;
import dev.interject.interrupt.state.Page;
import dev.interject.interrupt.state.PageWalk;
import dev.interject.interrupt.state.Pages;
import dev.interject.interrupt.state.Piece;
import dev.interject.kvm.state.Segment;
import dev.interject.kvm.state.SpecialRegisters;

/** A vCPU's tables and pages: as the state has them, or found in the memory that it has. */
final class TableReader {

    private static final int LARGEST_IDT = 4096;
    private static final int LARGEST_IVT = 1024;
    private static final int LARGEST_TABLE = 0x10000;
    private static final int TSS_BYTES = 104;
    private static final int PAGE_BYTES = 4096;
    private static final int MOST_BITS = 52;
    private static final int VECTORS = 256;
    private static final byte[] NONE = {};

    private final Fields vcpu;
    private final KnownMemory memory;
    private final EnumSet<Piece> lacking;

    /** @param lacking what the vCPU's state lacks; this adds to it */
    TableReader(Fields vcpu, KnownMemory memory, EnumSet<Piece> lacking) {
        this.vcpu = vcpu;
        this.memory = memory;
        this.lacking = lacking;
    }

    /** The same vCPU with its tables and pages. */
    CpuState complete(CpuState cpu) {
        SpecialRegisters special = cpu.special();
        boolean isReadable = !memory.isEmpty() && !lacking.contains(Piece.SPECIAL_REGISTERS);
        Optional<PageWalk> walk = Optional
                .of(new PageWalk(memory, special, vcpu.number("physicalBits", MOST_BITS).orElse(MOST_BITS)))
                .filter(_ -> isReadable);
        boolean isReal = special.inRealMode();
        boolean hasLdt = !isReal && !special.ldt().unusable() && special.ldt().present();
        DescriptorTables tables = new DescriptorTables(
                table("idt", Piece.IDT, walk, special.idt().base(),
                        isReal ? LARGEST_IVT : bytes(special.idt().limit(), LARGEST_IDT)),
                table("gdt", Piece.GDT, walk, special.gdt().base(), bytes(special.gdt().limit(), LARGEST_TABLE)),
                table("ldt", Piece.LDT, walk, special.ldt().base(), hasLdt ? size(special.ldt()) : 0),
                table("tss", Piece.TSS, walk, special.tr().base(), isReal ? 0 : TSS_BYTES));
        CpuState withTables = new CpuState(cpu.activity(), cpu.registers(), special, cpu.events(), cpu.ready(),
                cpu.halted(), tables, Pages.UNKNOWN, lacking);
        Pages pages = pages(withTables, walk);
        return new CpuState(cpu.activity(), cpu.registers(), special, cpu.events(), cpu.ready(), cpu.halted(), tables,
                pages, lacking);
    }

    private static int size(Segment table) {
        return bytes(table.limit(), LARGEST_TABLE);
    }

    private static int bytes(int limit, int most) {
        return (int) Math.min(Integer.toUnsignedLong(limit) + 1, most);
    }

    private byte[] table(String name, Piece piece, Optional<PageWalk> walk, long base, int size) {
        Optional<Fields> table = vcpu.object(name);
        table.ifPresent(fields -> fields.skip("entries", "descriptors", "stacks"));
        Optional<byte[]> given = table.flatMap(fields -> fields.bytes("bytes"));
        if (given.isPresent() && given.get().length > LARGEST_TABLE) {
            throw table.get().invalid("bytes", "no such table has more than 65536 bytes", "write the table alone");
        }
        if (given.isPresent()) {
            return given.get();
        }
        boolean isKnownToBeEmpty = size == 0 && !lacking.contains(Piece.SPECIAL_REGISTERS);
        if (walk.isEmpty() || isKnownToBeEmpty) {
            mark(piece, !isKnownToBeEmpty);
            return NONE;
        }
        return read(piece, walk.get(), base, size);
    }

    private void mark(Piece piece, boolean isLacking) {
        if (isLacking) {
            lacking.add(piece);
        }
    }

    /** The bytes up to the first that is not mapped, or that the state lacks. */
    private byte[] read(Piece piece, PageWalk walk, long base, int size) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (all.size() < size) {
            long at = base + all.size();
            int part = (int) Math.min(size - all.size(), PAGE_BYTES - (at & PAGE_BYTES - 1));
            try {
                Page page = walk.page(at);
                if (!page.present() || page.reserved() || !page.isRam()) {
                    return all.toByteArray();
                }
                byte[] bytes = memory.read(page.physical() + (at & PAGE_BYTES - 1), part);
                all.writeBytes(bytes);
                if (bytes.length < part) {
                    throw new UnknownMemoryException();
                }
            } catch (UnknownMemoryException _) {
                lacking.add(piece);
                return all.toByteArray();
            }
        }
        return all.toByteArray();
    }

    private Pages pages(CpuState cpu, Optional<PageWalk> walk) {
        OptionalLong ramBytes = vcpu.number("unpagedRamBytes");
        Optional<List<Fields>> pages = vcpu.objects("pages");
        if (pages.isPresent()) {
            Map<Long, Page> byNumber = new HashMap<>();
            pages.get().forEach(page -> byNumber.put(Pages.numberOf(required(page, "linear")), page(page)));
            return new Pages.Walked(byNumber);
        }
        if (ramBytes.isPresent()) {
            return new Pages.Unpaged(ramBytes.getAsLong());
        }
        Map<Long, Page> found = new HashMap<>();
        lacking.add(Piece.PAGES);
        walk.ifPresent(reader -> {
            DeliveryAddresses.visit(cpu, linear -> find(reader, linear, found));
            visitRealMode(cpu, reader, found);
        });
        return new Pages.Walked(found);
    }

    private void visitRealMode(CpuState cpu, PageWalk walk, Map<Long, Page> found) {
        byte[] table = cpu.tables().idt();
        for (int at = 0; cpu.special().inRealMode() && at + 4 <= Math.min(table.length, VECTORS * 4); at += 4) {
            long offset = table[at] & 0xff | (table[at + 1] & 0xff) << 8;
            long segment = table[at + 2] & 0xff | (table[at + 3] & 0xff) << 8;
            find(walk, (segment << 4) + offset, found);
        }
    }

    private void find(PageWalk walk, long linear, Map<Long, Page> found) {
        try {
            Page page = walk.page(linear);
            if (!page.present() || page.reserved() || memory.isDecided(page.physical())) {
                found.put(Pages.numberOf(linear), page);
            }
        } catch (UnknownMemoryException _) {
            // it stays unknown
        }
    }

    private static Page page(Fields page) {
        return new Page(required(page, "physical"), flag(page, "present"), flag(page, "writable"), flag(page, "user"),
                flag(page, "executable"), flag(page, "reserved"), flag(page, "ram"));
    }

    private static long required(Fields fields, String name) {
        return fields.number(name).orElseThrow(() -> missing(fields, name));
    }

    private static boolean flag(Fields fields, String name) {
        return fields.flag(name).orElseThrow(() -> missing(fields, name));
    }

    private static InvalidStateException missing(Fields fields, String name) {
        return fields.invalid(name, "is missing", "give a page with all its fields, or leave it out");
    }

    /** What the state lacks, as it says itself. */
    static void addListed(Fields fields, Set<Piece> lacking, boolean ofVcpu) {
        for (String label : fields.texts("unknown")) {
            Piece piece = Set.of(Piece.values())
                    .stream()
                    .filter(one -> one.isOfVcpu() == ofVcpu && one.label().equals(label))
                    .findFirst()
                    .orElseThrow(() -> fields.invalid("unknown", "there is nothing called '%s'".formatted(label),
                            "see docs/state.md for the names"));
            lacking.add(piece);
        }
    }
}
