package dev.interject.experiment.explain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import dev.interject.RequiresKvm;
import dev.interject.experiment.setting.Setting;
import dev.interject.experiment.setting.SettingCatalogue;
import org.junit.jupiter.api.Test;

/** What {@code --set} can set is set by random situations. */
@RequiresKvm // the situations depend on what the host can show
class RandomSettingsTest {

    private static final int SITUATIONS_A_KIND = 400;

    /** Settings that no random situation has, and why. */
    private static final Map<String, String> NOT_DRAWN = Map.of(
            "cpu.cr3", "page[ADDRESS] sets it, to a copy of the guest's tables; with others the guest runs other code");

    /** Settings of a vCPU that only vCPU 0 has in them, and why. */
    private static final Map<String, String> OF_THE_FIRST_ONLY = Map.of(
            "cpu.shadow", "the other vCPUs sleep in HLT",
            "cpu.kvm-interrupt", "KVM_INTERRUPT is for vCPU 0",
            "lapic.lvt0", "the 8259s interrupt vCPU 0",
            "lapic.timer.deadline", "guests with a timer have one vCPU",
            "lapic.irr", "where one of several takes it, what is pending would decide which",
            "cpu.cr3", "see above");

    private static Stream<Setting> settings() {
        return RandomKind.all()
                .stream()
                .flatMap(kind -> LongStream.range(kind.firstSeed(), kind.firstSeed() + SITUATIONS_A_KIND)
                        .mapToObj(kind.situations()))
                .flatMap(situation -> situation.situation().settings().stream());
    }

    private static Set<String> names(Predicate<Setting> predicate) {
        return settings().filter(predicate)
                .map(setting -> setting.kind().name().toString())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<String> all() {
        return SettingCatalogue.all().stream().map(kind -> kind.name().toString()).toList();
    }

    @Test
    void everySetting_isDrawn() {
        Set<String> drawn = names(_ -> true);

        assertThat(all()).filteredOn(name -> !NOT_DRAWN.containsKey(name)).isSubsetOf(drawn);
        assertThat(NOT_DRAWN.keySet()).doesNotContainAnyElementsOf(drawn);
    }

    @Test
    void everySettingOfAVcpu_isDrawnForOthersThanTheFirst() {
        Set<String> drawn = names(setting -> setting.vcpu().isPresent());

        assertThat(all()).filteredOn(name -> Stream.of("cpu.", "lapic.", "idt", "gdt", "tss", "page")
                .anyMatch(name::startsWith))
                .filteredOn(name -> !OF_THE_FIRST_ONLY.containsKey(name))
                .isSubsetOf(drawn);
        assertThat(OF_THE_FIRST_ONLY.keySet()).doesNotContainAnyElementsOf(drawn);
    }
}
