package dev.interject.cli.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.interject.RequiresKvm;
import dev.interject.cli.ChildProcess;
import dev.interject.cli.Interject;
import dev.interject.cli.Json;
import dev.interject.experiment.setting.SettingCatalogue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code --set} and {@code --list-settings} as a user types them. */
@RequiresKvm
class SettingsOutputTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --set route[10]=none                                                    | dropped   | route
            --set pic.slave.lines-high=4                                            | dropped   | wire
            --set pic.slave.base=0                                                  | breaks    | pic-base
            --set pic.slave.irr=4                                                   | merges    | pic-irr
            --set pic.slave.imr=0xff                                                | waits     | pic-imr
            --set pic.master.isr=2                                                  | waits     | pic-isr
            --set lapic.lvt0=0x10700                                                | waits     | lvt0
            --set cpu.if=0                                                          | waits     | interrupt-flag
            --set cpu.shadow=mov-ss                                                 | waits     | shadow
            --set cpu.exception=0xd                                                 | waits     | event-queue
            --set cpu.queued=0x42                                                   | waits     | event-queue
            --set idt[0x2a].present=0                                               | breaks    | idt
            --set idt.limit=0x2a0                                                   | breaks    | idt
            --set idt[0x2a].selector=0x10                                           | breaks    | code-segment
            --set gdt[0x08]=0                                                       | breaks    | code-segment
            --set cpu.rsp=0x40000000                                                | breaks    | stack-page
            --set idt[0x2a].ist=1 --set tss.ist1=0x40000000                         | breaks    | stack-page
            --set page[0xb000]=absent                                               | breaks    | stack-page
            --set page[0xb248]=readonly --set cpu.cr0=0x80010033                    | breaks    | stack-page
            --set cpu.efer=0xd00 --set page[0x8000]=no-execute                      | breaks    | handler-page
            --irqchip userspace --irq 5 --set pic.master.isr=8                      | waits     | pic-isr
            --irqchip split --path vector --set lapic.lvt0=0x10700                  | waits     | lvt0
            --irqchip split --path vector --set cpu.kvm-interrupt=0x42            | waits     | event-queue
            --guest apic --irq 20 --set ioapic[20].mask=1                           | dropped   | ioapic-mask
            --guest apic --irq 20 --set ioapic[20].mode=nmi                         | breaks    | nmi-handler
            --guest apic --irq 20 --set ioapic[20].vector=0xf                       | misrouted | vector
            --guest apic --irq 20 --set ioapic[20]=0xf                              | misrouted | vector
            --guest apic --irq 20 --set route[20]=msi:0xfee05000:0x50               | misrouted | apic-id
            --irqchip split --guest apic --irq 20 --set ioapic[20].destination=7    | misrouted | apic-id
            --path msi --set lapic.id=5                                             | misrouted | apic-id
            --path msi --set lapic.svr=0xff                                         | dropped   | lapic-svr
            --path msi --set lapic.base=0xfee00100                                  | dropped   | lapic-enable
            --path msi --set lapic.tpr=0x50                                         | waits     | lapic-tpr
            --path msi --set lapic.tpr=0x50 --set lapic.irr=0x50,0x51               | merges    | lapic-irr
            --guest nmi --path nmi --set cpu.nmi-masked=1                           | waits     | nmi-mask
            --guest nmi --path nmi --set cpu.nmi-pending=2                          | merges    | nmi-queue
            --path lapic-timer --set lapic.lvtt=0x30030 --set lapic.timer.initial=0xffff | dropped | lvt-timer
            --guest smp --vcpus 2 --to 1 --path msi --set vcpu[1].lapic.tpr=0xff    | waits     | lapic-tpr
            --guest smp --vcpus 2 --to 1 --path msi --set vcpu[0].lapic.tpr=0xff    | taken     |
            --guest periodic --path lapic-timer --set lapic.lvtt=0x20030 --set lapic.timer.initial=0xffffffff | taken |
            """)
    void setting_closesItsGate(String options, String prediction, String kind) {
        Map<String, Object> report = explain(options);

        assertThat(report).as("%s", report.get("reason")).containsEntry("prediction", prediction);
        Stream<Map<String, Object>> decides =
                Json.objects(report, "gates")
                        .stream()
                        .filter(gate -> gate.get("place").equals(report.get("decidedBy")));
        assertThat(decides.map(gate -> gate.get("kind")).findFirst().orElse(null)).isEqualTo(kind);
        assertThat((List<?>) report.get("settings")).hasSize((options + " ").split("--set ").length - 1);
        assertThat((List<?>) report.get("settingNotes"))
                .allMatch(note -> note.toString().endsWith("it reads back as sti-or-mov-ss")); // AMD's CPUs
    }

    private static Map<String, Object> explain(String options) {
        return Json.parseObject(Interject.typeHere("explain " + options + " --output json").out());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            explain --set pic.master.imr=0x100  | interject: --set: pic.master.imr must be 0 to 0xff
            run --set pic.mastr.imr=1           | interject: --set: setting 'pic.mastr.imr' does not exist; a similar
            sweep --set cpu.if                  | interject: --set: setting 'cpu.if' must be NAME=VALUE
            trace --set ioapic[24].mask=1       | interject: --set: ioapic[24].mask must have 0 to 23 in brackets
            explain --irqchip userspace --set lapic.tpr=0 | interject: refused: setting lapic.tpr=0 needs irqchip
            run --set vcpu[1].cpu.if=0          | interject: refused: setting vcpu[1].cpu.if=0: there is no vCPU 1
            run --guest real --set idt[8].ist=1 | interject: refused: setting idt[0x08].ist=1: the guest is not in long
            run --guest no-idt --set idt[1].dpl=3 | interject: refused: setting idt[0x01].dpl=3: the guest's interrupt
            sweep --set pit.mode=2              | interject: refused: setting pit.mode=2: the machine has no PIT
            explain --set page[0x123456789000]=absent | interject: refused: setting page[0x123456789000]=absent: the gu
            """)
    void wrongSetting_isRefusedWithExitCode2(String line, String message) {
        ChildProcess.Result result = Interject.typeHere(line);

        assertThat(result.err()).startsWith(message);
        assertThat(result.exitCode()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"explain", "run", "trace"})
    void settingThatKvmRefuses_isNamedWithTheError(String command) {
        ChildProcess.Result result = Interject.typeHere(command + " --set lapic.base=0xfee00400");

        assertThat(result.err()).isEqualTo(
                "interject: refused: setting lapic.base=0xfee00400: KVM refuses this value: KVM_SET_SREGS: EINVAL"
                        + " (Invalid argument)\n");
        assertThat(result.exitCode()).isEqualTo(2);
    }

    /** A one-shot timer has no deadline: KVM ignores it. */
    @Test
    void settingThatKvmIgnores_isReported() {
        Map<String, Object> report = explain("--set lapic.lvtt=0x10030 --set lapic.timer.deadline=0x7fffffffffff");

        assertThat(report).containsEntry("settingNotes",
                List.of("setting lapic.timer.deadline=0x7fffffffffff: it reads back as 0"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"run --count 1", "sweep --count 1"})
    void settings_areInJson(String command) {
        String set = " --set pic.master.rotate=0x3 --set idt[0x21].dpl=3";
        ChildProcess.Result result = Interject.typeHere(command + set + " --output json");

        assertThat(Json.parseObject(result.out())).containsEntry("settings",
                List.of("pic.master.rotate=3", "idt[0x21].dpl=3"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"run --count 1", "explain", "sweep --count 1", "trace --count 1"})
    void settings_areInText(String command) {
        assertThat(Interject.typeHere(command + " --set pic.master.rotate=3").out())
                .contains("\n  set: pic.master.rotate=3\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"explain", "run", "sweep", "trace"})
    void list_hasEverySetting(String command) {
        ChildProcess.Result text = Interject.typeHere(command + " --list-settings");
        ChildProcess.Result json = Interject.typeHere(command + " --list-settings --output json");

        assertThat(text.exitCode()).isZero();
        assertThat(text.out().lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
        assertThat(SettingCatalogue.all()).allSatisfy(kind -> {
            assertThat(text.out()).contains(kind.name() + " ");
            assertThat(json.out()).contains("\"" + kind.name() + "\"");
        });
    }
}
