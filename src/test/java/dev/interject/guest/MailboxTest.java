package dev.interject.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.interject.kvm.GuestMemory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the host reads in the mailbox, whatever the guest has written there. */
class MailboxTest {

    private static final int LOG_ENTRIES = 64;

    private final GuestMemory memory = GuestMemory.ofBytes(MemoryMap.PML4);
    private final Mailbox mailbox = new Mailbox(memory, 0);

    @AfterEach
    void close() {
        memory.close();
    }

    /** Two counters at once: of a vector and of the next. */
    private void count(int vector, long counts) {
        memory.writeLong(MemoryMap.MAILBOX + Mailbox.TAKEN + (long) vector * Integer.BYTES, counts);
    }

    @Test
    void untouchedMailbox_hasNoCountsAndNoEvents() {
        assertThat(mailbox.takenByVector()).isEmpty();
        assertThat(mailbox.causedEvents()).isEmpty();
    }

    @Test
    void counts_areByVectorInOrderAndUnsigned() {
        count(254, 0xffffffffL << 32);
        count(0x2a, 5);
        count(0, 1);

        assertThat(mailbox.takenByVector()).containsExactly(entry(0, 1L), entry(0x2a, 5L), entry(255, 0xffffffffL));
    }

    @Test
    void loggedEvent_isReadFieldByField() {
        long log = MemoryMap.MAILBOX + Mailbox.LOG;
        memory.writeLong(MemoryMap.MAILBOX + Mailbox.SPURIOUS, 1L << 32);
        memory.writeLong(log, 0x23L << 32 | 14);
        memory.writeLong(log + Mailbox.LOG_ERROR, 7);
        memory.writeLong(log + Mailbox.LOG_RIP, 0x8123);
        memory.writeLong(log + Mailbox.LOG_CR2, 0x200abc);

        assertThat(mailbox.causedEvents()).containsExactly(new CausedEvent(14, 0x23, 7, 0x8123, 0x200abc));
        assertThat(mailbox.causedEvents().getFirst().ring()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(longs = {LOG_ENTRIES, LOG_ENTRIES + 1, 0x7fffffff, 0x80000000L, 0xffffffffL})
    void logThatIsFullOrClaimsMore_endsWithThePage(long logged) {
        memory.writeLong(MemoryMap.MAILBOX + Mailbox.SPURIOUS, logged << 32);

        assertThat(mailbox.causedEvents()).hasSize(LOG_ENTRIES);
    }
}
