package dev.interject.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;

import dev.interject.RequiresKvm;
import dev.interject.guest.MemoryMap;
import org.junit.jupiter.api.Test;

/** A remote IRR that no EOI can clear: what the gate advises, done by a guest at KVM's IOAPIC. */
@RequiresKvm
class RemoteIrrFixTest {

    private static final int PIN = 20;
    private static final int VECTOR = 0x61;
    private static final int LEVEL = 1 << 15;
    private static final long REMOTE_IRR = 1 << 14;
    private static final int LOW_HALF = 0x10 + 2 * PIN;

    private static void pulse(ApicPuppet guest) {
        guest.virtualMachine().irqLine(PIN).raise();
        guest.virtualMachine().irqLine(PIN).lower();
    }

    private static void write(ApicPuppet guest, int entry) {
        guest.store(MemoryMap.IOAPIC, 4, LOW_HALF);
        guest.store(MemoryMap.IOAPIC + 0x10, 4, entry);
    }

    @Test
    void entryMadeAnEdgeAndALevelAgain_sendsAgain() {
        try (ApicPuppet guest = new ApicPuppet()) {
            List<Redirection> entries = new ArrayList<>(guest.virtualMachine().ioapicState().entries());
            entries.set(PIN, new Redirection(VECTOR | LEVEL | REMOTE_IRR));
            guest.virtualMachine().setIoapicState(new IoapicState(0, entries));

            pulse(guest);
            assertThat(guest.open()).isEqualTo(ApicPuppet.NOTHING);

            write(guest, VECTOR);
            write(guest, VECTOR | LEVEL);
            pulse(guest);
            assertThat(guest.open()).isEqualTo(VECTOR);
        }
    }
}
