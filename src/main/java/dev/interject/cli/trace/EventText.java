package dev.interject.cli.trace;

import java.util.Optional;

import dev.interject.device.CommandPort;
import dev.interject.device.Doorbell;
import dev.interject.trace.ControllerEvent;
import dev.interject.trace.ExitCause;
import dev.interject.trace.HostEvent;
import dev.interject.trace.KickEffect;
import dev.interject.trace.VcpuEvent;

/** Events as text: the same in the timeline, in Perfetto and in the picture. */
final class EventText {

    private static final int KIND_SHIFT = 24;
    private static final int VECTOR_MASK = 0xff;

    private EventText() {}

    static String of(HostEvent event) {
        return switch (event) {
            case HostEvent.MomentReached _ -> "brings the guest to the moment";
            case HostEvent.GatesChecked _ -> "checks the gates";
            case HostEvent.Injected injected -> "injects #" + (injected.index() + 1);
            case HostEvent.Refused refused -> "#%d refused, errno %d".formatted(refused.index() + 1, refused.errno());
            case HostEvent.Kicked kicked -> "kicks vCPU %d: %s".formatted(kicked.vcpu(), of(kicked.effect()));
            case HostEvent.HandlerAcknowledged acknowledged ->
                "receives the acknowledgement of 0x%02x".formatted(acknowledged.vector());
            case HostEvent.CountsRead _ -> "reads the counts";
        };
    }

    private static String of(KickEffect effect) {
        return switch (effect) {
            case SIGNALLED -> "signal sent";
            case WOKEN -> "thread woken";
            case ALREADY_OUT -> "already out";
        };
    }

    static String of(ControllerEvent event) {
        return switch (event) {
            case ControllerEvent.LineRaised raised ->
                "line %d high: %s".formatted(raised.line(), status(raised.status()));
            case ControllerEvent.LineLowered lowered -> "line %d low".formatted(lowered.line());
            case ControllerEvent.MessageSent sent ->
                "message: " + (sent.status() > 0 ? "delivered" : "no LAPIC accepts it");
            case ControllerEvent.EventfdSignalled _ -> "eventfd signalled";
            case ControllerEvent.VectorAcknowledged inta -> "INTA: vector 0x%02x".formatted(inta.vector());
            case ControllerEvent.PicEoi eoi -> "EOI to the " + (eoi.slave() ? "slave" : "master") + " 8259";
            case ControllerEvent.IoapicEoi eoi -> "EOI of 0x%02x reaches the IOAPIC".formatted(eoi.vector());
            case ControllerEvent.ResampleSignalled _ -> "EOI, from the resample eventfd";
            case ControllerEvent.Coalesced coalesced ->
                "%d of 0x%02x coalesced".formatted(coalesced.count(), coalesced.vector());
        };
    }

    /** The text for the beginning of an event whose other text includes its result; empty for any other event. */
    static Optional<String> beginningOf(ControllerEvent event) {
        return switch (event) {
            case ControllerEvent.LineRaised raised -> Optional.of("line %d high".formatted(raised.line()));
            case ControllerEvent.MessageSent _ -> Optional.of("message sent");
            case ControllerEvent.LineLowered _,ControllerEvent.EventfdSignalled _,ControllerEvent.Coalesced _ ->
                Optional.empty();
            case ControllerEvent.PicEoi _,ControllerEvent.IoapicEoi _,ControllerEvent.ResampleSignalled _ ->
                Optional.empty();
            case ControllerEvent.VectorAcknowledged _ -> Optional.empty();
        };
    }

    private static String status(int status) {
        return status > 0 ? "accepted" : status == 0 ? "coalesced" : "ignored";
    }

    static String of(VcpuEvent event) {
        return switch (event) {
            case VcpuEvent.Ran ran -> exit(ran.cause());
            case VcpuEvent.Slept slept -> "thread sleeps: the guest is " + (slept.halted() ? "halted" : "held");
            case VcpuEvent.PortAccessed access -> port(access);
            case VcpuEvent.MemoryAccessed access -> "%s 0x%x %s 0x%x".formatted(access.write() ? "store" : "load",
                    access.address(), access.write() ? "=" : "gives", access.value());
            case VcpuEvent.WindowRequested _ -> "requests an interrupt window";
            case VcpuEvent.VectorQueued queued -> "KVM_INTERRUPT 0x%02x%s".formatted(queued.vector(),
                    queued.accepted() ? "" : ": another is pending");
            case VcpuEvent.NmiRequested _ -> "KVM_NMI";
        };
    }

    private static String exit(ExitCause cause) {
        return switch (cause) {
            case EINTR -> "exit: EINTR, kicked";
            case EAGAIN -> "exit: EAGAIN, woken";
            case OTHER -> "exit: other reason";
            case KVM_EXIT_IO, KVM_EXIT_MMIO, KVM_EXIT_HLT, KVM_EXIT_IRQ_WINDOW_OPEN, KVM_EXIT_SET_TPR,
                    KVM_EXIT_IOAPIC_EOI, KVM_EXIT_DEBUG, KVM_EXIT_SHUTDOWN, KVM_EXIT_FAIL_ENTRY,
                    KVM_EXIT_INTERNAL_ERROR ->
                "exit: " + cause;
        };
    }

    private static String port(VcpuEvent.PortAccessed access) {
        if (access.port() == Doorbell.PORT && access.write()) {
            return "OUT to the doorbell: " + acknowledgement(access.value());
        }
        if (access.port() == CommandPort.PORT && !access.write()) {
            return access.value() == CommandPort.NONE ? "IN, command port: no command"
                    : "IN, command port: 0x%x".formatted(access.value());
        }
        return access.write()
                ? "OUT 0x%x, 0x%02x".formatted(access.port(), access.value())
                : "IN 0x%x gives 0x%02x".formatted(access.port(), access.value());
    }

    private static String acknowledgement(int value) {
        int vector = value & VECTOR_MASK;
        return switch (value >>> KIND_SHIFT) {
            case Doorbell.READY -> "READY";
            case Doorbell.TAKEN -> "TAKEN 0x%02x".formatted(vector);
            case Doorbell.FAULT -> "FAULT %d".formatted(vector);
            case Doorbell.SPURIOUS -> "SPURIOUS 0x%02x".formatted(vector);
            default -> "0x%x".formatted(value);
        };
    }
}
