# As busy, and says when it opened last: whoever sees that change knows that it runs.

        .set    STAMPS_OPENING, 1
        .include "long64.inc"

main:
        call    install_idt
        call    program_pics
        call    report_ready
        .include "busy.inc"
