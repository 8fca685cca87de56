package dev.interject.experiment.setting;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

import dev.interject.device.Redirection;
import dev.interject.machine.FrozenVcpu;

/** What can be set of the IOAPIC's redirection table. */
final class IoapicSettings {

    private static final SettingName.Index PIN = new SettingName.Index("N", 23, 1, true);
    private static final String REFERENCE = "82093AA data sheet, \"I/O Redirection Table Registers\", ";
    private static final long BYTE = 0xff;
    private static final long DEFINED = 0xff00_0000_0001_ffffL;

    private IoapicSettings() {}

    static List<SettingKind<?>> all() {
        return List.of(
                field("", NumberForm.bits("redirection entry", DEFINED), 0, -1, "the whole entry of a pin",
                        "bits 63:0"),
                field(".vector", NumberForm.upTo("vector", BYTE), 0, BYTE, "the vector", "bits 7:0"),
                field(".mode", modes(), 8, 7, "the delivery mode", "bits 10:8"),
                field(".dest-mode", NumberForm.words("mode", "physical", "logical"), 11, 1,
                        "whether the destination is an APIC ID or a logical ID", "bit 11"),
                field(".destination", NumberForm.upTo("APIC ID", BYTE), 56, BYTE, "the destination", "bits 63:56"),
                field(".polarity", NumberForm.words("active level", "high", "low"), 13, 1,
                        "the level at which the pin is asserted; KVM ignores it", "bit 13"),
                field(".trigger", NumberForm.words("trigger", "edge", "level"), 15, 1, "the trigger mode", "bit 15"),
                field(".mask", NumberForm.flag("open or masked"), 16, 1, "whether the pin is masked", "bit 16"),
                field(".remote-irr", NumberForm.flag("no or yes"), 14, 1,
                        "whether a level interrupt waits for its EOI", "bit 14"));
    }

    private static NumberForm modes() {
        SequencedMap<String, Long> words = new LinkedHashMap<>();
        words.put("fixed", 0L);
        words.put("lowest", 1L);
        words.put("smi", 2L);
        words.put("nmi", 4L);
        words.put("init", 5L);
        words.put("extint", 7L);
        return NumberForm.words("delivery mode", words);
    }

    private static SettingKind<Long> field(String name, NumberForm form, int shift, long bits, String what,
            String place) {
        Access<Long> access = new Access<>() {
            @Override
            public Long read(FrozenVcpu vcpu, long pin) {
                return vcpu.redirection((int) pin).orElseThrow().bits() >>> shift & bits;
            }

            @Override
            public void write(FrozenVcpu vcpu, long pin, Long value) {
                vcpu.redirection((int) pin,
                        entry -> new Redirection(entry.bits() & ~(bits << shift) | value << shift));
            }
        };
        return SettingKind.of(SettingName.indexed("ioapic", PIN, name), form, what, REFERENCE + place, access)
                .withLapicOnly()
                .ofMachine();
    }
}
