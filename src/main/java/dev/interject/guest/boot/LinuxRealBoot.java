package dev.interject.guest.boot;

import java.nio.ByteBuffer;
import java.util.Objects;

import dev.interject.kvm.state.Registers;

/**
 * The boot protocol of Linux by the image's setup code, which runs in real mode and asks the BIOS for the map of memory
 * ({@code Documentation/arch/x86/boot.rst}, "Details of the memory layout", "Running the kernel").
 *
 * @param setupCode the image's bytes before its protected-mode part
 * @param limits    what the image can take
 */
public record LinuxRealBoot(byte[] setupCode, LinuxBoot.Limits limits) implements BootProtocol {

    // Guest-physical addresses, where boot loaders have put them since zImage
    private static final long SETUP = 0x90000;
    private static final long COMMAND_LINE = 0x9e000;
    private static final long LOADER = 0x9f000;

    private static final int ENTRY = 0x200;
    private static final int STACK = (int) (COMMAND_LINE - SETUP);
    private static final int COMMAND_LINE_BYTES = (int) (LOADER - COMMAND_LINE);

    // The setup header
    private static final int LOAD_FLAGS = 0x211;
    private static final int HEAP_END = 0x224;
    private static final int CAN_USE_HEAP = 0x80;

    /** What a boot loader ends with: segments and stack of the setup code, and a jump to it. */
    private static final byte[] JUMP = LittleEndian.bytes(
            0xfa, // cli
            0xb8, 0x00, 0x90, 0x8e, 0xd8, 0x8e, 0xc0, // mov ax, 0x9000; mov ds, ax; mov es, ax
            0x8e, 0xe0, 0x8e, 0xe8, 0x8e, 0xd0, // mov fs, ax; mov gs, ax; mov ss, ax
            0xbc, 0x00, 0xe0, // mov sp, 0xe000
            0xea, 0x00, 0x00, 0x20, 0x90); // jmp 0x9020:0

    /** Checks that the code leaves room for its heap and stack. */
    public LinuxRealBoot {
        Objects.requireNonNull(limits, "limits");
        if (setupCode.length <= LinuxBoot.MAP || setupCode.length >= STACK) {
            throw new UnbootableImageException("the kernel's setup code has %,d bytes".formatted(setupCode.length),
                    "build the kernel again: its header is damaged");
        }
    }

    @Override
    public long entry() {
        return SETUP + ENTRY;
    }

    @Override
    public StartState start(BootMemory memory, BootRequest request) {
        byte[] commandLine = limits.commandLine(request, COMMAND_LINE_BYTES - 1);
        ByteBuffer setup = LittleEndian.of(setupCode.clone());
        LinuxBoot.putLoader(setup, COMMAND_LINE);
        setup.put(LOAD_FLAGS, (byte) (setup.get(LOAD_FLAGS) | CAN_USE_HEAP));
        setup.putShort(HEAP_END, (short) (STACK - ENTRY)); // boot.rst counts from there
        limits.placeInitrd(setup, memory, request);
        memory.place(new Part("the kernel's setup code", SETUP, setup.array(), STACK));
        memory.place(new Part("the command line", COMMAND_LINE, commandLine, COMMAND_LINE_BYTES));
        memory.place(new Part("the jump to the setup code", LOADER, JUMP, JUMP.length));
        BootMode mode = BootMode.REAL;
        return new StartState(mode, LOADER, BootTables.NONE, Registers.startingAt(mode.instructionPointer(LOADER)));
    }
}
