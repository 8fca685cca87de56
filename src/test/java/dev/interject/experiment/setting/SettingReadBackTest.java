package dev.interject.experiment.setting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import dev.interject.RequiresKvm;
import dev.interject.experiment.EndedEarlyException;
import dev.interject.experiment.Ending;
import dev.interject.experiment.Outcome;
import dev.interject.guest.BuiltinGuest;
import dev.interject.interrupt.Irqchip;
import dev.interject.machine.FrozenVcpu;
import dev.interject.machine.Machine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every setting, on every irqchip that has it: what is set is what is read, and nothing else changes. */
@RequiresKvm
class SettingReadBackTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** The numbers in brackets that are tried; the others are not to change with them. */
    private static final Map<String, List<Long>> INDEXES = Map.of("N", List.of(20L, 3L), "GSI", List.of(5L, 30L),
            "VECTOR", List.of(0x2aL, 0x2bL), "SELECTOR", List.of(0x08L, 0x10L), "ADDRESS", List.of(0xb000L, 0x8000L));

    /** Values that a running guest can have, where those of the range are mostly refused. */
    private static final Map<String, List<String>> VALUES = Map.ofEntries(
            Map.entry("cpu.rflags", List.of("0x2", "0x246", "0x203")),
            Map.entry("cpu.exception", List.of("1", "0xd", "none")),
            Map.entry("cpu.cr0", List.of("0x80000033", "0x80010033")),
            Map.entry("cpu.cr3", List.of("0x3000", "0x2000")),
            Map.entry("cpu.cr4", List.of("0xa0", "0x20")),
            Map.entry("cpu.efer", List.of("0xd00", "0x500")),
            Map.entry("cpu.cs", List.of("0x18", "0x8")),
            Map.entry("cpu.ss", List.of("0", "0x10")),
            Map.entry("cpu.activity", List.of("runnable", "halted")),
            Map.entry("lapic.base", List.of("0xfee00100", "0xfee00900")),
            Map.entry("lapic.timer.deadline", List.of("0xfffffffffffffff", "0")),
            Map.entry("lapic.timer.initial", List.of("0")),
            Map.entry("lapic.isr", List.of("0x50", "0x31,0x90", "none")),
            Map.entry("lapic.irr", List.of("0x50,0x51", "none")),
            Map.entry("route[GSI]", List.of("ioapic:3", "ioapic:2,pic:9", "msi:0xfee00000:0x51", "none")),
            Map.entry("page[ADDRESS]", List.of("absent", "readonly", "user", "writable")));

    /** What must be set first for KVM to take a value. */
    private static final Map<String, String> FIRST = Map.of("lapic.timer.deadline", "lapic.lvtt=0x40030");

    /** What changes with a setting because it is a part of it, or wired to it: the beginnings of names. */
    private static final Map<String, Set<String>> CONSEQUENCES = Map.ofEntries(
            Map.entry("cpu.if", Set.of("cpu.rflags")),
            Map.entry("cpu.rflags", Set.of("cpu.if")),
            Map.entry("cpu.exception", Set.of("cpu.activity")),
            Map.entry("cpu.queued", Set.of("cpu.activity")),
            Map.entry("pic.slave.irr", Set.of("pic.master.irr")),
            Map.entry("pic.slave.imr", Set.of("pic.master.irr")),
            Map.entry("page", Set.of("cpu.cr3")),
            Map.entry("cpu.cr3", Set.of("idt[", "gdt[", "tss.", "page[")),
            Map.entry("idt.base", Set.of("idt[")),
            Map.entry("gdt.base", Set.of("gdt[")),
            Map.entry("tss.base", Set.of("tss.")));

    static Stream<Irqchip> irqchips() {
        return Stream.of(Irqchip.values());
    }

    @ParameterizedTest
    @MethodSource("irqchips")
    void setting_isReadBack_andChangesNothingElse(Irqchip irqchip) throws InterruptedException {
        BuiltinGuest guest = irqchip == Irqchip.USERSPACE ? BuiltinGuest.PIC : BuiltinGuest.APIC;
        try (Machine machine = Machine.builder(guest).irqchip(irqchip).openLine(10).start()) {
            assertThat(machine.awaitReady(PATIENCE)).isTrue();
            machine.vcpu(0).hold();
            assertThat(kinds(irqchip).flatMap(kind -> machine.vcpu(0).freeze(vcpu -> tried(irqchip, vcpu, kind))))
                    .isEmpty();
        }
    }

    private static Stream<SettingKind<?>> kinds(Irqchip irqchip) {
        return SettingCatalogue.all()
                .stream()
                .filter(kind -> kind.irqchips().contains(irqchip))
                .filter(kind -> !kind.toString().startsWith("pit.") && !kind.toString().equals("cpu.kvm-interrupt"));
    }

    @Test
    void vectorOfKvmInterrupt_isHeldAndNotWithdrawn() throws InterruptedException {
        try (Machine machine = Machine.builder(BuiltinGuest.DEAF).irqchip(Irqchip.SPLIT).openLine(10).start()) {
            assertThat(machine.awaitReady(PATIENCE)).isTrue();

            assertThat(Situation.of("cpu.kvm-interrupt=none", "cpu.kvm-interrupt=0x42").applyTo(machine, 0).notes())
                    .isEmpty();
            assertThat(machine.vcpu(0).inspect().controllers().held()).hasValue(0x42);
            assertThatThrownBy(() -> Situation.of("cpu.kvm-interrupt=0x43").applyTo(machine, 0))
                    .hasMessage("setting cpu.kvm-interrupt=0x43: KVM_INTERRUPT: EEXIST (File exists)");
            assertThatThrownBy(() -> Situation.of("cpu.kvm-interrupt=none").applyTo(machine, 0))
                    .hasMessage("setting cpu.kvm-interrupt=none: KVM has no call that withdraws a vector");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pit.mode=2", "pit.mode=0", "pit.count=0x1000", "pit.count=0x10000", "pit.gate=0",
        "pit.gate=1", "pit.mode=none"})
    void pit_isSetWhereThereIsOne(String text) throws InterruptedException {
        Setting setting = Setting.parse(text);
        try (Machine machine = Machine.builder(BuiltinGuest.PIT).irqchip(Irqchip.KERNEL).start()) {
            assertThat(machine.awaitReady(PATIENCE)).isTrue();

            assertThat(machine.vcpu(0).freeze(setting::apply)).isEmpty();
            assertThat(machine.vcpu(0).freeze(setting::read)).isEqualTo(setting.value());
        }
    }

    @Test
    void pit_isRefusedWhereThereIsNone() throws InterruptedException {
        try (Machine machine = Machine.builder(BuiltinGuest.PIC).irqchip(Irqchip.KERNEL).openLine(10).start()) {
            assertThat(machine.awaitReady(PATIENCE)).isTrue();

            assertThatThrownBy(() -> Situation.of("pit.mode=2").applyTo(machine, 0))
                    .isInstanceOfSatisfying(EndedEarlyException.class, early -> assertThat(early.ending()).isEqualTo(
                            Ending.of(Outcome.REFUSED,
                                    "setting pit.mode=2: the machine has no PIT; that of guest pit has one")));
        }
    }

    /** What is wrong with a kind of setting, after several values; in the end the value is what it was. */
    private static Stream<String> tried(Irqchip irqchip, FrozenVcpu vcpu, SettingKind<?> kind) {
        if (FIRST.containsKey(kind.toString())) {
            Setting.parse(FIRST.get(kind.toString())).apply(vcpu);
        }
        List<String> wrong = new ArrayList<>();
        String name = kind.name().with(firstIndex(kind));
        Map<String, String> first = all(irqchip, vcpu);
        Map<String, String> before = first;
        for (String value : values(irqchip, kind)) {
            Setting.parse(name + "=" + value)
                    .apply(vcpu)
                    .filter(note -> !note.endsWith("it reads back as sti-or-mov-ss")) // AMD's CPUs
                    .ifPresent(wrong::add);
            Map<String, String> after = all(irqchip, vcpu);
            for (Map.Entry<String, String> other : after.entrySet()) {
                String was = before.get(other.getKey());
                if (!other.getValue().equals(was) && !other.getKey().equals(name)
                        && !isConsequence(kind, other.getKey())) {
                    wrong.add("%s=%s changed %s from %s".formatted(name, value, other, was));
                }
            }
            before = after;
        }
        Setting.parse(name + "=" + first.get(name)).apply(vcpu);
        return wrong.stream();
    }

    private static boolean isConsequence(SettingKind<?> kind, String other) {
        String before = kind.name().before();
        boolean isFieldOfTheSame = before.equals("ioapic") && other.startsWith(kind.name()
                .with(firstIndex(kind))
                .replaceAll("].*", "]"));
        return isFieldOfTheSame || CONSEQUENCES.getOrDefault(before, Set.of()).stream().anyMatch(other::startsWith);
    }

    private static OptionalLong firstIndex(SettingKind<?> kind) {
        return indexes(kind).getFirst();
    }

    private static List<OptionalLong> indexes(SettingKind<?> kind) {
        return kind.name()
                .index()
                .map(index -> INDEXES.get(index.label()).stream().map(OptionalLong::of).toList())
                .orElse(List.of(OptionalLong.empty()));
    }

    /** Every value that can be set, by the name with which it is set. */
    private static Map<String, String> all(Irqchip irqchip, FrozenVcpu vcpu) {
        Map<String, String> values = new LinkedHashMap<>();
        kinds(irqchip).forEach(kind -> indexes(kind)
                .forEach(index -> values.put(kind.name().with(index), kind.read(vcpu, index))));
        return values;
    }

    private static Set<String> values(Irqchip irqchip, SettingKind<?> kind) {
        if (kind.toString().equals("route[GSI]") && irqchip == Irqchip.SPLIT) {
            return new TreeSet<>(Set.of("msi:0xfee00000:0x51", "none"));
        }
        List<String> chosen = VALUES.get(kind.toString());
        return chosen != null ? new TreeSet<>(chosen) : ofRange((NumberForm) kind.form());
    }

    private static Set<String> ofRange(NumberForm form) {
        Set<String> values = new TreeSet<>(form.words().keySet());
        values.remove("sti-or-mov-ss");
        values.remove("no-execute");
        form.most().ifPresent(most -> {
            values.add(Numbers.format(form.least()));
            values.add(Numbers.format(most & form.bits()));
            values.add(Numbers.format(most & form.bits() & 0x5555555555555555L));
        });
        return values;
    }
}
