package dev.interject.experiment.setting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;

import dev.interject.experiment.InvalidValueException;
import dev.interject.interrupt.Irqchip;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How settings are written. */
class SettingTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            pic.master.imr=255                   | pic.master.imr=0xff
            pic.slave.base=0x28                  | pic.slave.base=0x28
            lapic.dfr=cluster                    | lapic.dfr=cluster
            lapic.irr=0x51,0x50,0x51             | lapic.irr=0x50,0x51
            lapic.isr=none                       | lapic.isr=none
            ioapic[20].mode=nmi                  | ioapic[20].mode=nmi
            ioapic[0x14].trigger=level           | ioapic[20].trigger=level
            ioapic[3]=0xff0000000000a930         | ioapic[3]=0xff0000000000a930
            route[5]=pic:9,ioapic:2              | route[5]=ioapic:2,pic:9
            route[30]=msi:0xfee00000:81          | route[30]=msi:0xfee00000:0x51
            cpu.rsp=0xffffffffffffffff           | cpu.rsp=0xffffffffffffffff
            cpu.exception=none                   | cpu.exception=none
            idt[42].type=call                    | idt[0x2a].type=call
            idt[0x2a].type=0x0c                  | idt[0x2a].type=call
            page[0xb000]=absent                  | page[0xb000]=absent
            vcpu[1].lapic.id=3                   | vcpu[1].lapic.id=3
            """)
    void text_isRead(String text, String canonical) {
        assertThat(Setting.parse(text)).hasToString(canonical).isEqualTo(Setting.parse(canonical));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            pic.mastr.imr       | ; a similar name is pic.master.imr
            lapic.timer.intial  | ; a similar name is lapic.timer.initial
            ioapic[3].masked    | ; a similar name is ioapic[N].mask
            ioapic.mask         | ; a similar name is ioapic[N].mask
            if                  | ; a similar name is cpu.if
            keyboard.layout     | ''
            """)
    void nameThatDoesNotExist_getsASimilarOne(String name, String similar) {
        assertThatThrownBy(() -> Setting.parse(name + "=1")).isInstanceOf(InvalidValueException.class)
                .hasMessage("setting '%s' does not exist%s", name, similar);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            pic.master.imr   | 0x100      | 0 to 0xff (bit n for line n of the chip)
            pic.master.imr   | -1         | 0 to 0xff (bit n for line n of the chip)
            pic.master.imr   | ''         | 0 to 0xff (bit n for line n of the chip)
            pic.master.base  | 0x21       | any of the bits 0xf8 (vector of line 0)
            pic.master.elcr  | 4          | any of the bits 0xf8 (bit n for line n of the chip)
            pic.slave.aeoi   | 2          | 0 or 1 (off or on)
            lapic.dfr        | tree       | flat, cluster (format)
            lapic.irr        | 0x50,      | none, or each 0 to 0xff (vectors, separated by commas)
            cpu.exception    | 32         | none, or 0 to 0x1f (vector)
            cpu.rsp          | 0x10000000000000000 | 0 to 0xffffffffffffffff (address)
            """)
    void valueOutsideItsRange_isRefusedWithRangeAndUnit(String name, String value, String range) {
        assertThatThrownBy(() -> Setting.parse(name + "=" + value)).isInstanceOf(InvalidValueException.class)
                .hasMessage("%s must be %s, not '%s'", name, range, value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pic:16", "ioapic:24", "usb:1", "msi:1", "pic:1,", "", "pic", "none,pic:1"})
    void routeToNothing_isRefused(String route) {
        assertThatThrownBy(() -> Setting.parse("route[5]=" + route)).isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("must be none, or pic:N (0 to 15), ioapic:N (0 to 23), msi:ADDRESS:DATA");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ioapic[24].mask   | 0 to 23 in brackets, not '24'
            ioapic[].mask     | 0 to 23 in brackets, not ''
            gdt[0x9]          | 0 to 0xfff8, a multiple of 8 in brackets, not '0x9'
            route[4096]       | 0 to 4095 in brackets, not '4096'
            idt[0x100].ist    | 0 to 0xff in brackets, not '0x100'
            vcpu[32].cpu.if   | a vCPU from 0 to 31 in brackets, not '32'
            vcpu[one].cpu.if  | a vCPU from 0 to 31 in brackets, not 'one'
            """)
    void numberInBracketsOutsideItsRange_isRefused(String name, String range) {
        assertThatThrownBy(() -> Setting.parse(name + "=0")).isInstanceOf(InvalidValueException.class)
                .hasMessage(name + " must have " + range);
    }

    @Test
    void textWithoutAnEqualsSign_isRefused() {
        assertThatThrownBy(() -> Setting.parse("cpu.if")).isInstanceOf(InvalidValueException.class)
                .hasMessage("setting 'cpu.if' must be NAME=VALUE");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ioapic[3].mask=1", "lapic.tpr=0", "route[5]=none", "cpu.activity=halted"})
    void machineWithoutTheController_isRefused(String text) {
        assertThat(Situation.of(text).refusalOn(Irqchip.USERSPACE, 1))
                .contains("setting %s needs irqchip kernel or split, not userspace".formatted(text));
    }

    @Test
    void vcpuThatDoesNotExist_isRefused() {
        assertThat(Situation.of("vcpu[2].cpu.if=1").refusalOn(Irqchip.KERNEL, 2))
                .contains("setting vcpu[2].cpu.if=1: there is no vCPU 2: the guest has 2, numbered from 0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pic.master.imr=1", "cpu.if=1", "idt[0x20].present=0", "page[0x1000]=absent"})
    void everyMachineHas_itsPicCpuAndTables(String text) {
        assertThat(Irqchip.values())
                .allSatisfy(irqchip -> assertThat(Situation.of(text).refusalOn(irqchip, 1)).isEmpty());
    }

    static List<SettingKind<?>> kinds() {
        return SettingCatalogue.all();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void kind_isDocumented(SettingKind<?> kind) {
        assertThat(kind.what()).isNotBlank().doesNotEndWith(".");
        assertThat(kind.reference()).contains("\"");
        assertThat(kind.form().unit()).isNotBlank();
        assertThat(kind.form().range()).isNotBlank();
    }

    @Test
    void names_areUnique() {
        assertThat(SettingCatalogue.all()).extracting(kind -> kind.name().toString()).doesNotHaveDuplicates();
    }
}
