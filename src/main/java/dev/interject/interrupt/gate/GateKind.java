package dev.interject.interrupt.gate;

import java.util.Locale;

/** The kinds of gates, each with the section of the manual that describes it. */
public enum GateKind {
    /** The ioctl that injects works with the irqchip. */
    REQUEST("api.rst, \"KVM_CREATE_IRQCHIP\", \"KVM_IRQ_LINE\", \"KVM_INTERRUPT\""),
    /** The GSI exists. */
    GSI("api.rst, \"KVM_IRQ_LINE\""),
    /** The GSI is routed to a controller or a message. */
    ROUTE("api.rst, \"KVM_SET_GSI_ROUTING\""),
    /** The line's level changes as the input's trigger mode requires. */
    WIRE("8259A data sheet, \"Edge and Level Triggered Modes\"; 82371 data sheet, \"ELCR\""),
    PIC_BASE("8259A data sheet, \"Initialization Command Words\", ICW2"),
    PIC_IRR("8259A data sheet, \"Interrupt Request Register\""),
    PIC_IMR("8259A data sheet, \"Operation Command Word 1\""),
    PIC_ISR("8259A data sheet, \"Fully Nested Mode\", \"Special Mask Mode\", \"The Special Fully Nested Mode\","
            + " \"End of Interrupt\""),
    CASCADE("8259A data sheet, \"Cascade Mode\""),
    SPURIOUS("8259A data sheet, \"Interrupt Sequence\" (a spurious level 7)"),
    LVT0("Intel SDM vol. 3A, \"Local Vector Table\""),
    /** The timer is armed. */
    TIMER("Intel SDM vol. 3A, \"APIC Timer\", \"TSC-Deadline Mode\""),
    /** The PIT is armed. */
    PIT("8254 data sheet, \"Programming the 8254\", \"Mode Definitions\""),
    LVT_TIMER("Intel SDM vol. 3A, \"APIC Timer\""),
    IOAPIC_MASK("82093AA data sheet, \"I/O Redirection Table Registers\", bit 16"),
    IOAPIC_MODE("82093AA data sheet, \"I/O Redirection Table Registers\", bits 10:8"),
    IOAPIC_REMOTE_IRR("82093AA data sheet, \"I/O Redirection Table Registers\", bit 14"),
    /** KVM has no interrupt of the clock whose EOI is still to come. */
    RTC("82093AA data sheet, \"I/O Redirection Table Registers\", bit 14"),
    /** A LAPIC of the machine has the ID, physical or logical, that the interrupt names. */
    APIC_ID("Intel SDM vol. 3A, \"Local APIC ID\", \"Logical Destination Mode\""),
    DESTINATION("Intel SDM vol. 3A, \"Determining IPI Destination\""),
    MESSAGE("Intel SDM vol. 3A, \"Message Signalled Interrupts\""),
    /** What an IPI makes a LAPIC deliver. */
    ICR("Intel SDM vol. 3A, \"Interrupt Command Register (ICR)\""),
    VECTOR("Intel SDM vol. 3A, \"Exception and Interrupt Vectors\""),
    LAPIC_ENABLE("Intel SDM vol. 3A, \"Enabling or Disabling the Local APIC\""),
    LAPIC_SVR("Intel SDM vol. 3A, \"Spurious-Interrupt Vector Register\""),
    LAPIC_TPR("Intel SDM vol. 3A, \"Task and Processor Priorities\""),
    LAPIC_ISR("Intel SDM vol. 3A, \"Signaling Interrupt Servicing Completion\""),
    LAPIC_IRR("Intel SDM vol. 3A, \"Interrupt Acceptance for Fixed Interrupts\""),
    ACTIVITY("Intel SDM vol. 3A, \"MP Initialization\"; api.rst, \"KVM_GET_MP_STATE\""),
    INTERRUPT_FLAG("Intel SDM vol. 3A, \"Masking Maskable Hardware Interrupts\""),
    SHADOW("Intel SDM vol. 2B, \"STI\"; vol. 3A, \"Masking Exceptions and Interrupts When Switching Stacks\""),
    EVENT_QUEUE("api.rst, \"KVM_GET_VCPU_EVENTS\""),
    WINDOW("api.rst, \"The kvm_run structure\", ready_for_interrupt_injection"),
    /** The handler of vector 2 is one for NMIs. */
    NMI_HANDLER("Intel SDM vol. 3A, \"Nonmaskable Interrupt (NMI)\""),
    NMI_MASK("Intel SDM vol. 3A, \"Handling Multiple NMIs\""),
    NMI_QUEUE("api.rst, \"KVM_NMI\""),
    IDT("Intel SDM vol. 3A, \"Interrupt Descriptor Table\", \"IDT Descriptors\""),
    GATE_TYPE("Intel SDM vol. 3A, \"IDT Descriptors\""),
    /** The limit of the vector table in real mode. */
    REAL_MODE_LIMIT("Intel SDM vol. 3B, \"Interrupt and Exception Handling\" (8086 emulation); vol. 2A, \"INT n\""),
    /** The selector of the handler's code segment. */
    CODE_SEGMENT("Intel SDM vol. 3A, \"Exception- or Interrupt-Handler Procedures\""),
    /** The type and privilege of the handler's code segment. */
    SEGMENT_RIGHTS("Intel SDM vol. 3A, \"Protection of Exception- and Interrupt-Handler Procedures\""),
    /** The TSS that a task gate names. */
    TASK("Intel SDM vol. 3A, \"Interrupt Tasks\", \"Task Switching\""),
    TSS_LIMIT("Intel SDM vol. 3A, \"TSS Descriptor\"; vol. 2A, \"INT n\""),
    /** The handler's stack in the TSS. */
    STACK("Intel SDM vol. 3A, \"Stack Switching in IA-32e Mode\", \"Interrupt Stack Table\""),
    /** The limit of the stack segment, outside long mode. */
    STACK_LIMIT("Intel SDM vol. 3A, \"Limit Checking\"; vol. 2A, \"INT n\""),
    /** The room for the stack frame: canonical address, pages. */
    STACK_PAGE("Intel SDM vol. 3A, \"Exception- or Interrupt-Handler Procedures\", \"64-Bit Mode Stack Frame\""),
    /** The handler's first instruction. */
    HANDLER_PAGE("Intel SDM vol. 3A, \"Access Rights\", \"Page-Fault Exceptions\""),
    /** The types of the segments that the handler's IRET loads. */
    RETURN_RIGHTS("Intel SDM vol. 2A, \"IRET/IRETD/IRETQ\""),
    /** What else the handler's IRET loads. */
    RETURN("Intel SDM vol. 2A, \"IRET/IRETD/IRETQ\"");

    private final String reference;

    GateKind(String reference) {
        this.reference = reference;
    }

    /** The word used in JSON. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The section of a manual that describes it. */
    public String reference() {
        return reference;
    }
}
