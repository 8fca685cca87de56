package dev.interject.experiment.witness;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

import dev.interject.experiment.image.ImageGuest;
import dev.interject.interrupt.state.GuestState;
import dev.interject.machine.VcpuHandle;

/** Lets the last handler of a run return: its IRET may break the guest. */
final class HandlerReturn {

    /** A handler need not return: it may switch to another task. */
    private static final Duration PATIENCE = Duration.ofMillis(100);

    private HandlerReturn() {}

    /**
     * Runs the vCPU until its handler has returned, the guest has ended, or for a while.
     *
     * @param isAtBeginning whether it is about to execute the handler's first instruction
     */
    static void await(ImageGuest guest, VcpuHandle vcpu, boolean isAtBeginning) {
        GuestState state = vcpu.inspect();
        OptionalLong back =
                isAtBeginning ? ReturnAddress.of(state.cpu(), vcpu::readMemory) : OptionalLong.empty();
        vcpu.runTo(back.isPresent() ? List.of(back.getAsLong()) : List.of(), _ -> {}, _ -> true,
                guest.atMost(PATIENCE));
    }
}
