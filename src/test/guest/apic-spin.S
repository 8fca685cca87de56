# As apic, but never asleep and with IF=0: whoever wants it open has to set the flag from outside.

        .set    APIC, 1
        .include "long64.inc"

main:
        call    install_idt
        call    program_apics
        call    report_ready
spinning:
        jmp     spinning
