# Several vCPUs: the first starts the others by INIT and SIPI, and all sleep in `sti; hlt` with the same IDT. Each has
# its own LAPIC, stack and mailbox. The IOAPIC sends the requested GSIs to the requested vCPU.

        .set    APIC, 1
        .set    TAKES_NMI, 1
        .include "long64.inc"
        .include "tsc.inc"
        .include "smp.inc"

main:
        call    install_idt
        call    program_apics
        call    start_others
        call    report_ready
sleep:  sti
        hlt
        jmp     sleep

# The other vCPUs begin here, each with its own stack and GS.
ap_main:
        sti
        hlt
        jmp     ap_main
