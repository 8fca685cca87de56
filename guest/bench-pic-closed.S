# As busy, but with IF=0 three quarters of the time, so that most injections wait for the interrupt window. A host that
# emulates ring 0 runs about 1024 instructions between two checks for interrupts; each stretch is longer.

        .set    RECORDS_OPENING,      1
        .set    OPEN_STRETCH, 520
        .set    CLOSED_STRETCH, 1560
        .include "long64.inc"

main:
        call    install_idt
        call    program_pics
        call    report_ready
        .include "busy.inc"
