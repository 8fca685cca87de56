package dev.interject.experiment.explain;

import java.util.ArrayList;
import java.util.List;

import dev.interject.experiment.setting.Situation;
import dev.interject.interrupt.gate.GatePath;
import dev.interject.interrupt.gate.Input;
import dev.interject.interrupt.route.Route;
import dev.interject.machine.Machine;

/** Opens the gates that hold an interrupt in a random situation. */
final class OpenGates {

    private OpenGates() {}

    /** What opens each gate on the path and keeps each request. */
    static Situation of(Machine machine, RandomSituation situation, GatePath path) {
        List<String> settings = new ArrayList<>();
        for (int vcpu = 0; vcpu < machine.vcpus(); vcpu++) {
            for (String open : List.of("if=1", "shadow=none", "nmi-masked=0")) {
                settings.add("vcpu[%d].cpu.%s".formatted(vcpu, open));
            }
        }
        for (String chip : List.of("pic.master", "pic.slave")) {
            settings.add(chip + ".isr=0");
            settings.add(chip + ".rotate=0");
        }
        int lines = path.branches()
                .stream()
                .filter(branch -> branch.input().chip() == Input.Chip.PIC)
                .mapToInt(branch -> 1 << branch.input().pin())
                .reduce(0, (some, line) -> some | line);
        boolean throughLint0 = lines != 0 || situation.run().effectivePath() == Route.VECTOR;
        if (lines != 0) {
            int ofSlave = lines >> 8;
            settings.add("pic.master.imr=0x%x".formatted(~(lines | (ofSlave == 0 ? 0 : 1 << 2)) & 0xff));
            settings.add("pic.slave.imr=0x%x".formatted(~ofSlave & 0xff));
        }
        if (machine.irqchip().hasLapicInKernel()) {
            for (int vcpu = 0; vcpu < machine.vcpus(); vcpu++) {
                String prefix = "vcpu[%d].lapic.".formatted(vcpu);
                settings.add(prefix + "tpr=0");
                settings.add(prefix + "isr=none");
                if (throughLint0) {
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
