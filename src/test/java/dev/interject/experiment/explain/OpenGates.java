package dev.interject.experiment.explain;

import java.util.ArrayList;
import java.util.List;

import dev.interject.experiment.setting.Situation;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.gate.Input;
import dev.interject.machine.Machine;

/** Opens the gates that hold an interrupt in a random situation. */
final class OpenGates {

    private OpenGates() {}

    /** What opens each gate on the path and keeps each request. */
    static Situation of(Machine machine, RandomSituation situation, GatePath path) {
        List<String> settings = new ArrayList<>(List.of("cpu.if=1", "cpu.shadow=none", "cpu.nmi-masked=0"));
        for (String chip : List.of("pic.master", "pic.slave")) {
            settings.add(chip + ".isr=0");
            settings.add(chip + ".rotate=0");
        }
        int open = path.branches()
                .stream()
                .filter(branch -> branch.input().chip() == Input.Chip.PIC)
                .mapToInt(branch -> 1 << branch.input().pin())
                .reduce(0, (lines, line) -> lines | line);
        boolean ofPic = open != 0;
        if (ofPic) {
            int ofSlave = open >> 8;
            settings.add("pic.master.imr=0x%x".formatted(~(open | (ofSlave == 0 ? 0 : 1 << 2)) & 0xff));
            settings.add("pic.slave.imr=0x%x".formatted(~ofSlave & 0xff));
        }
        if (machine.irqchip().hasLapicInKernel()) {
            for (int vcpu = 0; vcpu < machine.vcpus(); vcpu++) {
                String prefix = "vcpu[%d].lapic.".formatted(vcpu);
                settings.add(prefix + "tpr=0");
                settings.add(prefix + "isr=none");
                if (ofPic) {
                    settings.add(prefix + "lvt0=0x700");
                }
            }
            List<String> given = situation.situation().texts();
            boolean ofLevel = given.stream().anyMatch(text -> text.endsWith(".trigger=level"));
            given.stream()
                    .filter(text -> ofLevel && (text.endsWith(".remote-irr=1") || text.endsWith(".mask=1")))
                    .map(text -> text.replace("=1", "=0"))
                    .forEach(settings::add);
        }
        return Situation.of(settings.toArray(String[]::new));
    }
}
