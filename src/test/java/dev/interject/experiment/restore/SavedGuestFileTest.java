package dev.interject.experiment.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;

import dev.interject.Breakpoints;
import dev.interject.RequiresKvm;
import dev.interject.experiment.Cancellation;
import dev.interject.experiment.Outcome;
import dev.interject.experiment.probe.ConformanceProbe;
import dev.interject.experiment.probe.Finding;
import dev.interject.experiment.restore.TrialResult.Kind;
import dev.interject.experiment.situation.PendingSituation;
import dev.interject.interrupt.Irqchip;
import dev.interject.kvm.structure.RawStructures;
import dev.interject.machine.snapshot.MsrBytes;
import dev.interject.machine.snapshot.Piece;
import dev.interject.machine.snapshot.PieceOrder;
import dev.interject.machine.snapshot.SavedPiece;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of guests that were saved on the real KVM. */
@RequiresKvm
class SavedGuestFileTest {

    private static final Duration TIME = Duration.ofMinutes(2);
    private static final boolean LAPIC_KEEPS_IN_SERVICE =
            ConformanceProbe.LAPIC_IN_SERVICE.probe() instanceof Finding.Kept;
    private static SavedGuest guest;
    private static byte[] file;

    @BeforeAll
    static void saveOne() throws IOException {
        guest = save(PendingSituation.LINE_EDGE, Irqchip.USERSPACE);
        file = write(guest);
    }

    @ParameterizedTest
    @EnumSource
    void savedGuest_isReadBackAndRestored(PendingSituation situation) throws IOException {
        assumeTrue(situation != PendingSituation.AP_WAITS_FOR_SIPI || Breakpoints.work());
        for (Irqchip irqchip : situation.irqchips()) {
            SavedGuest saved = save(situation, irqchip);
            SavedGuest back = read(write(saved));

            assertThat(back).isEqualTo(saved);
            TrialResult result = restore(back, PieceOrder.recommended());
            if (!situation.staging().needsEoi() || LAPIC_KEEPS_IN_SERVICE) {
                assertThat(result.kind()).as("%s", result).isEqualTo(Kind.KEPT);
            }
        }
    }

    @Test
    void fileCutShort_isNotRead() {
        for (int length = 0; length < file.length; length += 1 + length / 40) {
            byte[] cut = Arrays.copyOf(file, length);

            assertThatThrownBy(() -> read(cut)).as("%d bytes", length)
                    .isInstanceOf(InvalidSavedGuestException.class)
                    .hasMessageStartingWith("guest.saved: is ");
        }
    }

    /** Its checksum covers all that is compressed. */
    @Test
    void damagedFile_isNotRead() throws IOException {
        Random random = new Random(5);
        int header = new String(file, StandardCharsets.ISO_8859_1).indexOf('\n') + 1;
        int gzipHeader = 10;
        for (int i = 0; i < 300; i++) {
            byte[] damaged = file.clone();
            int at = header + gzipHeader + random.nextInt(file.length - header - gzipHeader);
            damaged[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));

            try { // the last bits before the checksum mean nothing
                assertThat(read(damaged)).as("byte %d", at).isEqualTo(guest);
            } catch (InvalidSavedGuestException refused) {
                assertThat(refused).hasMessageStartingWith("guest.saved: ");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 19, 1 << 16})
    void fileWithMoreAtItsEnd_isNotRead(int more) {
        byte[] longer = Arrays.copyOf(file, file.length + more);

        assertThatThrownBy(() -> read(longer)).isInstanceOf(InvalidSavedGuestException.class)
                .hasMessage("guest.saved: has more at its end than a saved guest");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "{}\n", "interject saved guest, version 1", "\u007fELF"})
    void otherFile_isNotRead(String content) {
        assertThatThrownBy(() -> read(content.getBytes(StandardCharsets.ISO_8859_1)))
                .isInstanceOf(InvalidSavedGuestException.class)
                .hasMessageStartingWith("guest.saved: is not a saved guest");
    }

    @Test
    void otherVersion_isNamed() {
        byte[] other = new String(file, StandardCharsets.ISO_8859_1).replaceFirst("version 2\n", "version 1\n")
                .getBytes(StandardCharsets.ISO_8859_1);

        assertThatThrownBy(() -> read(other))
                .hasMessage("guest.saved: has version 1 of the format, not 2")
                .extracting(failed -> ((InvalidSavedGuestException) failed).fix())
                .isEqualTo("save the guest again with this version of Interject");
    }

    @Test
    void cpuWithAnotherHostsFeatures_isRefusedByName() {
        byte[] leaves = guest.snapshot().content(Piece.CPUID, 0).orElseThrow().clone();
        int leaf = RawStructures.cpuid(leaves).stream().map(entry -> entry.function()).toList().indexOf(0x80000001);
        int edx = 8 + leaf * 40 + 24; // a kvm_cpuid2 has 8 bytes before its leaves, of 40 bytes each
        leaves[edx + 3] ^= (byte) 0x10; // bit 28: reserved

        assertThatThrownBy(
                () -> RestoreExperiment.restore(with(guest, new SavedPiece(Piece.CPUID, 0, leaves)), plan(guest),
                        new Cancellation(), _ -> {}))
                .isInstanceOf(InvalidSavedGuestException.class)
                .hasMessageContaining("CPUID 0x80000001.0 EDX 0x10000000");
    }

    /** A file may hold anything: it is not trusted. */
    @Test
    void pieceOfAnyOtherForm_isNotRead() throws IOException {
        SavedGuest split = save(PendingSituation.IRQFD_SIGNALLED, Irqchip.SPLIT);
        for (SavedPiece piece : split.snapshot().pieces()) {
            for (byte[] content : List.of(new byte[1], new byte[3], new byte[]{-1, -1, -1, -1, -1, -1, -1, 127})) {
                byte[] changed = write(with(split, new SavedPiece(piece.piece(), piece.vcpu(), content)));

                try { // what is read has a form that can be restored, or that KVM refuses
                    assertThat(restore(read(changed), PieceOrder.recommended())).isNotNull();
                } catch (InvalidSavedGuestException refused) {
                    assertThat(refused).hasMessageStartingWith("guest.saved: has a piece " + piece.piece());
                }
            }
        }
    }

    @Test
    void pieceOfAnotherIrqchip_isNotRead() throws IOException {
        byte[] ioapic = save(PendingSituation.MESSAGE, Irqchip.SPLIT).snapshot().content(Piece.IOAPIC, 0).orElseThrow();
        byte[] changed = write(with(guest, new SavedPiece(Piece.IOAPIC, 0, ioapic)));

        assertThatThrownBy(() -> read(changed)).hasMessage("guest.saved: has a piece ioapic that cannot be: a machine"
                + " with irqchip userspace has no such piece");
    }

    @Test
    void registerThatKvmRefuses_isNamedWithItsPiece() {
        SortedMap<Integer, Long> registers = MsrBytes.read(guest.snapshot().content(Piece.MSRS, 0).orElseThrow());
        registers.put(0xc0000080, -1L); // EFER with reserved bits

        TrialResult result = restore(with(guest, new SavedPiece(Piece.MSRS, 0, MsrBytes.write(registers))),
                PieceOrder.recommended());

        assertThat(result.kind()).isEqualTo(Kind.REFUSED);
        assertThat(result.detail()).startsWith("msrs: KVM_SET_MSRS: ").contains("0xc0000080 = 0xffffffffffffffff");
    }

    @Test
    void pieceOfAnotherSize_isNamed() {
        TrialResult result =
                restore(with(guest, new SavedPiece(Piece.EVENTS, 0, new byte[3])), PieceOrder.recommended());

        assertThat(result.kind()).isEqualTo(Kind.REFUSED);
        assertThat(result.detail()).isEqualTo("events: KVM_SET_VCPU_EVENTS takes 64 bytes, not 3");
    }

    private static SavedGuest with(SavedGuest guest, SavedPiece piece) {
        return new SavedGuest(guest.situation(), guest.irqchip(), guest.snapshot().with(piece), guest.at(),
                guest.raised(), guest.counted(), guest.slower(), guest.due(), guest.expected(), guest.anywhere());
    }

    private static SavedGuest save(PendingSituation situation, Irqchip irqchip) {
        return RestoreExperiment.save(situation, irqchip, 1, TIME, new Cancellation());
    }

    private static byte[] write(SavedGuest saved) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        SavedGuestFile.write(saved, out);
        return out.toByteArray();
    }

    private static SavedGuest read(byte[] content) throws IOException {
        return SavedGuestFile.read(new ByteArrayInputStream(content), "guest.saved");
    }

    private static RestorePlan plan(SavedGuest saved) {
        return new RestorePlan(List.of(saved.situation()), Set.of(saved.irqchip()), PieceOrder.recommended(), 1, false,
                Optional.of(TIME));
    }

    private static TrialResult restore(SavedGuest saved, PieceOrder order) {
        RestorePlan plan = new RestorePlan(List.of(saved.situation()), Set.of(saved.irqchip()), order, 1, false,
                Optional.of(TIME));
        RestoreReport report = RestoreExperiment.restore(saved, plan, new Cancellation(), _ -> {});
        assertThat(report.outcome()).isIn(Outcome.TAKEN, Outcome.NOT_TAKEN);
        return report.rows().getFirst().result();
    }
}
