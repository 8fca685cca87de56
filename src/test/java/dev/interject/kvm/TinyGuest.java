package dev.interject.kvm;

import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import java.util.function.Consumer;

import dev.interject.device.Ioapic;
import dev.interject.kvm.state.Registers;
import dev.interject.kvm.state.Segment;
import dev.interject.kvm.state.SpecialRegisters;

/**
 * A VM of 64 KiB with one vCPU in real mode, about to run a few bytes at {@link #CODE}; all segments are at 0.
 *
 * <p>A program is written like a disassembly: bytes, two or more spaces, and the instruction for the reader.
 */
public final class TinyGuest implements AutoCloseable {

    /** The address of the program. */
    public static final int CODE = 0x1000;

    /** The first address after its RAM. */
    public static final int RAM_BYTES = 0x10000;

    private static final int STACK = 0x8000;
    private static final int IVT_ENTRY_BYTES = 4;

    private final Kvm kvm = Kvm.open();
    private final VirtualMachine vm = kvm.createVirtualMachine();
    private final GuestMemory memory = GuestMemory.ofBytes(RAM_BYTES);
    private final Vcpu vcpu;

    private TinyGuest(Consumer<VirtualMachine> controllers, String program) {
        // pages that KVM needs for real mode on Intel hosts
        vm.setIdentityMapAddress(0xfffbc000L);
        vm.setTssAddress(0xfffbd000L);
        vm.setMemory(0, memory);
        controllers.accept(vm);
        vcpu = vm.createVcpu(0);
        memory.write(CODE, assembled(program));
        vcpu.setSpecialRegisters(atZero(vcpu.specialRegisters()));
        Registers start = Registers.startingAt(CODE);
        vcpu.setRegisters(withStack(start));
    }

    /** No interrupt controller in the kernel. */
    public static TinyGuest withoutIrqchip(String program) {
        return new TinyGuest(vm -> {}, program);
    }

    /** All interrupt controllers in the kernel ({@code KVM_CREATE_IRQCHIP}). */
    public static TinyGuest withIrqchip(String program) {
        return new TinyGuest(VirtualMachine::createIrqchip, program);
    }

    /** Only the LAPIC in the kernel ({@code KVM_CAP_SPLIT_IRQCHIP}). Its HLT does not exit. */
    public static TinyGuest withSplitIrqchip(String program) {
        return new TinyGuest(vm -> vm.enableSplitIrqchip(Ioapic.PINS), program);
    }

    static byte[] assembled(String program) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        program.lines()
                .map(line -> line.split(" {2,}", 2)[0].replace(" ", ""))
                .forEach(line -> bytes.writeBytes(HexFormat.of().parseHex(line)));
        return bytes.toByteArray();
    }

    private static Registers withStack(Registers r) {
        return new Registers(r.rax(), r.rbx(), r.rcx(), r.rdx(), r.rsi(), r.rdi(), STACK, r.rbp(), r.r8(), r.r9(),
                r.r10(), r.r11(), r.r12(), r.r13(), r.r14(), r.r15(), r.rip(), r.rflags());
    }

    /** After reset, CS points to the top of memory, where this guest has no RAM. */
    private static SpecialRegisters atZero(SpecialRegisters reset) {
        Segment cs = reset.cs();
        Segment code = new Segment(0, cs.limit(), 0, cs.type(), cs.present(), cs.dpl(), cs.db(), cs.system(),
                cs.longMode(), cs.pageGranular(), cs.unusable());
        return new SpecialRegisters(code, reset.ds(), reset.es(), reset.fs(), reset.gs(), reset.ss(), reset.tr(),
                reset.ldt(), reset.gdt(), reset.idt(), reset.cr0(), reset.cr2(), reset.cr3(), reset.cr4(), reset.cr8(),
                reset.efer(), reset.apicBase());
    }

    public Kvm kvm() {
        return kvm;
    }

    public VirtualMachine vm() {
        return vm;
    }

    public Vcpu vcpu() {
        return vcpu;
    }

    public GuestMemory memory() {
        return memory;
    }

    /** Writes a handler and the entry of the real-mode vector table for it. */
    public TinyGuest withHandler(int vector, int address, String program) {
        memory.write(address, assembled(program));
        memory.write((long) vector * IVT_ENTRY_BYTES, new byte[]{(byte) address, (byte) (address >> 8), 0, 0});
        return this;
    }

    /** Runs to an exit that must be a port access. */
    public PortIo runToPort() {
        return ((Exit.PortAccess) vcpu.run()).io();
    }

    /** Runs to an exit that must be a memory access. */
    public Mmio runToMemory() {
        return ((Exit.MemoryAccess) vcpu.run()).mmio();
    }

    /** Runs to a HLT and returns what the guest wrote to ports, one character per write. */
    public String runCollectingOutput() {
        StringBuilder written = new StringBuilder();
        Exit exit = vcpu.run();
        while (exit instanceof Exit.PortAccess(PortIo io)) {
            for (int i = 0; i < io.count(); i++) {
                written.append((char) io.value(i));
            }
            exit = vcpu.run();
        }
        return written.append(exit instanceof Exit.Halted ? "" : exit).toString();
    }

    /** Completes the instruction that caused the last exit, and executes no other. */
    public void completeInstruction() {
        vcpu.setImmediateExit(true);
        vcpu.run();
        vcpu.setImmediateExit(false);
    }

    @Override
    public void close() {
        vcpu.close();
        vm.close();
        memory.close();
        kvm.close();
    }
}
