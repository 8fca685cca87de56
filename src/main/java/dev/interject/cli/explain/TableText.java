package dev.interject.cli.explain;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.interject.cli.output.TextPage;
import dev.interject.interrupt.delivery.CpuMode;
import dev.interject.interrupt.delivery.TaskState;
import dev.interject.interrupt.state.CpuState;
import dev.interject.interrupt.state.Page;
import dev.interject.interrupt.state.Pages;
import dev.interject.kvm.state.SpecialRegisters;

/** A vCPU's mode, its TSS, and the pages that were looked up, as text. */
final class TableText {

    private static final String INDENT = "    ";
    private static final int PAGE_SHIFT = 12;

    private final TextPage page;

    TableText(TextPage page) {
        this.page = page;
    }

    void mode(CpuState cpu) {
        page.folded(INDENT, mode(cpu.special(), CpuMode.of(cpu.special(), cpu.registers())));
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

    void task(CpuState cpu) {
        List<String> stacks = new TaskState(cpu).stacks();
        if (!stacks.isEmpty()) {
            page.section("TSS");
            page.folded(INDENT, String.join("  ", stacks));
        }
    }

    void pages(Pages pages) {
        switch (pages) {
            case Pages.Walked walked -> {
                page.section("Pages of stacks, handlers and the next instruction");
                new TreeMap<>(walked.byNumber()).forEach((number, found) -> page.line(INDENT + text(number, found)));
            }
            case Pages.Unpaged _ -> {
                // each linear address is a physical one
            }
        }
    }

    /** The pages, in JSON: linear address and what the page tables say of it. */
    static List<String> texts(Pages pages) {
        return switch (pages) {
            case Pages.Walked walked -> new TreeMap<>(walked.byNumber()).entrySet()
                    .stream()
                    .map((Map.Entry<Long, Page> entry) -> text(entry.getKey(), entry.getValue()))
                    .toList();
            case Pages.Unpaged _ -> List.of();
        };
    }

    private static String text(long number, Page found) {
        String address = "%016x".formatted(number << PAGE_SHIFT);
        if (!found.present()) {
            return address + "  not present";
        }
        return found.reserved() ? address + "  reserved bit set"
                : "%s  at %x, %s, %s%s%s".formatted(address, found.physical(),
                        found.writable() ? "writable" : "read-only", found.user() ? "ring 3" : "rings 0 to 2",
                        found.executable() ? "" : ", not executable", found.isRam() ? "" : ", not RAM");
    }
}
