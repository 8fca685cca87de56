package dev.interject.experiment.setting;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

import dev.interject.device.PitChannel;
import dev.interject.machine.FrozenVcpu;

/** What can be set of channel 0 of the 8254 in the kernel, which only some guests have. */
final class PitSettings {

    private static final long LAST_MODE = 5;

    private PitSettings() {}

    static List<SettingKind<?>> all() {
        return List.of(
                kind("mode", modes(),
                        "the counting mode of channel 0, which only guest pit has; the count starts again",
                        "Intel 8254 data sheet, \"Mode Definitions\"", PitChannel::mode, PitChannel::withMode),
                kind("count", NumberForm.between("ticks of 1.193182 MHz", 1, PitChannel.LARGEST_COUNT),
                        "the initial count, from which it starts",
                        "Intel 8254 data sheet, \"Minimum and maximum initial counts\"", PitChannel::count,
                        PitChannel::withCount),
                kind("gate", NumberForm.flag("low or high"), "the GATE input",
                        "Intel 8254 data sheet, \"Gate\"", channel -> channel.gate() ? 1 : 0,
                        (channel, value) -> channel.withGate(value != 0)));
    }

    private static NumberForm modes() {
        return new NumberForm("mode", 0, Optional.of(LAST_MODE), -1,
                new LinkedHashMap<>(Map.of("none", (long) PitChannel.NO_MODE)));
    }

    private static SettingKind<Long> kind(String name, NumberForm form, String what, String reference,
            Function<PitChannel, Integer> reader, BiFunction<PitChannel, Integer, PitChannel> writer) {
        return SettingKind.of(SettingName.of("pit." + name), form, what, reference,
                Access.of(vcpu -> Integer.toUnsignedLong(reader.apply(channel(vcpu))),
                        (vcpu, value) -> {
                            PitChannel changed = writer.apply(channel(vcpu), value.intValue());
                            vcpu.pit(pit -> pit.withTimer(changed));
                        }))
                .withKernelOnly()
                .ofMachine();
    }

    private static PitChannel channel(FrozenVcpu vcpu) {
        return vcpu.pit()
                .orElseThrow(() -> new UnsettableException("the machine has no PIT; that of guest pit has one"))
                .timer();
    }
}
