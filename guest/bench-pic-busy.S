# As busy, but records when it last set IF, so the host can see that it runs.

        .set    RECORDS_OPENING,      1
        .include "long64.inc"

main:
        call    install_idt
        call    program_pics
        call    report_ready
        .include "busy.inc"
