package dev.interject.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;

import dev.interject.kvm.GuestMemory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the host reads from the mailbox. */
class MailboxTest {

    private static final int LOG_ENTRIES = 64;

    private final GuestMemory memory = GuestMemory.ofBytes(MemoryMap.PML4);
    private final Mailbox mailbox = new Mailbox(memory, 0);

    @AfterEach
    void close() {
        memory.close();
    }

    /** Two counters at once: of a vector and of the next one. */
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
    void taken_distinguishesInterruptsAndNmis() {
        count(2, 3);
        count(14, 7);
        count(31, 5);
        count(32, 11);
        count(255, 13);
        memory.writeLong(MemoryMap.MAILBOX + Mailbox.SPURIOUS, 17);

        assertThat(mailbox.taken(2)).isEqualTo(3);
        assertThat(mailbox.takenInterrupts()).isEqualTo(11 + 13 + 17);
        assertThat(mailbox.taken(14)).isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 256})
    void vectorThatDoesNotExist_isRefused(int vector) {
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> mailbox.taken(vector));
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> mailbox.enteredAt(vector));
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> mailbox.leftAt(vector));
    }

    @Test
    void eachVcpu_hasAMailboxInItsOwnBlock() {
        try (GuestMemory whole = GuestMemory.ofBytes(MemoryMap.RAM_BYTES)) {
            long last = (MemoryMap.MOST_VCPUS - 1) * MemoryMap.VCPU_BLOCK;
            whole.writeLong(0x1000 + Mailbox.TAKEN + 0x2a * Integer.BYTES, 1);
            whole.writeLong(0x11000 + Mailbox.TAKEN + 0x2a * Integer.BYTES, 2);
            whole.writeLong(last + 0x1000 + Mailbox.TAKEN + 0x2a * Integer.BYTES, 3);

            assertThat(new Mailbox(whole, 0).taken(0x2a)).isEqualTo(1);
            assertThat(new Mailbox(whole, 1).taken(0x2a)).isEqualTo(2);
            assertThat(new Mailbox(whole, 2).takenByVector()).isEmpty();
            assertThat(new Mailbox(whole, MemoryMap.MOST_VCPUS - 1).taken(0x2a)).isEqualTo(3);
        }
    }

    @Test
    void timesAndDepth_areReadWhereTheGuestWroteThem() {
        memory.writeLong(MemoryMap.MAILBOX + Mailbox.DEPTH, 3L << 32 | 1);
        memory.writeLong(MemoryMap.MAILBOX + Mailbox.ARMED, 0x123456789abcL);

        assertThat(mailbox.deepestNesting()).isEqualTo(3);
        assertThat(mailbox.armedAt()).isEqualTo(0x123456789abcL);
    }

    @Test
    void stamps_areReadByVectorFromTheVcpusOwnPage() {
        try (GuestMemory whole = GuestMemory.ofBytes(MemoryMap.RAM_BYTES)) {
            whole.writeLong(0x7000 + 0x2a * Long.BYTES, 5);
            whole.writeLong(0x7800 + 0x2a * Long.BYTES, 6);
            whole.writeLong(0x17800 + 0xff * Long.BYTES, 7);

            Mailbox first = new Mailbox(whole, 0);
            assertThat(first.enteredAt(0x2a)).isEqualTo(5);
            assertThat(first.leftAt(0x2a)).isEqualTo(6);
            assertThat(first.leftAt(0xff)).isZero();
            assertThat(new Mailbox(whole, 1).leftAt(0xff)).isEqualTo(7);
        }
    }

    @Test
    void loggedEvent_isReadFieldByField() {
        long log = MemoryMap.MAILBOX + Mailbox.LOG;
        memory.writeLong(MemoryMap.MAILBOX + Mailbox.LOGGED, 1);
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
        memory.writeLong(MemoryMap.MAILBOX + Mailbox.LOGGED, logged);

        assertThat(mailbox.causedEvents()).hasSize(LOG_ENTRIES);
    }
}
