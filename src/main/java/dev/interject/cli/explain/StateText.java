package dev.interject.cli.explain;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.interject.cli.output.TextPage;
import dev.interject.cli.state.StateJson;
import dev.interject.interrupt.state.ControllerState;
import dev.interject.interrupt.state.GuestState;
import dev.interject.interrupt.state.HostRules;
import dev.interject.interrupt.state.PeerState;
import dev.interject.interrupt.state.Piece;

/** The whole state of a frozen guest as text, 80 columns wide. It has all that {@link StateJson} has. */
final class StateText {

    private static final String INDENT = "    ";

    private final TextPage page;

    StateText(TextPage page) {
        this.page = page;
    }

    void dump(GuestState state) {
        for (PeerState vcpu : state.all()) {
            page.section("vCPU %d of %d%s".formatted(vcpu.number(), state.vcpus(),
                    state.vcpus() > 1 && vcpu.number() == state.vcpu() ? ", the target" : ""));
            new VcpuText(page, state.vcpus() > 1 ? " of vCPU " + vcpu.number() : "").dump(vcpu);
        }
        ControllerState controllers = state.controllers();
        if (controllers.held().isPresent()) {
            page.line("");
            page.line("  KVM holds vector 0x%02x for vCPU %d".formatted(controllers.held().getAsInt(), state.vcpu()));
        }
        new ControllerText(page).dump(controllers);
        page.section("Machine");
        page.folded(INDENT, "irqchip %s; lines held high: %s".formatted(state.irqchip(),
                lines(controllers.linesHigh())));
        page.folded(INDENT, rules(state.hostRules()));
        unknown(page, state.unknown());
    }

    /** What is not known; what the dump shows of it means nothing. */
    static void unknown(TextPage page, Set<Piece> unknown) {
        if (!unknown.isEmpty()) {
            page.folded(INDENT, "not known, whatever is shown: "
                    + unknown.stream().sorted().map(Piece::what).collect(Collectors.joining(", ")));
        }
    }

    private static String lines(int high) {
        return high == 0 ? "none"
                : IntStream.range(0, Integer.SIZE)
                        .filter(line -> (high & 1 << line) != 0)
                        .mapToObj(String::valueOf)
                        .collect(Collectors.joining(" "));
    }

    private static String rules(HostRules rules) {
        return "host: " + (rules.departures().isEmpty() ? "as the manuals say"
                : "departs from the manuals (%s)".formatted(String.join(", ", rules.labels())));
    }
}
