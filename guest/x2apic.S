# As apic, with the LAPIC in x2APIC mode: its registers are MSRs.

        .set    APIC, 1
        .set    X2APIC, 1
        .include "long64.inc"

main:
        call    install_idt
        call    program_apics
        call    report_ready
sleep:  sti
        hlt
        jmp     sleep
