package dev.interject.cli.explain;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.interject.cli.output.TextPage;
import dev.interject.cli.state.DescriptorList;
import dev.interject.guest.Mailbox;
import dev.interject.interrupt.delivery.CpuMode;
import dev.interject.interrupt.delivery.GateType;
import dev.interject.interrupt.delivery.IdtEntry;
import dev.interject.interrupt.delivery.TaskState;
import dev.interject.interrupt.state.CpuState;
import dev.interject.interrupt.state.Page;
import dev.interject.interrupt.state.Pages;
import dev.interject.kvm.state.SpecialRegisters;

/** A vCPU's mode, its descriptor tables, its TSS, and the pages that were looked up, as text. */
final class TableText {

    private static final String INDENT = "    ";

    private final TextPage page;
    private final String of;

    /** @param of whose they are, for the titles; empty if the machine has one vCPU */
    TableText(TextPage page, String of) {
        this.page = page;
        this.of = of;
    }

    void dump(CpuState cpu) {
        page.folded(INDENT, mode(cpu.special(), CpuMode.of(cpu.special(), cpu.registers())));
        interruptTable(cpu);
        descriptors("GDT", DescriptorList.ofGdt(cpu));
        descriptors("LDT", DescriptorList.ofLdt(cpu));
        List<TaskState.Stack> stacks = new TaskState(cpu).stacks();
        if (!stacks.isEmpty()) {
            page.section("TSS" + of);
            page.folded(INDENT,
                    stacks.stream().map(TaskState.Stack::toString).collect(Collectors.joining("  ")));
        }
        pages(cpu.pages());
    }

    private static String mode(SpecialRegisters s, CpuMode mode) {
        String paging = !s.isPaging() ? "no paging"
                : s.inLongMode() ? "%d levels of paging".formatted(s.levelsOfPaging())
                        : s.hasPhysicalAddressExtension() ? "PAE paging" : "32-bit paging";
        return "%s mode, %s; CR0.WP %d  CR4.SMEP %d  CR4.SMAP %d  EFER.NXE %d".formatted(mode.label(), paging,
                bit(s.protectsFromSupervisor()), bit(s.preventsExecutionOfUserPages()),
                bit(s.preventsAccessToUserPages()), bit(s.forbidsExecution()));
    }

    private static int bit(boolean set) {
        return set ? 1 : 0;
    }

    /** Adjacent vectors share a line if their handlers are equally far apart and nothing else differs. */
    private void interruptTable(CpuState cpu) {
        page.section("IDT" + of);
        List<IdtEntry> entries = IntStream.range(0, Mailbox.VECTORS)
                .mapToObj(vector -> IdtEntry.of(cpu, vector))
                .toList();
        int from = 0;
        while (from < entries.size()) {
            IdtEntry first = entries.get(from);
            long apart = from + 1 < entries.size() ? entries.get(from + 1).handler() - first.handler() : 0;
            int to = from;
            while (to + 1 < entries.size() && follows(entries.get(to), entries.get(to + 1), apart)) {
                to++;
            }
            String vectors = from == to ? "0x%02x".formatted(from) : "0x%02x-0x%02x".formatted(from, to);
            page.folded(INDENT, "%s  %s%s".formatted(vectors,
                    first.isUsable() || from == to ? first.evidence() + kind(first) : kind(first),
                    first.isUsable() && from != to && apart != 0 ? " and up, 0x%x apart".formatted(apart) : ""));
            from = to + 1;
        }
    }

    private static boolean follows(IdtEntry entry, IdtEntry next, long apart) {
        return entry.selector() == next.selector()
                && (!entry.isUsable() || next.handler() - entry.handler() == apart)
                && kind(entry).equals(kind(next));
    }

    /** All of an entry but its selector and its address. */
    private static String kind(IdtEntry entry) {
        return entry.problem()
                .map(problem -> " (" + problem.kind() + ")")
                .orElseGet(() -> (entry.type() == GateType.TRAP || entry.type() == GateType.TRAP_16 ? ", a trap" : "")
                        + (entry.stackTable() == 0 ? "" : ", IST " + entry.stackTable()));
    }

    private void descriptors(String name, Map<Integer, Long> descriptors) {
        if (!descriptors.isEmpty()) {
            page.section(name + of);
            descriptors.forEach((offset, descriptor) -> page.line(
                    INDENT + "0x%02x  %016x".formatted(offset, descriptor)));
        }
    }

    private void pages(Pages pages) {
        switch (pages) {
            case Pages.Walked walked -> {
                page.section("Pages of stacks, handlers and the next instruction" + of);
                new TreeMap<>(walked.byNumber()).forEach((number, found) -> page.line(INDENT + text(number, found)));
            }
            case Pages.Unpaged(long ramBytes) ->
                page.line(INDENT + "each linear address is a physical one; 0x%x bytes of RAM".formatted(ramBytes));
        }
    }

    private static String text(long number, Page found) {
        String address = "%016x".formatted(Pages.addressOf(number));
        if (!found.present()) {
            return address + "  not present";
        }
        return found.reserved() ? address + "  reserved bit set"
                : "%s  at %x, %s, %s%s%s".formatted(address, found.physical(),
                        found.writable() ? "writable" : "read-only", found.user() ? "ring 3" : "rings 0 to 2",
                        found.executable() ? "" : ", not executable", found.isRam() ? "" : ", not RAM");
    }
}
