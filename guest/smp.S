# Several vCPUs: the first starts the others by INIT and SIPI, and all sleep in `sti; hlt` with one IDT. Each has a
# LAPIC, a stack and a mailbox of its own. The ordered GSIs are open at the IOAPIC, towards the vCPU that is named.

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

# Where the others arrive, each with its own stack and GS.
ap_main:
        sti
        hlt
        jmp     ap_main
