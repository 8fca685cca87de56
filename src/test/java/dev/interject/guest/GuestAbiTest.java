package dev.interject.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import dev.interject.device.CommandPort;
import dev.interject.device.Doorbell;
import dev.interject.device.Pic8259Pair;
import dev.interject.interrupt.Trigger;
import dev.interject.kvm.state.CpuidEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The constants in Java equal those of guest/include/abi.inc, read from the symbols of each guest image. */
class GuestAbiTest {

    static Stream<Arguments> numbers() {
        return Stream.of(
                arguments("MAILBOX", MemoryMap.MAILBOX),
                arguments("MAILBOX_FAULT_ERROR", MemoryMap.MAILBOX + Mailbox.FAULT_ERROR),
                arguments("MAILBOX_FAULT_RIP", MemoryMap.MAILBOX + Mailbox.FAULT_RIP),
                arguments("MAILBOX_SPURIOUS", MemoryMap.MAILBOX + Mailbox.SPURIOUS),
                arguments("MAILBOX_LOGGED", MemoryMap.MAILBOX + Mailbox.LOGGED),
                arguments("MAILBOX_TAKEN", MemoryMap.MAILBOX + Mailbox.TAKEN),
                arguments("MAILBOX_LOG", MemoryMap.MAILBOX + Mailbox.LOG),
                arguments("LOG_VECTOR", Mailbox.LOG_VECTOR),
                arguments("LOG_CS", Mailbox.LOG_CS),
                arguments("LOG_ERROR", Mailbox.LOG_ERROR),
                arguments("LOG_RIP", Mailbox.LOG_RIP),
                arguments("LOG_CR2", Mailbox.LOG_CR2),
                arguments("LOG_BYTES", Mailbox.LOG_BYTES),
                arguments("DOORBELL_PORT", Doorbell.PORT),
                arguments("DOORBELL_READY", Doorbell.READY),
                arguments("DOORBELL_TAKEN", Doorbell.TAKEN),
                arguments("DOORBELL_FAULT", Doorbell.FAULT),
                arguments("DOORBELL_SPURIOUS", Doorbell.SPURIOUS),
                arguments("PARAMETERS_SIGNATURE_EBX", BootParameters.SIGNATURE_EBX),
                arguments("PARAMETERS_SIGNATURE_ECX", BootParameters.SIGNATURE_ECX),
                arguments("PARAMETERS_SIGNATURE_EDX", BootParameters.SIGNATURE_EDX),
                arguments("PARAMETERS_LEAF", BootParameters.PARAMETERS_LEAF - BootParameters.BASE_LEAF),
                arguments("VCPU_BLOCK", MemoryMap.VCPU_BLOCK),
                arguments("MAILBOX_STARTED", MemoryMap.MAILBOX + Mailbox.STARTED),
                arguments("MAILBOX_DEEPEST", MemoryMap.MAILBOX + Mailbox.DEEPEST),
                arguments("MAILBOX_ARMED", MemoryMap.MAILBOX + Mailbox.ARMED),
                arguments("MAILBOX_OPENED", MemoryMap.MAILBOX + Mailbox.OPENED),
                arguments("STAMPS_ENTERED", MemoryMap.STAMPS + Mailbox.ENTERED),
                arguments("STAMPS_LEFT", MemoryMap.STAMPS + Mailbox.LEFT),
                arguments("COMMAND_PORT", CommandPort.PORT),
                arguments("COMMAND_ADDRESS", MemoryMap.COMMANDS),
                arguments("COMMAND_NONE", CommandPort.NONE),
                arguments("COMMAND_TWO_WORDS", CommandPort.TWO_WORDS),
                arguments("COMMAND_VECTOR", CommandPort.VECTOR),
                arguments("BOOT_PML4", MemoryMap.PML4),
                arguments("PIC_MASTER_COMMAND", Pic8259Pair.MASTER_PORT),
                arguments("PIC_SLAVE_COMMAND", Pic8259Pair.SLAVE_PORT),
                arguments("PIC_MASTER_ELCR", Pic8259Pair.ELCR_PORT));
    }

    @ParameterizedTest
    @MethodSource("numbers")
    void number_isTheSameInEveryGuest(String symbol, long number) {
        assertThat(BuiltinGuest.values()).allSatisfy(guest -> assertThat(lowWord(guest, symbol))
                .isEqualTo(Integer.toUnsignedLong((int) number)));
    }

    /** The assembler keeps 64 bits of a number, of which a guest sees 32. */
    private static long lowWord(BuiltinGuest guest, String symbol) {
        return Integer.toUnsignedLong((int) guest.image().symbols().value(symbol).orElseThrow());
    }

    static Stream<Arguments> pageTables() {
        return Stream.of(
                arguments("BOOT_PML4", MemoryMap.PML4),
                arguments("BOOT_PDPT", MemoryMap.PDPT),
                arguments("BOOT_PAGE_DIRECTORY", MemoryMap.PAGE_DIRECTORY),
                arguments("ABSENT_PAGE", MemoryMap.RAM_BYTES));
    }

    @ParameterizedTest
    @MethodSource("pageTables")
    void pageTable_isWhereTheGuestExpectsIt(String symbol, long address) {
        assertThat(lowWord(BuiltinGuest.EVENTS, symbol)).isEqualTo(address);
    }

    @ParameterizedTest
    @EnumSource
    void parametersRange_isOneThatTheGuestSearches(BuiltinGuest guest) {
        long first = lowWord(guest, "HYPERVISOR_LEAVES");
        long step = lowWord(guest, "HYPERVISOR_STEP");

        assertThat((long) BootParameters.BASE_LEAF).isGreaterThanOrEqualTo(first)
                .isLessThan(lowWord(guest, "HYPERVISOR_END"));
        assertThat((BootParameters.BASE_LEAF - first) % step).isZero();
    }

    @Test
    void signature_spellsInterjectVmm() {
        ByteBuffer registers = ByteBuffer.allocate(12)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(BootParameters.SIGNATURE_EBX)
                .putInt(BootParameters.SIGNATURE_ECX)
                .putInt(BootParameters.SIGNATURE_EDX);

        assertThat(new String(registers.array(), StandardCharsets.US_ASCII)).isEqualTo("InterjectVMM");
    }

    @Test
    void mailbox_holdsACountForEachVectorAndTheLogWithinItsPage() {
        assertThat(Mailbox.SPURIOUS + Integer.BYTES).isLessThanOrEqualTo(Mailbox.LOGGED);
        assertThat(Mailbox.LOGGED + Integer.BYTES).isLessThanOrEqualTo(Mailbox.TAKEN);
        assertThat(Mailbox.TAKEN + 256 * Integer.BYTES).isLessThanOrEqualTo(Mailbox.LOG);
        assertThat(Mailbox.LOG).isLessThan(MemoryMap.PML4 - MemoryMap.MAILBOX);
    }

    @Test
    void parameters_followTheHostsLeaves() {
        CpuidEntry host = CpuidEntry.leaf(0, 1, 2, 3, 4);

        List<CpuidEntry> leaves = new BootParameters(Set.of(3, 10), Trigger.LEVEL, 1, 2).addTo(List.of(host));

        assertThat(leaves).containsExactly(host,
                CpuidEntry.leaf(0x40000100, 0x40000101, BootParameters.SIGNATURE_EBX, BootParameters.SIGNATURE_ECX,
                        BootParameters.SIGNATURE_EDX),
                CpuidEntry.leaf(0x40000101, 1 << 3 | 1 << 10, 1, 1, 2));
    }

    @Test
    void parametersForNoLine_haveNoLineAndEdge() {
        List<CpuidEntry> leaves = BootParameters.lines(Set.of(), Trigger.EDGE).addTo(List.of());

        assertThat(leaves.getLast()).isEqualTo(CpuidEntry.leaf(0x40000101, 0, 0, 0, 1));
    }

    @Test
    void pagesOfTheHost_areApart() {
        List<Long> pages = List.of(MemoryMap.MAILBOX, MemoryMap.PML4, MemoryMap.PDPT, MemoryMap.PAGE_DIRECTORY,
                MemoryMap.BOOT_GDT, MemoryMap.APIC_PAGE_DIRECTORY, MemoryMap.STAMPS);

        // page 0 is the real-mode vector table
        assertThat(pages).doesNotHaveDuplicates()
                .doesNotContain(0L)
                .allSatisfy(page -> assertThat(page % 4096).isZero());
    }
}
