# As apic, but spins with IF=0: a test sets IF from outside.

        .set    APIC, 1
        .include "long64.inc"

main:
        call    install_idt
        call    program_apics
        call    report_ready
spinning:
        jmp     spinning
