package dev.interject.interrupt.state;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;

import dev.interject.kvm.state.LapicRegister;

/**
 * A part of a state that may be unknown, such as where the state comes from a file. The record has a value for it
 * nevertheless, which means nothing.
 */
public enum Piece {
    // of the machine
    IRQCHIP("where the interrupt controllers live", "irqchip"),
    ROUTES("the GSI routing table", "routes"),
    IOAPIC("the IOAPIC", "ioapic"),
    PIT("the PIT", "pit"),
    LINES_HIGH("which lines are held high", "linesHigh"),
    MASTER_BASE("the master 8259's vector base", "master.base"),
    MASTER_IRR("the master 8259's IRR", "master.irr"),
    MASTER_IMR("the master 8259's IMR", "master.imr"),
    MASTER_ISR("the master 8259's ISR", "master.isr"),
    MASTER_LINES("the levels of the master 8259's lines", "master.linesHigh"),
    MASTER_ELCR("the master 8259's ELCR", "master.elcr"),
    MASTER_PRIORITY("the master 8259's priorities and modes", "master.topPriority"),
    MASTER_AUTO_EOI("whether the master 8259 has automatic EOI", "master.autoEoi"),
    MASTER_OTHER("the rest of the master 8259", "master"),
    MASTER_SPECIAL_MASK("whether the master 8259 is in special mask mode", "master.specialMask"),
    SLAVE_BASE("the slave 8259's vector base", "slave.base"),
    SLAVE_IRR("the slave 8259's IRR", "slave.irr"),
    SLAVE_IMR("the slave 8259's IMR", "slave.imr"),
    SLAVE_ISR("the slave 8259's ISR", "slave.isr"),
    SLAVE_LINES("the levels of the slave 8259's lines", "slave.linesHigh"),
    SLAVE_ELCR("the slave 8259's ELCR", "slave.elcr"),
    SLAVE_PRIORITY("the slave 8259's priorities and modes", "slave.topPriority"),
    SLAVE_AUTO_EOI("whether the slave 8259 has automatic EOI", "slave.autoEoi"),
    SLAVE_OTHER("the rest of the slave 8259", "slave"),
    SLAVE_SPECIAL_MASK("whether the slave 8259 is in special mask mode", "slave.specialMask"),
    /** Of the vCPU that the state is about. */
    HELD("whether KVM holds a vector of KVM_INTERRUPT", "heldByKvm"),
    EXPECTS_NMIS("whether the handler of vector 2 is one for NMIs", "expectsNmis"),
    // of a vCPU
    ACTIVITY("the MP state", "mpState"),
    HALTED("whether the vCPU is halted", "halted"),
    READY("ready_for_interrupt_injection", "ready"),
    FLAGS("RFLAGS", "registers.rflags"),
    STACK_POINTER("RSP", "registers.rsp"),
    INSTRUCTION_POINTER("RIP", "registers.rip"),
    GENERAL_REGISTERS("the other general-purpose registers", "registers"),
    /** What decides the mode, the segments and the tables. */
    SPECIAL_REGISTERS("the mode, segments and descriptor tables", "specialRegisters"),
    SPECIAL_OTHER("CR2, CR3, CR8 or data segments", "specialRegisters.cr3"),
    APIC_BASE("IA32_APIC_BASE", "specialRegisters.apicBase"),
    X2APIC_MODE("whether the LAPIC is in x2APIC mode", "lapic.x2apic"),
    SHADOW("the interrupt shadow", "events.stiShadow"),
    EVENTS("the queued events", "events"),
    /** What follows the bytes that the state has of the table; the same holds for the next three. */
    IDT("that part of the IDT", "idt"),
    GDT("that part of the GDT", "gdt"),
    LDT("that part of the LDT", "ldt"),
    TSS("that part of the TSS", "tss"),
    /** Those that the state does not have. */
    PAGES("that page", "pages"),
    LAPIC_ID("the LAPIC's ID, LDR and DFR", "lapic.registers.id"),
    LAPIC_SVR("the LAPIC's SVR", "lapic.registers.svr"),
    LAPIC_TPR("the LAPIC's TPR", "lapic.registers.tpr"),
    LAPIC_ISR("the LAPIC's ISR", "lapic.isr"),
    LAPIC_IRR("the LAPIC's IRR", "lapic.irr"),
    LAPIC_LVT0("the LAPIC's LVT0", "lapic.registers.lvt0"),
    LAPIC_TIMER("the LAPIC's timer", "lapic.registers.lvtTimer"),
    LAPIC_OTHER("other registers of the LAPIC", "lapic.registers"),
    DEADLINE("IA32_TSC_DEADLINE", "lapic.tscDeadline");

    private final String what;
    private final String field;

    Piece(String what, String field) {
        this.what = what;
        this.field = field;
    }

    /** That of a LAPIC's register. */
    public static Piece of(LapicRegister register) {
        return switch (register) {
            case ID, LOGICAL_DESTINATION, DESTINATION_FORMAT -> LAPIC_ID;
            case TASK_PRIORITY -> LAPIC_TPR;
            case SPURIOUS -> LAPIC_SVR;
            case LVT_LINT0 -> LAPIC_LVT0;
            case LVT_TIMER, TIMER_INITIAL_COUNT, TIMER_CURRENT_COUNT -> LAPIC_TIMER;
            case VERSION, ARBITRATION_PRIORITY, PROCESSOR_PRIORITY, ERROR_STATUS, LVT_CMCI, ICR_LOW, ICR_HIGH,
                    LVT_THERMAL, LVT_PERFORMANCE, LVT_LINT1, LVT_ERROR, TIMER_DIVIDE ->
                LAPIC_OTHER;
        };
    }

    /** Those of the master 8259, from {@link #MASTER_BASE} to {@link #MASTER_SPECIAL_MASK}. */
    public static List<Piece> ofMaster() {
        return List.copyOf(EnumSet.range(MASTER_BASE, MASTER_SPECIAL_MASK));
    }

    /** Those of the slave 8259, from {@link #SLAVE_BASE} to {@link #SLAVE_SPECIAL_MASK}. */
    public static List<Piece> ofSlave() {
        return List.copyOf(EnumSet.range(SLAVE_BASE, SLAVE_SPECIAL_MASK));
    }

    /** What it is, in a few words. */
    public String what() {
        return what;
    }

    /** Where it is in a state as JSON: a field of the state, or from {@link #ACTIVITY} on one of a vCPU. */
    public String field() {
        return field;
    }

    /** Whether it is of one vCPU. */
    public boolean isOfVcpu() {
        return ordinal() >= ACTIVITY.ordinal();
    }

    /** The word in text and JSON. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
