package dev.interject.guest.boot;

import java.util.Locale;

import dev.interject.kvm.state.DescriptorTable;
import dev.interject.kvm.state.Segment;
import dev.interject.kvm.state.SpecialRegisters;

/** The mode of the CPU at a guest's first instruction. Intel and AMD CPUs accept each. */
public enum BootMode {

    /** 16-bit real mode; the code segment holds the first instruction, all others are at 0. */
    REAL {
        @Override
        SpecialRegisters registers(SpecialRegisters reset, BootTables tables, long entry) {
            // base = selector * 16, limit 64 KiB; everything else keeps its reset value
            long base = entry - instructionPointer(entry);
            Segment code =
                    new Segment(base, 0xffff, (int) (base >> 4), CODE, true, 0, false, true, false, false, false);
            Segment data = new Segment(0, 0xffff, 0, DATA, true, 0, false, true, false, false, false);
            return new SpecialRegisters(code, data, data, data, data, data, reset.tr(), reset.ldt(), reset.gdt(),
                    reset.idt(), reset.cr0(), reset.cr2(), reset.cr3(), reset.cr4(), reset.cr8(), reset.efer(),
                    reset.apicBase());
        }

        @Override
        long instructionPointer(long entry) {
            return entry & 0xffff;
        }
    },

    /** 32-bit protected mode, ring 0, flat segments, no paging; no IDT yet. */
    PROTECTED {
        @Override
        SpecialRegisters registers(SpecialRegisters reset, BootTables tables, long entry) {
            Segment code =
                    new Segment(0, -1, tables.codeSelector(), CODE, true, 0, true, true, false, true, false);
            return flat(reset, tables, code, CR0_PE | CR0_ET | CR0_NE, 0, 0);
        }
    },

    /** 64-bit mode, ring 0, identity-mapped; no IDT yet. */
    LONG {
        @Override
        SpecialRegisters registers(SpecialRegisters reset, BootTables tables, long entry) {
            Segment code =
                    new Segment(0, -1, tables.codeSelector(), CODE, true, 0, false, true, true, true, false);
            return flat(reset, tables, code, CR0_PE | CR0_ET | CR0_NE | CR0_PG, CR4_PAE, EFER_LME | EFER_LMA);
        }
    };

    // Segment types (Intel SDM vol. 3, 3.4.5.1 and 3.5)
    private static final int CODE = 0xb; // execute, read, accessed
    private static final int DATA = 0x3; // read, write, accessed
    private static final int BUSY_TSS = 0xb;
    private static final int LDT = 0x2;
    private static final int TSS_LIMIT = 0x67;

    // Control registers and EFER (Intel SDM vol. 3, 2.5 and 2.2.1)
    private static final long CR0_PE = 1;
    private static final long CR0_ET = 1 << 4;
    private static final long CR0_NE = 1 << 5;
    private static final long CR0_PG = 1L << 31;
    private static final long CR4_PAE = 1 << 5;
    private static final long EFER_LME = 1 << 8;
    private static final long EFER_LMA = 1 << 10;

    private static SpecialRegisters flat(SpecialRegisters reset, BootTables tables, Segment code, long cr0, long cr4,
            long efer) {
        Segment data = new Segment(0, -1, tables.dataSelector(), DATA, true, 0, true, true, false, true, false);
        // VM entry on Intel requires a busy TSS in TR, although no task switch uses it
        Segment tss = new Segment(0, TSS_LIMIT, 0, BUSY_TSS, true, 0, false, false, false, false, false);
        Segment noLdt = new Segment(0, 0, 0, LDT, false, 0, false, false, false, false, true);
        DescriptorTable noIdt = new DescriptorTable(0, 0);
        return new SpecialRegisters(code, data, data, data, data, data, tss, noLdt, tables.descriptorTable(), noIdt,
                cr0, 0, tables.pml4(), cr4, 0, efer, reset.apicBase());
    }

    /**
     * The special registers at the first instruction.
     *
     * @param reset those of a new vCPU
     */
    abstract SpecialRegisters registers(SpecialRegisters reset, BootTables tables, long entry);

    /** RIP at the first instruction. */
    long instructionPointer(long entry) {
        return entry;
    }

    /** The name used in JSON. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return label();
    }
}
