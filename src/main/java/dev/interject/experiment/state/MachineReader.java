package dev.interject.experiment.state;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.state.GuestState;
import dev.interject.interrupt.state.HostRules;
import dev.interject.interrupt.state.HostRules.Departure;
import dev.interject.interrupt.state.PeerState;
import dev.interject.interrupt.state.Piece;

/** The whole state of a machine. */
final class MachineReader {

    private static final int MOST_VCPUS = 256;
    private static final int MOST_WARNINGS = 10;

    private final Fields state;
    private final EnumSet<Piece> lacking = EnumSet.noneOf(Piece.class);

    /** @param value a state, or a report of {@code explain}, {@code run} or {@code trace} that has one */
    MachineReader(JsonValue value) {
        this.state = state(new Fields(value));
    }

    /** In a report of a run, {@code vcpus} is a number; that of a trace contains one of a run. */
    private static Fields state(Fields top) {
        if (top.isArray("vcpus")) {
            return top;
        }
        Fields report =
                top.hasField("state") ? top : top.object("run").filter(run -> run.hasField("state")).orElse(top);
        if (report.isNull("state")) {
            throw report.invalid("state", "this report has no state",
                    "a run has one if an interrupt was not taken, an explanation if it dumps the state");
        }
        return report.object("state").orElse(top);
    }

    /** @param directory from which paths in it lead */
    StateFile read(Path directory) {
        try (FileMemory memory = FileMemory.of(state, directory)) {
            return read(memory);
        }
    }

    /** @param memory of the guest, instead of what the state says of it */
    StateFile read(KnownMemory memory) {
        TableReader.addListed(state, lacking, false);
        Irqchip irqchip = irqchip();
        List<PeerState> vcpus = vcpus(irqchip, memory);
        int target = state.number("vcpu", vcpus.size() - 1).orElse(0);
        PeerState own = vcpus.get(target);
        if (!state.has("expectsNmis")) {
            lacking.add(Piece.EXPECTS_NMIS);
        }
        GuestState read = new GuestState(irqchip, target, own.cpu(),
                new ControllerReader(state, irqchip, lacking).read(own),
                vcpus.stream().filter(vcpu -> vcpu != own).toList(), hostRules(), lacking);
        return new StateFile(read, state.flag("expectsNmis"), warnings());
    }

    private List<String> warnings() {
        List<String> all = state.unread().limit(MOST_WARNINGS).toList();
        return all.stream().map("%s is not a field of a state, and is ignored"::formatted).toList();
    }

    private Irqchip irqchip() {
        Optional<String> label = state.text("irqchip");
        if (label.isEmpty()) {
            lacking.add(Piece.IRQCHIP);
            return Irqchip.KERNEL;
        }
        return Stream.of(Irqchip.values())
                .filter(irqchip -> irqchip.label().equals(label.get()))
                .findFirst()
                .orElseThrow(() -> state.invalid("irqchip", "there is no irqchip '%s'".formatted(label.get()),
                        "write kernel, split or userspace"));
    }

    private List<PeerState> vcpus(Irqchip irqchip, KnownMemory memory) {
        List<Fields> all = state.objects("vcpus")
                .orElseThrow(() -> state.invalid("vcpus", "is missing",
                        "write an array with an object for each vCPU"));
        if (all.isEmpty() || all.size() > MOST_VCPUS) {
            throw state.invalid("vcpus", "%d vCPUs".formatted(all.size()),
                    "write 1 to %d of them".formatted(MOST_VCPUS));
        }
        List<PeerState> vcpus = new ArrayList<>();
        for (Fields vcpu : all) {
            int number = vcpu.number("number", Integer.MAX_VALUE).orElse(vcpus.size());
            if (number != vcpus.size()) {
                throw vcpu.invalid("number", "vCPU %d comes after %d others".formatted(number, vcpus.size()),
                        "number the vCPUs from 0, in order; one of which nothing is known is {}");
            }
            vcpus.add(new VcpuReader(vcpu, number, irqchip).read(memory));
        }
        return vcpus;
    }

    private HostRules hostRules() {
        HostRules rules = HostRules.OF_THE_MANUALS;
        for (String label : state.texts("hostRules")) {
            Departure departure = Stream.of(Departure.values())
                    .filter(one -> one.label().equals(label))
                    .findFirst()
                    .orElseThrow(() -> state.invalid("hostRules", "there is no departure '%s'".formatted(label),
                            "see docs/state.md for the names"));
            rules = rules.with(departure);
        }
        return rules;
    }
}
