# As bench-pic-busy, with the interrupt controllers of apic.

        .set    RECORDS_OPENING,      1
        .set    APIC, 1
        .include "long64.inc"

main:
        call    install_idt
        call    program_apics
        call    report_ready
        .include "busy.inc"
