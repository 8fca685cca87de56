package dev.interject.reliability;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.random.RandomGenerator;

/** Random 64-bit code that does what well-behaved guests do not. */
final class RandomCode {

    /** How many bytes are written. */
    private static final int LENGTH = 256;
    private static final int ELF_ENTRY = 0x18;
    private static final int ELF_HEADERS = 0x20;
    private static final int ELF_HEADER_LENGTH = 0x36;
    private static final int ELF_HEADER_COUNT = 0x38;
    /** Ports of the PC's devices, and of Interject's own for its guests. */
    private static final List<Integer> PORTS = List.of(0x20, 0x21, 0x40, 0x43, 0x60, 0x61, 0x64, 0x70, 0x71, 0x80, 0xa0,
            0xa1, 0x92, 0x3f8, 0x3f9, 0x3fa, 0x3fb, 0x3fc, 0x4d0, 0x4d1, 0x501, 0x604, 0xb004, 0xcf8, 0xcf9, 0xcfc);
    /** Guest-physical addresses of code, tables, devices, the hole, the end of RAM and what is behind. */
    private static final List<Integer> PLACES = List.of(0, 0x1000, 0x7000, 0x9000, 0xa0000, 0xf0000, 0x100000, 0x101000,
            0x7ffff8, 0x800000, 0x40000000, 0xe0000000, 0xfec00000, 0xfec00010, 0xfee000b0, 0xfee00300, 0xfee00380,
            0xfffffff0);

    private RandomCode() {}

    /** The place in a 64-bit ELF file of its first instruction. */
    static int startIn(byte[] elf) {
        ByteBuffer file = ByteBuffer.wrap(elf).order(ByteOrder.LITTLE_ENDIAN);
        long entry = file.getLong(ELF_ENTRY);
        for (int i = 0; i < file.getShort(ELF_HEADER_COUNT); i++) {
            int header = (int) file.getLong(ELF_HEADERS) + i * file.getShort(ELF_HEADER_LENGTH);
            long address = file.getLong(header + 0x10);
            long length = file.getLong(header + 0x20);
            if (file.getInt(header) == 1 && entry >= address && entry < address + length) {
                return (int) (file.getLong(header + 8) + entry - address);
            }
        }
        throw new IllegalArgumentException("the entry is in no segment");
    }

    /** Overwrites what is at a place of a file, as far as there is room. */
    static void write(RandomGenerator random, byte[] file, int start) {
        ByteBuffer code = ByteBuffer.allocate(LENGTH * 2).order(ByteOrder.LITTLE_ENDIAN);
        while (code.position() < LENGTH) {
            instruction(random, code);
        }
        System.arraycopy(code.array(), 0, file, start, Math.min(LENGTH, file.length - start));
    }

    private static void instruction(RandomGenerator random, ByteBuffer code) {
        switch (random.nextInt(16)) {
            case 0 -> randomBytes(random, code);
            case 1, 2 -> port(random, code);
            case 3 -> stringPort(random, code);
            case 4, 5 -> code.put(bytes(0xc7, 0x04, 0x25)).putInt(place(random)).putInt(random.nextInt()); // MOV m32
            case 6 -> code.put(bytes(0x8b, 0x04, 0x25)).putInt(place(random)); // MOV EAX, m32
            case 7 ->
                code.put(bytes(0xb8)).putInt(place(random)).put(bytes(0x0f, 0x22, pick(random, 0xd8, 0xc0, 0xe0)));
            case 8 -> code.put(bytes(0xb9)).putInt(msr(random)).put(bytes(0x0f, pick(random, 0x30, 0x32)));
            case 9 -> code.put(bytes(0x0f, 0x01, pick(random, 0x1c, 0x14), 0x25)).putInt(place(random)); // LIDT, LGDT
            case 10 -> code.put(bytes(pick(random, 0xfb, 0xfa, 0xf4, 0x9c, 0x9d, 0xcf)));
            case 11 -> code.put(bytes(0xcd, random.nextInt(256))); // INT n
            case 12 -> code.put(bytes(0xc6, 0x05)).putInt(random.nextInt(-64, 64)).put((byte) random.nextInt());
            case 13 -> code.put(bytes(0xeb, random.nextInt(-32, 32))); // JMP
            case 14 -> code.put(bytes(0x0f, 0x01, pick(random, 0xc1, 0xd9, 0xd0, 0xd1, 0xf9))); // VMCALL …
            default -> code.put(bytes(0xbc)).putInt(place(random)); // MOV ESP
        }
    }

    private static void randomBytes(RandomGenerator random, ByteBuffer code) {
        byte[] any = new byte[random.nextInt(1, 16)];
        random.nextBytes(any);
        code.put(any);
    }

    private static void port(RandomGenerator random, ByteBuffer code) {
        code.put(bytes(0x66, 0xba)).putShort((short) port(random)).put(bytes(0xb8)).putInt(random.nextInt());
        code.put(bytes(pick(random, 0xee, 0xef, 0xec, 0xed)));
    }

    private static void stringPort(RandomGenerator random, ByteBuffer code) {
        code.put(bytes(0x66, 0xba)).putShort((short) port(random)).put(bytes(0xb9)).putInt(random.nextInt(1 << 16));
        int register = random.nextBoolean() ? 0xbe : 0xbf; // MOV ESI or EDI
        code.put(bytes(register)).putInt(place(random));
        code.put(bytes(pick(random, 0xfc, 0xfd), 0xf3, pick(random, 0x6c, 0x6d, 0x6e, 0x6f)));
    }

    private static int port(RandomGenerator random) {
        return random.nextInt(4) == 0 ? random.nextInt(1 << 16) : PORTS.get(random.nextInt(PORTS.size()));
    }

    private static int place(RandomGenerator random) {
        return PLACES.get(random.nextInt(PLACES.size())) + (random.nextBoolean() ? 0 : random.nextInt(-16, 16));
    }

    private static int msr(RandomGenerator random) {
        return pick(random, 0x1b, 0x10, 0x6e0, 0x800 + random.nextInt(0x40), 0xc0000080, 0xc0000100, 0x4b564d00,
                0x4b564d02, random.nextInt());
    }

    private static int pick(RandomGenerator random, int... values) {
        return values[random.nextInt(values.length)];
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }
}
