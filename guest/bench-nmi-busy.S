# As nmi, but never sleeps.

        .set    TAKES_NMI, 1
        .set    RECORDS_OPENING,      1
        .set    NEVER_OPENS, 1
        .include "long64.inc"

main:
        call    install_idt
        call    program_pics
        call    report_ready
        .include "busy.inc"
