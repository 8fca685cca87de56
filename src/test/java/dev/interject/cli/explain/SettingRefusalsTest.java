package dev.interject.cli.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;

import dev.interject.cli.ChildProcess;
import dev.interject.cli.Interject;
import dev.interject.experiment.InvalidValueException;
import dev.interject.experiment.setting.Setting;
import dev.interject.experiment.setting.SettingCatalogue;
import dev.interject.experiment.setting.SettingKind;
import dev.interject.experiment.setting.SettingName;
import dev.interject.interrupt.Irqchip;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code --set} refuses: every setting with every kind of wrong value. None needs KVM. */
class SettingRefusalsTest {

    private static final List<String> WRONG_VALUES = List.of("", " ", "-1", "+1", "1.5", "1e3", "0x", "0x-1", "0x+1",
            "0xfg", "12ab", "0x10000000000000000", "99999999999999999999", "many", "none,", ",", "none,1", "=1");

    static List<SettingKind<?>> kinds() {
        return SettingCatalogue.all();
    }

    /** The name with the smallest number in its brackets, or with another text there. */
    private static String name(SettingKind<?> kind, String number) {
        SettingName name = kind.name();
        return name.index().isEmpty() ? name.before() : name.before() + "[" + number + "]" + name.after();
    }

    private static void assertRefused(String options, String... said) {
        ChildProcess.Result result = Interject.runHere(Stream.concat(Stream.of("explain"),
                Stream.of(Interject.words(options))).toArray(String[]::new));

        assertThat(result.exitCode()).as(options).isEqualTo(2);
        assertThat(result.errLines()).as(options).hasSizeBetween(1, 2); // the second says how to get help
        assertThat(result.errLines().getFirst()).as(options).startsWith("interject: ").contains(said);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void wrongValue_isRefusedWithTheRange(SettingKind<?> kind) {
        String name = name(kind, "0");

        assertRefused("--set %s=-1".formatted(name), name + " must be " + kind.form().range());
        assertThat(WRONG_VALUES).allSatisfy(value -> assertThatThrownBy(() -> Setting.parse(name + "=" + value))
                .isInstanceOf(InvalidValueException.class)
                .hasMessage("%s must be %s (%s), not '%s'", name, kind.form().range(), kind.form().unit(), value));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void nameWithALetterTooMany_getsTheRightOne(SettingKind<?> kind) {
        assertRefused("--set '%sx=0'".formatted(name(kind, "0")), "does not exist; a similar name is " + kind.name());
    }

    static Stream<SettingKind<?>> indexed() {
        return kinds().stream().filter(kind -> kind.name().index().isPresent());
    }

    @ParameterizedTest
    @MethodSource("indexed")
    void wrongNumberInBrackets_isRefusedWithTheRange(SettingKind<?> kind) {
        String range = kind.name().index().orElseThrow().range();

        assertThat(List.of("", "-1", "x", "0x10000000000000000", "99999999999999999999", "1.5", "+1", " 1"))
                .allSatisfy(number -> assertThatThrownBy(() -> Setting.parse(name(kind, number) + "=0"))
                        .isInstanceOf(InvalidValueException.class)
                        .hasMessage("%s must have %s in brackets, not '%s'", name(kind, number), range, number));
        assertRefused("--set '%s=0'".formatted(name(kind, "x")), "must have " + range);
        assertRefused("--set '%s=0'".formatted(kind.name().before() + kind.name().after()), "does not exist");
    }

    static Stream<SettingKind<?>> ofTheMachine() {
        return kinds().stream().filter(kind -> !kind.isOfVcpu());
    }

    @ParameterizedTest
    @MethodSource("ofTheMachine")
    void valueOfTheMachine_isNotAVcpus(SettingKind<?> kind) {
        String name = name(kind, "0");

        assertThat(name).matches("(pic|pit|ioapic|route)\\b.*");
        assertRefused("--set 'vcpu[0].%s=0'".formatted(name),
                "vcpu[0].%s is of the machine, not of a vCPU: write %s".formatted(name, name));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void irqchipWithoutIt_isRefusedByName(SettingKind<?> kind) {
        String value = kind.form().range().startsWith("none") ? "none" : kind.form().range().split("[ ,]")[0];
        String setting = "%s=%s".formatted(name(kind, "0"), value.equals("any") ? "0" : value);

        assertThat(Stream.of(Irqchip.values()).filter(irqchip -> !kind.irqchips().contains(irqchip)))
                .allSatisfy(irqchip -> assertRefused("--irqchip %s --set '%s'".formatted(irqchip, setting),
                        "needs irqchip", "not " + irqchip));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --set 'route[5]=pic:5,pic:6'                     | at most one pin of each 8259 and of the IOAPIC
            --set 'route[5]=ioapic:5,ioapic:6'               | at most one pin of each 8259 and of the IOAPIC
            --set 'route[5]=msi:0xfee00000:0x51,pic:5'       | of the IOAPIC, or one message alone
            --set 'route[5]=msi:0xfee00000:81,msi:0xfee00000:82' | of the IOAPIC, or one message alone
            --irqchip split --set 'route[5]=pic:5'           | the kernel has no 8259s and no IOAPIC: a GSI leads to msi
            --irqchip split --set 'route[5]=ioapic:5'        | the kernel has no 8259s and no IOAPIC: a GSI leads to msi
            --set vcpu.lapic.tpr=0                           | does not exist; a vCPU is named as in vcpu[1].cpu.if
            --set 'vcpu[0]lapic.tpr=0'                       | does not exist; a vCPU is named as in vcpu[1].cpu.if
            --set 'vcpu[0].vcpu[0].lapic.tpr=0'              | does not exist; a vCPU is named as in vcpu[1].cpu.if
            --set 'vcpu[-1].lapic.tpr=0'                     | must have a vCPU from 0 to 31 in brackets, not '-1'
            --set 'vcpu[99999999999].lapic.tpr=0'            | must have a vCPU from 0 to 31 in brackets
            --set 'vcpu[1].lapic.tpr=0'                      | there is no vCPU 1: the guest has 1
            --set =1                                         | setting '' does not exist
            --set ''                                         | must be NAME=VALUE
            --set CPU.IF=1                                   | does not exist; a similar name is cpu.if
            """)
    void settingThatCannotBe_isRefused(String options, String said) {
        assertRefused(options, said);
    }
}
