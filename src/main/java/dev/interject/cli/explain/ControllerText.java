package dev.interject.cli.explain;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.interject.cli.output.TextPage;
import dev.interject.cli.state.ControllerJson;
import dev.interject.device.PicState;
import dev.interject.device.PitAccess;
import dev.interject.device.PitChannel;
import dev.interject.device.PitState;
import dev.interject.device.Redirection;
import dev.interject.interrupt.state.ControllerState;
import dev.interject.kvm.state.GsiRoute;
import dev.interject.kvm.state.MsiMessage;

/** The interrupt controllers that a machine's vCPUs share, as text. */
final class ControllerText {

    private static final String INDENT = "    ";

    private final TextPage page;

    ControllerText(TextPage page) {
        this.page = page;
    }

    void dump(ControllerState controllers) {
        page.section("8259s");
        pic("master", controllers.master());
        pic("slave", controllers.slave());
        controllers.pit().ifPresent(this::pit);
        controllers.ioapic().ifPresent(ioapic -> {
            page.section("IOAPIC, IRR 0x%06x".formatted(ioapic.irr()));
            redirections(ioapic.entries());
        });
        if (!controllers.routes().isEmpty()) {
            page.section("GSI routes");
            Map<Integer, String> byGsi = controllers.routes()
                    .stream()
                    .collect(Collectors.groupingBy(GsiRoute::gsi, TreeMap::new,
                            Collectors.mapping(ControllerText::text, Collectors.joining(", "))));
            page.folded(INDENT, byGsi.entrySet()
                    .stream()
                    .map(gsi -> "%d: %s".formatted(gsi.getKey(), gsi.getValue()))
                    .collect(Collectors.joining("; ")));
        }
    }

    private void pic(String name, PicState pic) {
        page.folded(INDENT, ("%-6s base 0x%02x  IRR %02x  IMR %02x  ISR %02x  lines high %02x  ELCR %02x of %02x  top"
                + " priority %d%s%s%s%s%s%s%s").formatted(name, pic.irqBase(), pic.irr(), pic.imr(), pic.isr(),
                        pic.lastIrr(), pic.elcr(), pic.elcrMask(), pic.priorityAdd(),
                        pic.autoEoi() ? "  AEOI" : "", pic.rotateOnAutoEoi() ? "  rotating at AEOI" : "",
                        pic.specialMask() ? "  special mask" : "",
                        pic.specialFullyNested() ? "  special fully nested" : "",
                        pic.poll() ? "  poll" : "", pic.readRegSelect() ? "  reads the ISR" : "",
                        (pic.init4() ? "  ICW4" : "  no ICW4")
                                + (pic.initState() == 0 ? "" : ", initialization step " + pic.initState())));
    }

    private void pit(PitState pit) {
        page.section("PIT, flags 0x%x".formatted(pit.flags()));
        for (int number = 0; number < PitState.CHANNELS; number++) {
            PitChannel channel = pit.channels().get(number);
            page.folded(INDENT, "channel %d  mode %s  count %d%s  GATE %s  loaded at %d ns  %s".formatted(number,
                    channel.mode() == PitChannel.NO_MODE ? "none" : channel.mode(), channel.count(),
                    channel.bcd() ? " in BCD" : "", channel.gate() ? "high" : "low", channel.loadTime(),
                    text(channel.access())));
        }
    }

    private static String text(PitAccess access) {
        return "bytes %d  reads %d  writes %d, %d before  latched %d: %d  status %s%02x".formatted(access.rwMode(),
                access.readState(), access.writeState(), access.writeLatch(), access.countLatched(),
                access.latchedCount(), access.statusLatched() ? "latched " : "", access.status());
    }

    private void redirections(List<Redirection> entries) {
        String masked = IntStream.range(0, entries.size())
                .filter(pin -> entries.get(pin).bits() == Redirection.RESET.bits())
                .mapToObj(String::valueOf)
                .collect(Collectors.joining(" "));
        for (int pin = 0; pin < entries.size(); pin++) {
            Redirection entry = entries.get(pin);
            if (entry.bits() != Redirection.RESET.bits()) {
                page.folded(INDENT, "pin %-2d  %016x  vector 0x%02x to %s %d, %s, %s%s%s%s%s".formatted(pin,
                        entry.bits(), entry.vector(), entry.isLogical() ? "logical ID" : "APIC ID",
                        entry.destination(), ControllerJson.mode(entry), entry.isLevel() ? "level" : "edge",
                        entry.isActiveLow() ? ", active low" : "", entry.isMasked() ? ", masked" : "",
                        entry.remoteIrr() ? ", remote IRR" : "", entry.deliveryPending() ? ", pending" : ""));
            }
        }
        if (!masked.isEmpty()) {
            page.folded(INDENT, "reset value, masked: pins " + masked);
        }
    }

    private static String text(GsiRoute route) {
        return switch (route) {
            case GsiRoute.ToPin pin -> ControllerJson.controller(pin) + " pin " + pin.pin();
            case GsiRoute.ToMessage(int _, MsiMessage message) ->
                "message 0x%x to 0x%x".formatted(message.data(), message.address());
        };
    }
}
