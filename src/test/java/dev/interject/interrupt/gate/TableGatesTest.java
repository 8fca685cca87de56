package dev.interject.interrupt.gate;

import static dev.interject.interrupt.gate.GuestStateSample.CODE_DESCRIPTOR;
import static dev.interject.interrupt.gate.GuestStateSample.open;
import static dev.interject.interrupt.gate.TableSample.descriptors;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import dev.interject.interrupt.Irqchip;
import dev.interject.interrupt.state.GuestState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The handler's code segment and its stack. */
class TableGatesTest {

    private static final int VECTOR = 0x41;
    private static final int SELECTOR = 8;
    private static final long P = 1L << 47;
    private static final long L = 1L << 53;
    private static final long D = 1L << 54;
    private static final long RING_3 = 3L << 45;
    private static final long CODE_OR_DATA = 1L << 44;
    private static final long CODE = 1L << 43;
    private static final int FIRST_STACK = 0x24;

    private static CodeSegment code(long descriptor) {
        return CodeSegment.of(open().gdt(0, descriptor).state(), SELECTOR);
    }

    private static GatePath path(GuestStateSample sample) {
        return Gates.ofVector(sample.on(Irqchip.USERSPACE).state(), VECTOR);
    }

    private static GatePath onStack(int number, byte... tss) {
        byte[] gates = TableSample.gates();
        gates[VECTOR * 16 + 4] = (byte) number;
        return path(open().idt(gates).tss(tss));
    }

    private static byte[] tss(int bytes, int at, int value) {
        byte[] tss = new byte[bytes];
        tss[at] = (byte) value;
        return tss;
    }

    @Test
    void presentSegmentOf64Bits_isUsableAndShown() {
        assertThat(code(CODE_DESCRIPTOR)).isEqualTo(new CodeSegment("0x08: 0x00af9b000000ffff", null));
        assertThat(code(CODE_DESCRIPTOR).isUsable()).isTrue();
    }

    @Test
    void segmentOfAnInnerRing_isUsableFromAnOuterOne() {
        assertThat(CodeSegment.of(open().inRing(3).state(), SELECTOR).isUsable()).isTrue();
        assertThat(CodeSegment.of(open().inRing(3).gdt(0, CODE_DESCRIPTOR | RING_3).state(), SELECTOR).isUsable())
                .isTrue();
    }

    @Test
    void segmentOfAnOuterRing_isAGeneralProtectionFault() {
        assertThat(code(CODE_DESCRIPTOR | RING_3).fault()).startsWith("#GP: its ring is less privileged");
    }

    @Test
    void segmentOfDataOrOfTheSystem_isAGeneralProtectionFault() {
        assertThat(code(CODE_DESCRIPTOR & ~CODE).fault()).isEqualTo("#GP: not a code segment");
        assertThat(code(CODE_DESCRIPTOR & ~CODE_OR_DATA).fault()).isEqualTo("#GP: not a code segment");
        assertThat(code(0).fault()).isEqualTo("#GP: not a code segment");
    }

    @Test
    void segmentThatIsNotPresent_isANotPresentFault() {
        assertThat(code(CODE_DESCRIPTOR & ~P).fault()).isEqualTo("#NP: the segment is not present");
    }

    @Test
    void segmentOf32Bits_isAGeneralProtectionFaultInLongMode() {
        assertThat(code(CODE_DESCRIPTOR & ~L | D).fault()).isEqualTo("#GP: not a 64-bit code segment");
        assertThat(code(CODE_DESCRIPTOR & ~L).fault()).isEqualTo("#GP: not a 64-bit code segment");
        assertThat(code(CODE_DESCRIPTOR | D).fault()).isEqualTo("#GP: not a 64-bit code segment");
    }

    @Test
    void segmentInTheLdt_isAGeneralProtectionFault() {
        CodeSegment segment = CodeSegment.of(open().state(), SELECTOR | 4);

        assertThat(segment.fault()).startsWith("#GP").contains("LDT");
        assertThat(segment.evidence()).isEqualTo("selector 0x0c, in the LDT");
    }

    @ParameterizedTest
    @CsvSource({"0x0f, true", "0x0e, false", "0x07, false"})
    void limitOfTheGdt_isHonoured(String limit, boolean usable) {
        GuestState state = open().gdt(Integer.decode(limit), descriptors(0, CODE_DESCRIPTOR)).state();

        assertThat(CodeSegment.of(state, SELECTOR).isUsable()).isEqualTo(usable);
        assertThat(CodeSegment.of(state, 0x10).fault()).isEqualTo("#GP: the GDT ends before this selector");
    }

    @Test
    void gdtThatIsNotMappedThatFar_isAPageFault() {
        GuestState state = open().gdt(0x1f, descriptors(0, CODE_DESCRIPTOR)).state();

        assertThat(CodeSegment.of(state, SELECTOR).isUsable()).isTrue();
        assertThat(CodeSegment.of(state, 0x10).fault()).isEqualTo("#PF: the GDT cannot be read");
    }

    @ParameterizedTest
    @ValueSource(ints = {0x08, 0x09, 0x0b})
    void requestedPrivilegeOfTheSelector_doesNotMatter(int selector) {
        assertThat(CodeSegment.of(open().state(), selector).isUsable()).isTrue();
    }

    @Test
    void unusableSegment_breaksAndIsNamed() {
        GatePath path = path(open().gdt(0, CODE_DESCRIPTOR & ~P));

        assertThat(path.gates()).filteredOn(gate -> !gate.isOpen())
                .singleElement()
                .returns("GDT, code segment", Gate::place)
                .returns(Verdict.BREAKS, Gate::verdict)
                .returns("no handler: #NP: the segment is not present", Gate::meaning);
    }

    @Test
    void segment_isNotCheckedIfTheEntryIsUnusableOrInAnotherMode() {
        byte[] ivt = new byte[1024];
        ivt[VECTOR * 4] = 1;

        assertThat(List.of(path(open().gdt(0L).idt(new byte[16])), path(open().gdt(0L).inRealMode().idt(ivt))))
                .allSatisfy(path -> assertThat(path.gates()).extracting(Gate::kind)
                        .doesNotContain(GateKind.CODE_SEGMENT)
                        .contains(GateKind.IDT));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 7})
    void stackOfTheTss_isOpenAndShown(int number) {
        GatePath path = onStack(number, tss(104, FIRST_STACK + (number - 1) * 8 + 1, 0x90));

        assertThat(path.firstThatIsNotOpen()).isEmpty();
        assertThat(path.gates()).contains(Gate.open(GateKind.STACK, "TSS, stack", "IST%d = 0x9000".formatted(number),
                "the handler's stack"));
    }

    @Test
    void stackThatTheTssDoesNotHave_breaks() {
        assertThat(List.of(onStack(1), onStack(1, new byte[104]), onStack(1, tss(104, FIRST_STACK + 8, 0x90)),
                onStack(7, tss(FIRST_STACK + 7 * 8 - 1, FIRST_STACK + 6 * 8, 0x90))))
                .allSatisfy(path -> assertThat(path.gates()).filteredOn(gate -> !gate.isOpen())
                        .singleElement()
                        .returns(GateKind.STACK, Gate::kind)
                        .returns(Verdict.BREAKS, Gate::verdict));
    }

    @Test
    void handlerOnTheCurrentStack_needsNoTss() {
        assertThat(path(open()).gates()).extracting(Gate::kind).doesNotContain(GateKind.STACK);
    }
}
