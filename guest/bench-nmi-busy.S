# As nmi, but never asleep.

        .set    TAKES_NMI, 1
        .set    STAMPS_OPENING, 1
        .set    STAYS_CLOSED, 1
        .include "long64.inc"

main:
        call    install_idt
        call    program_pics
        call    report_ready
        .include "busy.inc"
