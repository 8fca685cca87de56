package dev.interject.cli.explain;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.interject.cli.output.TextPage;
import dev.interject.cli.state.RegisterList;
import dev.interject.interrupt.state.CpuState;
import dev.interject.interrupt.state.Lapic;
import dev.interject.interrupt.state.PeerState;
import dev.interject.kvm.state.DescriptorTable;
import dev.interject.kvm.state.LapicRegister;
import dev.interject.kvm.state.LapicRegisters;
import dev.interject.kvm.state.Segment;
import dev.interject.kvm.state.SpecialRegisters;
import dev.interject.kvm.state.VcpuEvents;

/** A vCPU and its LAPIC as text. */
final class VcpuText {

    private static final String INDENT = "    ";
    private static final int COLUMNS = 3;

    private final TextPage page;
    private final String of;

    /** @param of which it is, for the titles; empty if the machine has one vCPU */
    VcpuText(TextPage page, String of) {
        this.page = page;
        this.of = of;
    }

    void dump(PeerState vcpu) {
        CpuState cpu = vcpu.cpu();
        line("MP state %s, %s; ready_for_interrupt_injection %d".formatted(cpu.activity().label(),
                cpu.halted() ? "halted" : "not halted", cpu.ready() ? 1 : 0));
        StateText.unknown(page, cpu.unknown());
        folded("events: " + events(cpu.events()));
        general(RegisterList.general(cpu.registers()));
        special(cpu.special());
        new TableText(page, of).dump(cpu);
        vcpu.lapic()
                .ifPresent(lapic -> lapic(new Lapic(vcpu.number(), lapic, cpu.special().apicBase()),
                        vcpu.deadline()));
    }

    private static String events(VcpuEvents events) {
        return "%s%s; shadow %s; NMIs pending %d%s%s%s".formatted(
                events.exception().map(queued -> queued + " queued; ").orElse(""),
                events.interruptInjected() ? "vector 0x%02x queued".formatted(events.interruptVector())
                        : "no interrupt queued",
                events.inShadow() ? "of " + events.shadow() : "none",
                events.nmisPending(), events.nmiMasked() ? ", masked" : "",
                events.nmiInjected() ? "; an NMI queued" : "", events.smiPending() ? "; an SMI pending" : "");
    }

    private void general(Map<String, Long> registers) {
        List<String> row = new ArrayList<>();
        registers.forEach((name, value) -> {
            row.add("%-3s %016x".formatted(upper(name), value));
            if (row.size() == COLUMNS) {
                line(String.join("  ", row));
                row.clear();
            }
        });
    }

    private void special(SpecialRegisters special) {
        folded(RegisterList.control(special)
                .entrySet()
                .stream()
                .map(register -> "%s %x".formatted(
                        register.getKey().equals("apicBase") ? "IA32_APIC_BASE" : upper(register.getKey()),
                        register.getValue()))
                .collect(Collectors.joining("  ")));
        RegisterList.tables(special).forEach(this::table);
        RegisterList.segments(special).forEach(this::segment);
    }

    private void table(String name, DescriptorTable table) {
        line("%s base %016x limit %04x".formatted(upper(name), table.base(), table.limit()));
    }

    private void segment(String name, Segment segment) {
        String attributes = Stream.of(segment.system() ? "" : "system", segment.longMode() ? "64-bit" : "",
                segment.db() ? "32-bit" : "", segment.pageGranular() ? "G" : "",
                segment.present() ? "" : "not present", segment.unusable() ? "unusable" : "")
                .filter(attribute -> !attribute.isEmpty())
                .collect(Collectors.joining(", "));
        page.labelled("    %-4s ".formatted(upper(name)), 9,
                "%04x base %016x limit %08x type %x DPL %d %s".formatted(segment.selector(), segment.base(),
                        segment.limit(), segment.type(), segment.dpl(), attributes).stripTrailing());
    }

    private void lapic(Lapic lapic, long deadline) {
        page.section("LAPIC" + of);
        LapicRegisters registers = lapic.registers();
        folded("APIC ID %s%s, %s".formatted(Integer.toUnsignedString(lapic.id()), lapic.isX2apic() ? ", x2APIC" : "",
                !lapic.isOn() ? "off" : registers.isSoftwareEnabled() ? "enabled" : "disabled by SVR"));
        folded(Stream.of(LapicRegister.values())
                .map(register -> "%s %x".formatted(upper(register.label()), registers.value(register)))
                .collect(Collectors.joining("  ")) + "  IA32_TSC_DEADLINE " + Long.toHexString(deadline));
        folded("IRR " + vectors(registers.requested()));
        folded("ISR " + vectors(registers.inService()));
        folded("TMR " + vectors(registers.levelTriggered()));
    }

    private static String vectors(SortedSet<Integer> vectors) {
        return vectors.isEmpty() ? "empty"
                : vectors.stream().map("0x%02x"::formatted).collect(Collectors.joining(" "));
    }

    /** {@code lvt0} becomes LVT0; {@code timerDivide} becomes TIMER_DIVIDE. */
    private static String upper(String name) {
        return name.replaceAll("([a-z])([A-Z])", "$1_$2").toUpperCase(Locale.ROOT);
    }

    private void folded(String content) {
        page.folded(INDENT, content);
    }

    private void line(String content) {
        page.line(INDENT + content);
    }
}
